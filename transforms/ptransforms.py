"""The Beam wrappers, all of them, each thin around a pure function of another module.

Records before `Sign` are personal data: they flow within one fused stage and meet neither a barrier
nor a coder. Each of those steps hands on the `Tally`s of earlier ones untouched, so that a
pipeline's body reads as one line.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsDict, AsIter, PCollection, TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.policy import Limits, Policy
from schemas.records import (
    AnonymousCrash,
    Cell,
    Clean,
    CleanFrame,
    CrashReport,
    Failure,
    FailureKind,
    RawReport,
    Stage,
    Tally,
    TallyName,
)
from transforms.aggregate import CellCount, Contribution, Pseudonyms, contributions, is_closed
from transforms.anonymize import ScrubbedReport, SignedCrash, identify, sign
from transforms.parse import parse_payload
from transforms.progress import ProgressWriter
from transforms.publish import Release, TableRelease, publish, releases_rows
from transforms.read import InputItem, read_item
from transforms.release import ReleasedCell, release, row_of, strings_of, withheld
from transforms.scrub import ScrubError, Scrubber, load_scrubber
from transforms.storage import read_bytes

METRICS_NAMESPACE = "crashveil"
TALLIES, STACKS = "tallies", "stacks"

Element = TypeVar("Element")
CellKey = tuple[str, str, tuple[Clean, ...]]
Stack = tuple[bytes, tuple[CleanFrame, ...]]


class _Step(beam.DoFn):
    """Applies a function to each record, and hands tallies on."""

    def __init__(self, function: Callable[[Any], Iterable[Any]]) -> None:
        super().__init__()
        self._function = function

    def process(self, element: Any) -> Iterable[Any]:  # noqa: ANN401 - a record or a Tally
        """Yield the function's results for a record, a tally as it is."""
        return (element,) if isinstance(element, Tally) else self._function(element)


def _rejected(failure: Failure) -> Tally:
    return Tally(TallyName.REJECTED, failure.kind.value)


@dataclass
class Read(beam.PTransform[InputItem, Any]):
    """Read each item's files: `RawReport`s, and what could not be read as tallies."""

    limits: Limits

    def expand(self, items: PCollection[InputItem]) -> PCollection[Any]:
        """Spread the items over the workers, then read them."""
        return items | beam.Reshuffle() | beam.ParDo(_Step(self._read))

    def _read(self, item: InputItem) -> Iterator[RawReport | Tally]:
        for raw in read_item(item, self.limits, read_bytes):
            if isinstance(raw, Failure):
                yield Tally(TallyName.READ)
                yield _rejected(raw)
            else:
                yield raw


@dataclass
class Parse(beam.PTransform[Any, Any]):
    """Take the allowlisted facts out of each raw report: `CrashReport`s."""

    limits: Limits

    def expand(self, raws: PCollection[Any]) -> PCollection[Any]:
        """Parse the payloads by what they hold, whatever the file is called."""
        return raws | beam.ParDo(_Step(self._parse))

    def _parse(self, raw: RawReport) -> Iterator[CrashReport | Tally]:
        for parsed in identify(raw.payload, parse_payload(raw, self.limits)):
            yield Tally(TallyName.READ)
            yield _rejected(parsed) if isinstance(parsed, Failure) else parsed


class Exclude(beam.PTransform[Any, Any]):
    """Drop, before anything is counted, the reports of people who refused consent (P14)."""

    def expand(self, reports: PCollection[Any]) -> PCollection[Any]:
        """Hand on every report that does not say that consent is refused."""
        return reports | beam.ParDo(_Step(self._exclude))

    @staticmethod
    def _exclude(report: CrashReport) -> Iterator[CrashReport | Tally]:
        if report.consent is False:
            yield Tally(TallyName.EXCLUDED, "consent_refused")
        else:
            yield report


class _ScrubStep(beam.DoFn):
    def __init__(self) -> None:
        super().__init__()
        self._shared = Shared()

    def setup(self) -> None:
        """Load the scrubber once a process."""
        self._scrubber: Scrubber = self._shared.acquire(load_scrubber)

    def process(self, element: CrashReport | Tally) -> Iterator[ScrubbedReport | Tally]:
        """Yield the scrubbed report, or one rejection when the scrubber cannot finish (P13)."""
        if isinstance(element, Tally):
            yield element
            return
        try:
            crash = self._scrubber.scrub_report(element)
        except ScrubError:
            yield _rejected(Failure(Stage.SCRUB, FailureKind.SCRUBBER_ERROR, element.format))
            return
        for entity, count in crash.redactions.items():
            yield Tally(TallyName.REDACTED, entity, count)
        yield ScrubbedReport(element, crash)


class Scrub(beam.PTransform[Any, Any]):
    """Hide whatever names a person or a device: `ScrubbedReport`s, all text of them `Clean`."""

    def expand(self, reports: PCollection[Any]) -> PCollection[Any]:
        """Scrub every text of every report."""
        return reports | beam.ParDo(_ScrubStep())


