"""Whether memory is collected as seldom as is good, and goes back to the system once it is free."""

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

MAKE_OBJECTS = """
import gc, sys
from contextlib import suppress
from pipelines.__main__ import main

if sys.argv[1:]:
    with suppress(SystemExit):
        main()
class InCycle:
    alive = 0
    def __init__(self):
        self.itself = self
        InCycle.alive += 1
    def __del__(self):
        InCycle.alive -= 1
before = sum(each["collections"] for each in gc.get_stats())
kept = [[] for _ in range(40_000)]
after = sum(each["collections"] for each in gc.get_stats())
for _ in range(200_000):
    InCycle()
print(after - before, InCycle.alive)
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


def collections_and_survivors(*command: str) -> tuple[int, int]:
    run = subprocess.run(
        [sys.executable, "-c", MAKE_OBJECTS, *command], capture_output=True, check=True, text=True
    )
    collections, survivors = run.stdout.split()[-2:]
    return int(collections), int(survivors)


def test_a_command_looks_for_garbage_rarely_and_finds_it() -> None:
    collections, _ = collections_and_survivors()
    assert collections > 40, "Python itself looks often, or this test tells nothing"
    collections, survivors = collections_and_survivors("--version")
    assert collections <= 1
    assert survivors < 100_000
