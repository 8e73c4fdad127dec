"""The stream: a period is released once, at its close; what is late is counted, nothing is lost."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import apache_beam as beam
import pyarrow.parquet as pq
import pytest
from apache_beam.io.gcp.pubsub import PubsubMessage
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing import test_stream
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from pipelines.batch import Run, run_batch
from pipelines.engine import run_pipeline
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from pipelines.stream import build
from pipelines.summary import Tallies
from schemas.policy import Policy
from schemas.records import TallyName
from tests.folders import tree
from tests.generic_reports import generic_report
from tests.keys import KEY
from transforms.ptransforms import metrics
from transforms.read import Listing

LATENESS = timedelta(hours=6)
POLICY = Policy(name="test")
Step = Callable[[test_stream.TestStream], test_stream.TestStream]


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def messages(when: datetime, reports: list[dict[str, Any]]) -> Step:
    """Reports that are published at one time."""
    elements = [
        TimestampedValue(PubsubMessage(json.dumps(each).encode(), {}), Timestamp(when.timestamp()))
        for each in reports
    ]
    return lambda stream: stream.add_elements(elements)


def watermark(when: datetime) -> Step:
    return lambda stream: stream.advance_watermark_to(Timestamp(when.timestamp()))


def idle(seconds: int) -> Step:
    return lambda stream: stream.advance_processing_time(seconds)


class Recorded:
    """A counter that counts here: this runner forgets all but a step's first bundle (Beam 2.77)."""

    counts: ClassVar[Counter[tuple[TallyName, str]]] = Counter()

    def __init__(self, name: TallyName, label: str) -> None:
        self._key = (name, label)

    def inc(self, count: int) -> None:
        self.counts[self._key] += count


@pytest.fixture(autouse=True)
def _recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_counter", Recorded)


def stream(output: Path, *steps: Step) -> Tallies:
    Recorded.counts.clear()
    source = test_stream.TestStream()
    for step in steps:
        source = step(source)
    source = source.advance_watermark_to_infinity()
    run = Run(Listing(), str(output), POLICY, date(2100, 1, 1), KEY)

    def add(pipeline: beam.Pipeline) -> None:
        build(pipeline | source, run, LATENESS)

    options = PipelineOptions(["--runner=BundleBasedDirectRunner", "--streaming"])
    run_pipeline(add, options)
    return Tallies(dict(Recorded.counts))


