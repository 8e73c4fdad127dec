"""A worker process that ends before its time fails the run, which would wait for ever."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, sys
from pipelines.cli import main

os.environ["PYTHONPATH"] = "startup"  # for the worker processes
sys.argv[1:] = ["run", "in", "--output", "out"]
sys.argv += ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]
main()
"""
NONE_STARTS = "os._exit(1)"
ONE_STARTS_LATE = """
if os.environ["WORKER_ID"] == "worker_1":
    os._exit(1)
time.sleep(3)
"""
ENDS_AT_ITS_FIRST_REQUEST = """
from apache_beam.runners.worker.sdk_worker import SdkHarness
SdkHarness._request_process_bundle = lambda *_: os._exit(1)
"""


@pytest.mark.parametrize(
    "startup",
    [NONE_STARTS, ONE_STARTS_LATE, ENDS_AT_ITS_FIRST_REQUEST],
    ids=["none starts", "one starts late", "they end at their first request"],
)
def test_workers_that_end_before_their_time_fail_the_run(tmp_path: Path, startup: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_text(json.dumps({"format": "crashveil/1"}))
    (tmp_path / "startup").mkdir()
    (tmp_path / "startup" / "sitecustomize.py").write_text(f"import os, time\n{startup}")
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
