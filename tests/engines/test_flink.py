"""Apache Flink: one JobManager, two TaskManagers, Python workers, each a process of its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engines.flink_cluster import Cluster, flink_cluster
from tests.engines.running import crashveil
from tests.folders import tree

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
    wanted = tree(local)
    assert sum("/entries/" in name for name in wanted) >= 2
    assert tree(tmp_path / "out") == wanted


def test_a_task_manager_that_is_killed_in_mid_run_changes_nothing(
    cluster: Cluster, fleet: Path, local: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Flink begins the job again on the one that is left."""
    with ThreadPoolExecutor() as pool:
        arguments = ["run", fleet, "--output", tmp_path / "out", *cluster.options()]
        told = pool.submit(crashveil, *arguments, environment=environment)
        job = cluster.wait_until_reading(5)
        cluster.task_managers[0].kill()
        assert "2,000 reports" in told.result()
    assert cluster.failures(job)
    assert tree(tmp_path / "out") == tree(local)