def test_a_stream_that_is_drained_does_not_release_the_open_period(tmp_path: Path) -> None:
    """A drain moves the watermark to the end of time, and so fires every window."""
    now = datetime.now(UTC)
    today = [
        generic_report(1, install) | {"received_at": now.isoformat().replace("+00:00", "Z")}
        for install in range(12)
    ]
    tallies = stream(tmp_path, messages(now, today))
    assert tallies.of(TallyName.HELD_BACK) == {"period_open": 12}
    assert tallies.of(TallyName.RELEASED) == {}
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.fixture
def batch(tmp_path: Path) -> dict[str, bytes]:
    """What a batch run publishes of twelve crashes on the fifth and eleven on the sixth."""
    reports = [generic_report(5, install) for install in range(12)]
    reports += [generic_report(6, install) for install in range(11)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_text("\n".join(map(json.dumps, reports)))
    items = Listing(find_items([str(tmp_path / "in")]))
    run_batch(
        Run(items, str(tmp_path / "batch"), POLICY, date(2100, 1, 1), KEY), split_arguments([])[1]
    )
    return tree(tmp_path / "batch")


def test_a_stream_publishes_the_bytes_that_a_batch_run_publishes(
    batch: dict[str, bytes], tmp_path: Path
) -> None:
    """In any order, with gaps, with messages that are delivered twice, over both periods."""
    fifth, sixth = [[generic_report(day, install) for install in range(12)] for day in (5, 6)]
    told = stream(
        tmp_path / "out",
        watermark(at(5, 9)),
        messages(at(5, 11), fifth[6:]),
        messages(at(5, 12), fifth[7:9]),
        idle(3_600),
        watermark(at(6, 1)),
        messages(at(6, 11), sixth[:11]),
        messages(at(6, 2), fifth[:6]),
        watermark(at(6, 7)),
        idle(60),
        messages(at(6, 12), sixth[:1]),
        watermark(at(7, 7)),
    )
    assert tree(tmp_path / "out") == batch
    assert told.of(TallyName.READ) == {"": 26}
    assert told.of(TallyName.DUPLICATE) == {"": 3}
    assert told.of(TallyName.PERIODS) == {"new": 2}
    assert not told.of(TallyName.LATE)


def test_a_report_published_within_the_lateness_is_on_time(tmp_path: Path) -> None:
    told = stream(
        tmp_path / "out",
        messages(at(5, 11), [generic_report(5, install) for install in range(9)]),
        watermark(at(6, 0)),
        messages(at(6, 5), [generic_report(5, 9)]),
        watermark(at(6, 7)),
    )
    assert told.of(TallyName.PERIODS) == {"new": 1}
    assert not told.of(TallyName.LATE)


def test_a_report_published_after_the_close_is_counted_and_changes_nothing(
    tmp_path: Path,
) -> None:
    on_time = messages(at(5, 11), [generic_report(5, install) for install in range(12)])
    stream(tmp_path / "without", on_time, watermark(at(6, 7)))
    told = stream(
        tmp_path / "with",
        on_time,
        watermark(at(6, 7)),
        messages(at(6, 8), [generic_report(5, 20), generic_report(5, 21)]),
        watermark(at(9, 0)),
        messages(at(9, 1), [generic_report(5, 22)]),
    )
    assert told.of(TallyName.LATE) == {"": 3}
    assert tree(tmp_path / "with") == tree(tmp_path / "without")


def test_a_message_that_the_engine_takes_for_late_is_counted_too(tmp_path: Path) -> None:
    """Published before the close, but delivered when the watermark has passed it."""
    told = stream(
        tmp_path / "out",
        messages(at(5, 11), [generic_report(5, install) for install in range(12)]),
        watermark(at(6, 7)),
        messages(at(5, 12), [generic_report(5, 20), generic_report(5, 21)]),
    )
    assert told.of(TallyName.PERIODS) == {"new": 1}
    assert told.of(TallyName.LATE) == {"": 2}


def test_a_source_that_stays_idle_still_releases_what_it_has(tmp_path: Path) -> None:
    told = stream(
        tmp_path / "out",
        messages(at(5, 11), [generic_report(5, install) for install in range(12)]),
        idle(100_000),
        watermark(at(6, 7)),
        idle(100_000),
    )
    assert told.of(TallyName.PERIODS) == {"new": 1}


def test_a_message_that_is_no_report_costs_one_count(tmp_path: Path) -> None:
    """What cannot be parsed and what cannot be opened both count in the period of their arrival."""

    def noise(source: test_stream.TestStream) -> test_stream.TestStream:
        when = Timestamp(at(5, 11).timestamp())
        payloads = [b"\x00\x01"] * 10 + [b"\x1f\x8b\x08broken"] * 20
        elements = [TimestampedValue(PubsubMessage(each, {}), when) for each in payloads]
        return source.add_elements(elements)

    told = stream(
        tmp_path / "out",
        noise,
        messages(at(5, 11), [generic_report(5, install) for install in range(10)]),
        watermark(at(6, 7)),
    )
    assert told.of(TallyName.REJECTED) == {"unknown_format": 10, "malformed": 20}
    assert told.of(TallyName.PERIODS) == {"new": 1}
    [file] = (tmp_path / "out").glob("releases/*/*.parquet")
    assert pq.read_table(file)["reports_rejected"][0].as_py() == [
        {"name": "malformed", "count": 20},
        {"name": "unknown_format", "count": 10},
    ]


@pytest.mark.parametrize("dated", ["9999-12-31T23:59:59Z", "2026-01-07T00:00:00Z"])
def test_what_is_dated_after_its_message_is_counted_and_the_stream_goes_on(
    tmp_path: Path, batch: dict[str, bytes], dated: str
) -> None:
    fifth, sixth = [[generic_report(day, install) for install in range(12)] for day in (5, 6)]
    told = stream(
        tmp_path / "out",
        messages(at(5, 12), [generic_report(5, 50) | {"received_at": dated}, *fifth]),
        messages(at(6, 12), sixth[:11]),
        watermark(at(7, 7)),
    )
    assert tree(tmp_path / "out") == batch
    assert told.of(TallyName.HELD_BACK) == {"period_ahead": 1}
