"""What a stream needs beside the batch steps: messages in, and a window for each period.

A report's window is decided by itself, not by the watermark: it is on time when its message was
published before its period's close, which is the period's end and a fixed time after it. It is then
moved to just before the close, so an engine fires the period's window once, at the close. What the
engine itself takes for late comes in a later pane and is counted there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import apache_beam as beam
from apache_beam.io.gcp.pubsub import PubsubMessage
from apache_beam.pvalue import PCollection
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, AfterWatermark
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from schemas.policy import Policy
from schemas.records import (
    Failure,
    FailureKind,
    PackedCrashes,
    RawReport,
    Stage,
    Tally,
    TallyName,
)
from transforms.aggregate import period_of
from transforms.cloud_storage import list_objects
from transforms.parse import recognized_format, socorro_raw
from transforms.ptransforms.guarding import tells_no_values
from transforms.ptransforms.metrics import tell, timed
from transforms.ptransforms.tallying import rejected
from transforms.read import (
    InputFile,
    InputItem,
    is_document,
    opened,
    pair_sidecars,
    prefix_of_family,
    read_item,
)
from transforms.storage import read_bytes

_DAY = 86_400
_BEFORE_CLOSE = 0.001
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
        for raw in self._reports(message.data or b"", attributes, received_at):
            if isinstance(raw, Failure):
                yield Tally(TallyName.READ)
                yield rejected(raw, received_at, self._policy)
            elif not _is_sidecar(raw):
                yield raw

    def _reports(
        self, payload: bytes, attributes: dict[str, str], received_at: datetime
    ) -> Iterator[RawReport | Failure]:
        event = attributes.get("eventType")
        if event is None:
            message = RawReport("message", payload, received_at, attributes)
            yield from opened(message, self._policy.limits)
        elif event == "OBJECT_FINALIZE":
            url = f"gs://{attributes.get('bucketId')}/{attributes.get('objectId')}"
            try:
                item = _item(url, received_at)
            except OSError:
                yield Failure(Stage.READ, FailureKind.UNREADABLE)
                return
            yield from read_item(item, self._policy.limits, read_bytes)


def _item(url: str, received_at: datetime) -> InputItem:
    """Return a new object with the sidecars beside it, which must be there before it."""
    dump = InputFile(url, url, 0, received_at.timestamp())
    if is_document(url):
        return InputItem(dump)
    found = list_objects(prefix_of_family(url))
    family = [InputFile(path, path, size, modified) for path, size, modified in found]
    beside = [each for each in family if is_document(each.path)]
    size = next((each.size for each in family if each.path == url), 0)
    item = next(each for each in pair_sidecars([*beside, dump]) if each.file == dump)
    return replace(item, file=replace(dump, size=size))


def _is_sidecar(raw: RawReport) -> bool:
    """Tell a dump's annotations, which come as an object of their own; so does Socorro's raw crash.

    A raw crash that has a stack itself has no dump.
    """
    if not is_document(raw.source):
        return False
    found = recognized_format(raw.payload)
    has_stack = any(name in raw.payload for name in (b'"JavaStackTrace"', b'"JavaException"'))
    return found is None or (found == socorro_raw.FORMAT and not has_stack)


@dataclass
class IntoPeriods(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Bring what is of a period into that period's window; what is late is counted and dropped.

    `lateness` is the time from a period's end to its close.
    """

    policy: Policy
    lateness: timedelta

    def expand(self, records: PCollection[Any]) -> PCollection[Any]:
        """Place each record, then window them."""
        size = self.policy.period_days * _DAY
        windows = FixedWindows(size, offset=self._close(_FIRST_PERIOD) % size)
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
        start = datetime.fromisoformat(period_start(period, self.policy)).replace(tzinfo=UTC)
        return (start + timedelta(days=self.policy.period_days) + self.lateness).timestamp()


_FIRST_PERIOD = "1970-01-01"


def period_start(day: str, policy: Policy) -> str:
    """Return the first day of the period that a day (ISO) lies in."""
    noon = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return period_of(noon, policy.period_days)


class _PlaceStep(beam.DoFn):
    def __init__(self, close: Any) -> None:
        self._close = close

    def process(self, record: Any, published: Any = beam.DoFn.TimestampParam) -> Iterator[Any]:
        """Yield a record just before its period's close; count crashes that come after it."""
        if not record.period:
            return
        close = Timestamp(self._close(record.period))
        if published < close:
            yield TimestampedValue(record, close - _BEFORE_CLOSE)
        elif isinstance(record, PackedCrashes) and record.count:
            tell(Tally(TallyName.LATE, "", record.count))
