"""From files to scrubbed crashes: the stage in which personal data flows, and meets no barrier.

It ends with `signing`, which is fused with it. Each step hands on the `Tally`s of earlier ones
untouched, so that a pipeline's body reads as one line.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.policy import Policy
from schemas.records import (
    AnonymousCrash,
    CrashReport,
    Failure,
    FailureKind,
    RawReport,
    Stage,
    Tally,
    TallyName,
)
from transforms.aggregate import Pseudonyms
from transforms.anonymize import ScrubbedReport, identify, refusal
from transforms.exclude import exclusion
from transforms.keys import KeySource
from transforms.parse import parse_payload
from transforms.parse.times import parse_time
from transforms.ptransforms.guarding import tells_no_values
from transforms.ptransforms.metrics import tell, timed
from transforms.ptransforms.outputs import UNREAD
from transforms.ptransforms.tallying import rejected, tally_period
from transforms.read import InputItem, ReadBytes, items_of, read_item
from transforms.scrub import CacheUse, Scrubber, ScrubError, load_scrubber
from transforms.staging import InputStates
from transforms.storage import is_remote, read_bytes

_AT_A_TIME = 8
"""Items of a storage service whose files are read, and held in memory, at a time."""


class _Step(beam.DoFn):
    """Applies a function to each record, and hands tallies on."""

    def __init__(self, function: Callable[[Any], Iterable[Any]]) -> None:
        self._function = function

    @tells_no_values
    def process(self, element: Any) -> Iterable[Any]:
        """Yield the function's results for a record, a tally as it is."""
        return (element,) if isinstance(element, Tally) else self._function(element)


class _ReadStep(beam.DoFn):
    def __init__(self, policy: Policy, key: KeySource) -> None:
        self._policy, self._key = policy, key

    @cached_property
    def _states(self) -> InputStates:
        """What tells items apart: most bundles can be read whole, and need no key."""
        return InputStates(self._key.load(), self._policy.objections)

    @tells_no_values
    @timed("read")
    def process(self, chunk: bytes) -> Iterator[Any]:
        """Yield the reports in a chunk's files, and the states of items that cannot be read."""
        items = items_of(chunk)
        if not is_remote(items[0].file.path):
            for item in items:
                yield from self._reports(item, read_bytes)
            return
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            for item, read_ahead in self._read_ahead(items, pool):
                yield from self._reports(item, read_ahead)

    def _read_ahead(
        self, items: Iterable[InputItem], pool: ThreadPoolExecutor
    ) -> Iterator[tuple[InputItem, ReadBytes]]:
        """Yield each item with what gives its files, while the next items' files are read.

        An archive is unpacked by who takes it, so that of several only one is held unpacked.
        """
        waiting: deque[tuple[InputItem, ReadBytes]] = deque()
        for item in items:
            contents = {
                file.path: pool.submit(read_bytes, file.path)
                for file in (*item.sidecars, item.file)
                if file.size <= self._policy.limits.max_file_bytes
            }
            waiting.append((item, _results_of(contents)))
            if len(waiting) == _AT_A_TIME:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()

    def _reports(self, item: InputItem, read: ReadBytes) -> Iterator[Any]:
        for raw in read_item(item, self._policy.limits, read):
            if isinstance(raw, Failure):
                if raw.kind is FailureKind.UNREADABLE:
                    yield TaggedOutput(UNREAD, self._states.of(item))
                yield Tally(TallyName.READ)
                yield rejected(raw, parse_time(item.file.modified), self._policy)
            else:
                yield raw


def _results_of(contents: dict[str, Future[bytes]]) -> ReadBytes:
    return lambda path: contents[path].result()


@dataclass
class Read(beam.PTransform[PCollection[bytes], Any]):
    """Read the files of each chunk of a `Listing`.

    Outputs: `RawReport`s, with tallies of what is unreadable; UNREAD, the states of items that
    storage did not give (`InputStates`), which may be there another time. Objects of a storage
    service are read several at a time, since each is mostly waited for.
    """

    policy: Policy
    key: KeySource

    def expand(self, chunks: PCollection[bytes]) -> Any:
        """Read the files of each chunk."""
        step = beam.ParDo(_ReadStep(self.policy, self.key))
        return chunks | step.with_outputs(UNREAD, main="raws")


