"""A worker process that ends before it has connected fails the run, which would wait for ever."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, sys
from pipelines.cli import main

os.environ["PYTHONHOME"] = "/nowhere"  # no Python can start with it
sys.argv[1:] = ["run", "in", "--output", "out"]
sys.argv += ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]
main()
"""


def test_workers_that_cannot_start_fail_the_run(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_text(json.dumps({"format": "crashveil/1"}))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 4
    assert done.stderr.endswith(
        "crashveil: error: the pipeline failed (RuntimeError); no further period was published\n"
    )
