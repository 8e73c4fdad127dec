"""Minidumps as rust-minidump's own tool reads them, beside what this project reads.

`make test-stackwalk` installs the tool and runs this; elsewhere it is skipped.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import parse_payload
from transforms.parse.stackwalk import frames_of, reason_of

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.corpus

# Named by their numbers there, and by their names here: an exception of Objective-C, and the kind
# of a fail-fast, which stands in a parameter.
OTHERWISE_NAMED = {"unknown 0x43506e78 / 0x00000000", "unknown 0x00000000 / 0x00000000"}


@pytest.fixture(scope="module")
def tool() -> str:
    folder = REPOSITORY / ".venv" / "cargo" / "bin"
    path = shutil.which("minidump-stackwalk", path=f"{folder}{os.pathsep}{os.environ['PATH']}")
    if path is None:
        pytest.skip("no minidump-stackwalk here: make test-stackwalk installs it where cargo is")
    return path


def test_reason_and_first_frame_agree_on_every_minidump_that_both_read(
    tool: str, corpus: Path
) -> None:
    compared = 0
    for path in sorted((corpus / "minidump").iterdir()):
        done = subprocess.run([tool, "--json", str(path)], capture_output=True, check=False)
        (ours,) = parse_payload(RawReport(path.name, path.read_bytes()), Limits())
        if done.returncode != 0 or not isinstance(ours, CrashReport):
            assert done.returncode != 0, path.name
            assert not isinstance(ours, CrashReport), path.name
            continue
        theirs = json.loads(done.stdout)
        first = next(iter(frames_of(theirs, 1)), None)
        if first is not None and ours.frames:
            assert (ours.frames[0].module, ours.frames[0].offset) == (first.module, first.offset)
        reason = reason_of(theirs)
        if reason is not None and ours.reason is not None and reason not in OTHERWISE_NAMED:
            assert reason.startswith(ours.reason), path.name
        compared += 1
    assert compared > 50
