"""The stream on a real Pub/Sub server: nothing lost, nothing doubled, released at the close.

In this process by Beam's own reader, on other engines by crashveil's.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engines.counted import Fleet, released
from tests.engines.flink_cluster import Cluster, flink_cluster
from tests.engines.pubsub import Topic, batch_of, yesterday
from tests.engines.running import streamed
from tests.engines.servers import program

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def cluster(topic: Topic, tmp_path: Path) -> Iterator[Cluster]:  # noqa: ARG001 - workers read it
    with flink_cluster(tmp_path / "flink") as running:
        yield running


def test_what_is_published_is_counted_once_and_released_at_the_close(
    topic: Topic, tmp_path: Path
) -> None:
    fleet = Fleet((yesterday(),), 270)
    with topic.stream(tmp_path / "out", 90) as stream:
        topic.publish(fleet.uploads(stream.day))
        stream.wait_for_release(200)
    stream_says, wanted = released(tmp_path / "out"), fleet.wanted()
    assert stream_says.by_version == wanted.by_version
    assert stream_says.reports == wanted.reports


def test_a_stream_on_prism_publishes_the_bytes_that_a_batch_run_publishes(
    topic: Topic, tmp_path: Path
) -> None:
    fleet = Fleet((yesterday(),), 1_350)
    options = ["--runner=PrismRunner", f"--prism_location={program('prism')}"]
    with topic.stream(tmp_path / "out", 60, *options, "--environment_type=LOOPBACK") as stream:
        uploads = fleet.uploads(stream.day)
        topic.publish(uploads, seconds=20)
        stream.wait_for_release(300)
    assert released(tmp_path / "out") == fleet.wanted()
    assert streamed(tmp_path / "out") == streamed(batch_of(uploads, tmp_path / "batch"))


def test_a_stream_on_flink_publishes_the_bytes_that_a_batch_run_publishes(
    cluster: Cluster, topic: Topic, tmp_path: Path
) -> None:
    fleet = Fleet((yesterday(),), 1_350)
    with topic.stream(tmp_path / "out", 120, *cluster.options()) as stream:
        uploads = fleet.uploads(stream.day)
        topic.publish(uploads, seconds=20)
        stream.wait_for_release(400)
    assert cluster.checkpoints(cluster.only_job())["completed"] > 0
    assert released(tmp_path / "out") == fleet.wanted()
    assert streamed(tmp_path / "out") == streamed(batch_of(uploads, tmp_path / "batch"))


def test_a_task_manager_that_is_killed_in_mid_stream_loses_and_doubles_nothing(
    cluster: Cluster, topic: Topic, tmp_path: Path
) -> None:
    """Flink goes on from a checkpoint. What came after it is delivered again, and read once more.

    So a release may name more reports read than a batch run's, and is the same otherwise.
    """
    fleet = Fleet((yesterday(),), 1_350)
    with (
        topic.stream(tmp_path / "out", 300, *cluster.options()) as stream,
        ThreadPoolExecutor() as pool,
    ):
        uploads = fleet.uploads(stream.day)
        cluster.wait_for_checkpoints(2)
        told = pool.submit(topic.publish, uploads, seconds=40)
        cluster.wait_for_checkpoints(4)
        assert not told.done(), "all was published before a TaskManager could be killed"
        cluster.task_managers[0].kill()
        told.result()
        stream.wait_for_release(900)
    assert cluster.failures(cluster.only_job())
    assert cluster.checkpoints(cluster.only_job())["restored"] > 0
    stream_says, wanted = released(tmp_path / "out"), fleet.wanted()
    assert stream_says.by_version == wanted.by_version
    assert stream_says.by_signature == wanted.by_signature
    assert stream_says.reports[stream.day] >= wanted.reports[stream.day]
    assert tables(tmp_path / "out") == tables(batch_of(uploads, tmp_path / "batch"))


def tables(output: Path) -> dict[str, bytes]:
    """Return the files of all tables but the one that tells of the release."""
    files, _ = streamed(output)
    return {
        name: content
        for name, content in files.items()
        if name.endswith(".parquet") and not name.startswith("releases/")
    }