class _SignStep(beam.DoFn):
    """Signs, and parts the ways of crashes, stacks and tallies.

    A stack is told once a bundle: the same stacks occur over and over.
    """

    def __init__(self, policy: Policy, key: bytes, as_of: date, progress: str | None) -> None:
        super().__init__()
        self._policy, self._key, self._as_of, self._progress = policy, key, as_of, progress

    def setup(self) -> None:
        """Make the hashing and the progress file of this process."""
        self._pseudonyms = Pseudonyms(
            self._key, self._policy.reports_without_install_are_distinct
        )
        self._writer = ProgressWriter(Path(self._progress)) if self._progress else None

    def start_bundle(self) -> None:
        """Forget which stacks were told: an engine may take a bundle's output back."""
        self._told: set[bytes] = set()

    def process(self, element: ScrubbedReport | Tally) -> Iterator[Any]:
        """Yield the anonymous crash of a closed period; stacks and tallies to outputs apart."""
        if isinstance(element, Tally):
            self._show(element)
            yield TaggedOutput(TALLIES, element)
            return
        signed = sign(element, self._policy, self._pseudonyms)
        if not is_closed(signed.crash.period, self._policy.period_days, self._as_of):
            yield TaggedOutput(TALLIES, Tally(TallyName.HELD_BACK, "period_open"))
            return
        yield signed.crash
        for digest, frames in signed.stacks:
            if digest not in self._told:
                self._told.add(digest)
                yield TaggedOutput(STACKS, (digest, frames))

    def _show(self, tally: Tally) -> None:
        if self._writer is None:
            return
        if tally.name is TallyName.READ:
            self._writer.add(tally.count, 0)
        elif tally.name is TallyName.REJECTED:
            self._writer.add(0, tally.count)


@dataclass
class Sign(beam.PTransform[Any, Any]):
    """Give each crash its signature, period and keyed hashes; outputs: crashes, STACKS, TALLIES.

    `as_of` is the day that counts as today: crashes of periods that are not over are held back.
    `progress` is a local folder to tell progress to, None on a cluster.
    """

    policy: Policy
    key: bytes
    as_of: date
    progress: str | None

    def expand(self, scrubbed: PCollection[Any]) -> Any:  # noqa: ANN401 - Beam's DoOutputsTuple
        """Part the ways of what is anonymous from here on."""
        step = _SignStep(self.policy, self.key, self.as_of, self.progress)
        return scrubbed | beam.ParDo(step).with_outputs(STACKS, TALLIES, main="crashes")


class _BoundStep(beam.DoFn):
    def __init__(self, policy: Policy, bounding_key: bytes) -> None:
        super().__init__()
        self._policy, self._bounding_key = policy, bounding_key

    def process(
        self, element: tuple[tuple[str, bytes], Iterable[AnonymousCrash]]
    ) -> Iterator[Any]:
        """Yield one installation's bounded contributions, keyed by cell; duplicates as a tally."""
        crashes = list(element[1])
        duplicates = len(crashes) - len({crash.report for crash in crashes})
        if duplicates:
            yield TaggedOutput(TALLIES, Tally(TallyName.DUPLICATE, "", duplicates))
        for contribution in contributions(crashes, self._policy, self._bounding_key):
            key = (contribution.table, contribution.period, contribution.key)
            yield key, contribution


@dataclass
class Bound(beam.PTransform[AnonymousCrash, Any]):
    """Count each report once, and limit what one installation adds (P2).

    Outputs: contributions keyed by cell (`CellKey`), and TALLIES.
    """

    policy: Policy
    bounding_key: bytes

    def expand(self, crashes: PCollection[AnonymousCrash]) -> Any:  # noqa: ANN401 - as in Sign
        """Bring each installation's crashes of a period together, then bound them."""
        return (
            crashes
            | beam.Map(lambda crash: ((crash.period, crash.install), crash)).with_output_types(
                tuple[tuple[str, bytes], AnonymousCrash]
            )
            | beam.GroupByKey()
            | beam.ParDo(_BoundStep(self.policy, self.bounding_key)).with_outputs(
                TALLIES, main="contributions"
            )
        )


class _CountFn(beam.CombineFn):
    """`CellCount` as Beam wants it."""

    def create_accumulator(self) -> CellCount:
        return CellCount()

    def add_input(self, count: CellCount, contribution: Contribution) -> CellCount:
        count.add(contribution)
        return count

    def merge_accumulators(self, counts: Iterable[CellCount]) -> CellCount:
        merged = CellCount()
        for count in counts:
            merged.merge(count)
        return merged

    def extract_output(self, count: CellCount) -> CellCount:
        return count


class Count(beam.PTransform[tuple[CellKey, Contribution], Cell]):
    """Count the installations and crashes of each cell."""

    def expand(self, contributed: PCollection[tuple[CellKey, Contribution]]) -> PCollection[Cell]:
        """Combine the contributions of each cell."""
        return (
            contributed
            | beam.Map(lambda pair: pair).with_output_types(
                tuple[tuple[str, str, tuple[str, ...]], Contribution]
            )
            | beam.CombinePerKey(_CountFn())
            | beam.MapTuple(lambda key, count: count.cell(*key))
        )
