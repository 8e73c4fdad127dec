"""Runs that are killed at random moments: the next one leaves one whole release, the same one."""

import json
import multiprocessing
import random
import time
from datetime import date
from pathlib import Path

import pytest

from pipelines.batch import Run
from pipelines.inputs import find_items
from schemas.policy import Policy
from tests.folders import tree
from tests.privacy.preloaded import run_to_the_end
from transforms.publish import LocalFileSystem, published_paths, read_entries
from transforms.read import Listing

PERIODS = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    events = [
        {
            "format": "crashveil/1",
            "report_id": f"{day}-{install}",
            "install_id": f"{install}",
            "received_at": f"2026-01-{day + 1:02}T10:00:00Z",
            "product": "Paint",
            "version": "1.0",
            "frames": [{"module": "libpaint.so", "function": "draw"}],
        }
        for day in range(PERIODS)
        for install in range(12)
    ]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_text("\n".join(map(json.dumps, events)))
    return tmp_path


def run_of(folder: Path, output: str) -> Run:
    items = Listing(find_items([str(folder / "in")]))
    return Run(items, str(folder / output), Policy(name="test"), date(2100, 1, 1))


def run_for(run: Run, seconds: float | None) -> float:
    """Do a run in a process of its own, killed after some seconds; return how long it took."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.privacy.preloaded"])
    process = context.Process(target=run_to_the_end, args=(run,))
    begun = time.monotonic()
    process.start()
    process.join(seconds)
    process.kill()
    process.join()
    return time.monotonic() - begun


@pytest.mark.parametrize(
    "kills", [4, pytest.param(100, marks=pytest.mark.audit)], ids=["a few", "a hundred"]
)
def test_after_any_kill_the_next_run_leaves_the_one_release(folder: Path, kills: int) -> None:
    run_for(run_of(folder, "warm-up"), None)
    whole_takes = run_for(run_of(folder, "whole"), None)
    whole = tree(folder / "whole")
    assert len(read_entries(LocalFileSystem(folder / "whole"))) == PERIODS
    draw = random.Random(kills)  # noqa: S311 - not for secrets
    interrupted = 0
    for number in range(kills):
        name = f"killed-{number}"
        run_for(run_of(folder, name), draw.uniform(0.2, 1.0) * whole_takes)
        output = LocalFileSystem(folder / name)
        for paths in published_paths(output).values():
            assert all(output.read(path) == whole[path] for path in paths)
        interrupted += tree(folder / name) != whole
        run_for(run_of(folder, name), None)
        assert tree(folder / name) == whole
    assert interrupted > 0
