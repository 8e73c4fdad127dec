"""Beam's Prism, a runner in a process of its own that talks to workers as clusters do."""

from pathlib import Path

import pytest

from tests.engines.running import crashveil
from tests.engines.servers import program
from tests.folders import tree

pytestmark = pytest.mark.engines


def test_prism_publishes_the_bytes_that_the_local_runner_publishes(
    fleet: Path, local: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    told = crashveil(
        "run",
        fleet,
        "--output",
        tmp_path / "out",
        "--runner=PrismRunner",
        f"--prism_location={program('prism')}",
        "--environment_type=LOOPBACK",
        environment=environment,
    )
    assert "2,000 reports" in told
    wanted = tree(local)
    assert sum("/entries/" in name for name in wanted) >= 2
    assert tree(tmp_path / "out") == wanted
