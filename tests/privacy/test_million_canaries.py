"""A million planted values, in as many simulated reports as that takes: none of them comes out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.leaks import everything_below, leaks, read_canaries

COMMAND = str(Path(sys.executable).parent / "crashveil")
REPORTS = 82_000
CANARIES = 1_000_000


@pytest.mark.audit
def test_none_of_a_million_planted_values_comes_out(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    told = b""
    for arguments in (
        ["simulate", "--reports", str(REPORTS), "--seed", "77", "--output", tmp_path / "raw"],
        ["run", tmp_path / "raw", "--output", tmp_path / "published"],
    ):
        done = subprocess.run(
            [COMMAND, *map(str, arguments)],
            capture_output=True,
            env=os.environ | {"TMPDIR": str(scratch)},
            timeout=3_600,
            check=True,
        )
        told += done.stdout + done.stderr
    canaries = read_canaries(tmp_path / "canaries.jsonl")
    assert len({canary.value for canary in canaries}) >= CANARIES
    left = b"\n".join([everything_below(tmp_path / "published"), everything_below(scratch), told])
    assert b"crashes_by_version_os" in left
    planted = canaries[len(canaries) // 2]
    assert leaks(left + planted.value.encode(), canaries) == [planted]
