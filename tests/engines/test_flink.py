"""Apache Flink: one JobManager, two TaskManagers, Python workers, each a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.flink_cluster import Cluster, flink_cluster
from tests.engines.running import crashveil, published

pytestmark = pytest.mark.engines


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with flink_cluster(tmp_path / "flink") as running:
        yield running


def test_flink_publishes_the_bytes_that_the_local_runner_publishes(
    cluster: Cluster, fleet: Path, local: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    told = crashveil(
        "run", fleet, "--output", tmp_path / "out", *cluster.options(), environment=environment
    )
    assert "2,000 reports" in told
    files, entries = published(local)
    assert len(entries) >= 2
    assert published(tmp_path / "out") == (files, entries)