@dataclass
class Parse(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Take the allowlisted facts out of each raw report: `CrashReport`s."""

    policy: Policy

    def expand(self, raws: PCollection[Any]) -> PCollection[Any]:
        """Parse the payloads by what they hold, whatever the file is called."""
        results: PCollection[Any] = raws | beam.ParDo(_Step(self._parse))
        return results

    @timed("parse")
    def _parse(self, raw: RawReport) -> Iterator[CrashReport | Tally]:
        for parsed in identify(raw.payload, parse_payload(raw, self.policy.limits)):
            yield Tally(TallyName.READ)
            if isinstance(parsed, Failure):
                yield rejected(parsed, raw.received_at, self.policy)
            else:
                yield parsed


class _ExcludeStep(beam.DoFn):
    def __init__(self, policy: Policy, key: KeySource) -> None:
        self._policy, self._key = policy, key

    def setup(self) -> None:
        """Make the hashing of this process."""
        self._pseudonyms = Pseudonyms(
            self._key.load(), self._policy.reports_without_install_are_distinct
        )

    @tells_no_values
    @timed("exclude")
    def process(
        self, element: CrashReport | Tally
    ) -> Iterator[CrashReport | AnonymousCrash | Tally]:
        """Yield the report; or why it is left out, and what takes it out if it came before."""
        if isinstance(element, Tally):
            yield element
        elif reason := exclusion(element, self._policy, self._pseudonyms):
            yield Tally(TallyName.EXCLUDED, reason)
            yield refusal(element, self._policy, self._pseudonyms)
        else:
            yield Tally(TallyName.ACCEPTED, "", 1, tally_period(element.received_at, self._policy))
            yield element


@dataclass
class Exclude(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Drop, before anything is counted, the reports of who refused or objected (P14)."""

    policy: Policy
    key: KeySource

    def expand(self, reports: PCollection[Any]) -> PCollection[Any]:
        """Hand on the reports of everybody else."""
        results: PCollection[Any] = reports | beam.ParDo(_ExcludeStep(self.policy, self.key))
        return results


class _ScrubStep(beam.DoFn):
    def __init__(self, policy: Policy) -> None:
        self._policy, self._shared = policy, Shared()

    def setup(self) -> None:
        """Load the scrubber once a process."""
        cache_bytes = self._policy.limits.max_scrub_cache_bytes
        self._scrubber: Scrubber = self._shared.acquire(
            lambda: load_scrubber(cache_bytes, self._policy.nlp)
        )

    def start_bundle(self) -> None:
        """Note how far the cache has counted."""
        self._use_before = self._scrubber.cache_use

    def finish_bundle(self) -> None:
        """Tell how often the cache helped since then."""
        for label, now, before in zip(
            CacheUse._fields, self._scrubber.cache_use, self._use_before, strict=True
        ):
            tell(Tally(TallyName.SCRUB_CACHE, label, now - before))

    @tells_no_values
    @timed("scrub")
    def process(
        self, element: CrashReport | AnonymousCrash | Tally
    ) -> Iterator[ScrubbedReport | AnonymousCrash | Tally]:
        """Yield the scrubbed report, or one rejection when the scrubber cannot finish (P13)."""
        if isinstance(element, Tally | AnonymousCrash):
            yield element
            return
        try:
            crash = self._scrubber.scrub_report(element)
        except ScrubError:
            failure = Failure(Stage.SCRUB, FailureKind.SCRUBBER_ERROR, element.format)
            yield rejected(failure, element.received_at, self._policy)
            return
        period = tally_period(element.received_at, self._policy)
        for entity, count in crash.redactions.items():
            yield Tally(TallyName.REDACTED, entity, count, period)
        yield ScrubbedReport(element, crash)


@dataclass
class Scrub(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Hide whatever names a person or a device: `ScrubbedReport`s, all text of them `Clean`."""

    policy: Policy

    def expand(self, reports: PCollection[Any]) -> PCollection[Any]:
        """Scrub every text of every report."""
        results: PCollection[Any] = reports | beam.ParDo(_ScrubStep(self.policy))
        return results
