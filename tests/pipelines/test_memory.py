"""Whether freed memory goes back to the system."""

import platform
import subprocess
import sys

import pytest

HOLD_AND_FREE = """
import sys
from pathlib import Path
from pipelines.memory import give_back_freed_memory

if sys.argv[1] == "give back":
    give_back_freed_memory()
MEBIBYTE = 1 << 20
del [bytes(30 * MEBIBYTE)][:]  # the C library learns that such blocks come and go
blocks, kept = [], []
for _ in range(20):
    blocks.append(b"x" * (10 * MEBIBYTE))
    kept.append(b"x" * 100_000)
blocks.clear()
print(int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // MEBIBYTE)
"""


def mebibytes_after(mode: str) -> int:
    run = subprocess.run(
        [sys.executable, "-c", HOLD_AND_FREE, mode],
        capture_output=True,
        check=True,
        env={},
        text=True,
    )
    return int(run.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the GNU C library alone")
def test_freed_blocks_go_back_though_smaller_ones_lie_behind_them() -> None:
    assert mebibytes_after("keep") > 150
    assert mebibytes_after("give back") < 60
