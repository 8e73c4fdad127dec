"""Event time on engines that clusters have: the same stream as a test source, and one batch run.

The source is Beam's TestStream: messages published in order, late, twice, and a watermark.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.coders import BytesCoder
from apache_beam.io.gcp.pubsub import PubsubMessage
from apache_beam.testing import test_stream
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from pipelines.batch import Run, run_batch
from pipelines.engine import run_pipeline
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from pipelines.stream import build
from schemas.policy import Policy
from schemas.records import TallyName
from tests.engines.flink_cluster import job_server
from tests.engines.running import streamed
from tests.engines.servers import program
from tests.generic_reports import generic_report
from transforms.keys import KeySource
from transforms.read import Listing

pytestmark = [
    pytest.mark.engines,
    # A worker's threads end with an exception when the engine hangs up.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

POLICY, KEY = Policy(name="test"), KeySource(bytes(range(32)))
LATENESS = timedelta(hours=6)


@contextmanager
def prism(_: Path) -> Iterator[list[str]]:
    yield ["--runner=PrismRunner", f"--prism_location={program('prism')}"]


@contextmanager
def flink(folder: Path) -> Iterator[list[str]]:
    with job_server(folder) as port:
        yield ["--runner=PortableRunner", f"--job_endpoint=127.0.0.1:{port}", "--parallelism=1"]


def at(day: int, hour: int) -> Timestamp:
    return Timestamp(datetime(2026, 1, day, hour, tzinfo=UTC).timestamp())


def report(day: int, install: int) -> bytes:
    return json.dumps(generic_report(day, install)).encode()


def source() -> test_stream.TestStream:
    """Twelve installations on the fifth and eleven on the sixth; two come twice, three too late."""

    def messages(when: Timestamp, day: int, installs: range) -> list[TimestampedValue]:
        return [TimestampedValue(report(day, install), when) for install in installs]

    return (
        test_stream.TestStream(coder=BytesCoder())
        .with_output_types(bytes)
        .advance_watermark_to(at(5, 9))
        .add_elements(messages(at(5, 11), 5, range(6, 12)))
        .add_elements(messages(at(5, 12), 5, range(7, 9)))
        .advance_watermark_to(at(6, 1))
        .add_elements(messages(at(6, 2), 6, range(11)))
        .add_elements(messages(at(6, 3), 5, range(6)))
        .advance_watermark_to(at(6, 7))
        .add_elements(messages(at(6, 8), 5, range(20, 23)))
        .advance_watermark_to(at(7, 7))
        .advance_watermark_to_infinity()
    )


def run_of(listing: Listing, output: Path) -> Run:
    return Run(listing, str(output), POLICY, date(2100, 1, 1), KEY)


@pytest.mark.parametrize("engine", [prism, flink])
def test_a_stream_publishes_the_bytes_that_a_batch_run_publishes(
    engine: Callable[[Path], AbstractContextManager[list[str]]], tmp_path: Path
) -> None:
    reports = [report(5, install) for install in [*range(12), 7, 8]]
    reports += [report(6, install) for install in range(11)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_bytes(b"\n".join(reports))
    listing = Listing(find_items([str(tmp_path / "in")]))
    run_batch(run_of(listing, tmp_path / "batch"), split_arguments([])[1])

    def add(pipeline: beam.Pipeline) -> None:
        messages = pipeline | source() | beam.Map(lambda payload: PubsubMessage(payload, {}))
        build(messages, run_of(Listing(), tmp_path / "out"), LATENESS)

    with engine(tmp_path / "engine") as named:
        options = ["--streaming", "--environment_type=LOOPBACK", *named]
        told = run_pipeline(add, split_arguments(options)[1])
    assert told.of(TallyName.READ) == {"": len(reports) + 3}
    assert told.of(TallyName.DUPLICATE) == {"": 2}
    assert told.of(TallyName.LATE) == {"": 3}
    assert streamed(tmp_path / "out") == streamed(tmp_path / "batch")
