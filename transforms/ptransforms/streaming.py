"""What a stream needs beside the batch steps: messages in, and a window for each period.

A report's window is decided by itself, not by the watermark: it is on time when its message was
published before its period's close, which is the period's end and a fixed time after it. It is then
moved to just before the close, so an engine fires the period's window once, at the close. What the
engine itself takes for late comes in a later pane and is counted there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import apache_beam as beam
from apache_beam.io.gcp.pubsub import PubsubMessage
from apache_beam.pvalue import PCollection
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, AfterWatermark
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from schemas.policy import Policy
from schemas.records import Failure, PackedCrashes, RawReport, Tally, TallyName
from transforms.aggregate import period_of
from transforms.ptransforms.guarding import tells_no_values
from transforms.ptransforms.metrics import tell, timed
from transforms.ptransforms.tallying import rejected
from transforms.read.messages import read_message

_DAY = 86_400
_SOME_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""All periods close at the same offset, so any of them tells it."""
_BEFORE_CLOSE = 0.001
_MOST_AHEAD = Duration(seconds=_DAY)
"""By how much a clock may be wrong. A window far ahead would be held by the engine until then."""
_COUNTED_LATE = Duration(seconds=30 * _DAY)
"""How long a window is remembered, so that what comes late is counted and not lost unseen."""


@dataclass
class ReadMessages(beam.PTransform[PCollection[PubsubMessage], PCollection[Any]]):
    """Read what messages bring: `RawReport`s, and tallies of what could not be read.

    A message is a dump, its attributes being annotations; or tells of a new object in Cloud
    Storage, which is then read, with the JSON file of the same stem if there is one.
    """

    policy: Policy

    def expand(self, messages: PCollection[PubsubMessage]) -> PCollection[Any]:
        """Read each message."""
        read: PCollection[Any] = messages | beam.ParDo(_ReadMessageStep(self.policy))
        return read


class _ReadMessageStep(beam.DoFn):
    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    @tells_no_values
    @timed("read")
    def process(
        self, message: PubsubMessage, published: Any = beam.DoFn.TimestampParam
    ) -> Iterator[RawReport | Tally]:
        """Yield the report of a message, or those of the object that it tells of."""
        received_at = published.to_utc_datetime().replace(tzinfo=UTC)
        attributes = dict(message.attributes or {})
        limits = self._policy.limits
        for raw in read_message(message.data or b"", attributes, received_at, limits):
            if isinstance(raw, Failure):
                yield Tally(TallyName.READ)
                yield rejected(raw, received_at, self._policy)
            else:
                yield raw


@dataclass
class IntoPeriods(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Bring what is of a period into that period's window.

    What is late is counted and dropped, and so is what begins a day or more after its message was
    published. `lateness` is the time from a period's end to its close.
    """

    policy: Policy
    lateness: timedelta

    def expand(self, records: PCollection[Any]) -> PCollection[Any]:
        """Place each record, then window them."""
        size = self.policy.period_days * _DAY
        some_period = period_of(_SOME_TIME, self.policy.period_days)
        windows = FixedWindows(size, offset=self._close(some_period) % size)
        placed: PCollection[Any] = (
            records
            | "Place" >> beam.ParDo(_PlaceStep(self._close))
            | "Window"
            >> beam.WindowInto(
                windows,
                trigger=AfterWatermark(late=AfterCount(1)),
                accumulation_mode=AccumulationMode.DISCARDING,
                allowed_lateness=_COUNTED_LATE,
            )
        )
        return placed

    def _close(self, period: str) -> float:
        """Return when a period closes, in seconds since 1970."""
        return _start(period) + self.policy.period_days * _DAY + self.lateness.total_seconds()


class _PlaceStep(beam.DoFn):
    def __init__(self, close: Callable[[str], float]) -> None:
        self._close = close

    def process(self, record: Any, published: Any = beam.DoFn.TimestampParam) -> Iterator[Any]:
        """Yield a record just before its period's close; count crashes that are not placed."""
        if not record.period:
            return
        if _start(record.period) > published + _MOST_AHEAD:
            _tell_crashes(record, TallyName.HELD_BACK, "period_ahead")
            return
        close = Timestamp(self._close(record.period))
        if published < close:
            yield TimestampedValue(record, close - _BEFORE_CLOSE)
        else:
            _tell_crashes(record, TallyName.LATE, "")


def _start(period: str) -> float:
    """Return when a period begins, in seconds since 1970."""
    return datetime.fromisoformat(period).replace(tzinfo=UTC).timestamp()


def _tell_crashes(record: Any, name: TallyName, label: str) -> None:
    if isinstance(record, PackedCrashes) and record.count:
        tell(Tally(name, label, record.count))
