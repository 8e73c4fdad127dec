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
from schemas.tables import CELL_TABLES, RELEASES, TABLES
from transforms.aggregate import (
    CellCount,
    Contribution,
    Pseudonyms,
    contributions,
    is_closed,
    sums_a_released_cell,
)
from transforms.anonymize import ScrubbedReport, identify, sign
from transforms.parse import parse_payload
from transforms.progress import ProgressWriter
from transforms.publish import (
    CellTally,
    RunTally,
    footer_of,
    publish,
    release_rows,
    stage,
    table_bytes,
)
from transforms.read import InputItem, read_item
from transforms.release import ReleasedCell, Row, release, row_of, strings_of, withheld
from transforms.scrub import Scrubber, ScrubError, load_scrubber
from transforms.storage import output_filesystem, read_bytes

METRICS_NAMESPACE = "crashveil"
TALLIES, STACKS, SUMMING = "tallies", "stacks", "summing"

Element = TypeVar("Element")
CellKey = tuple[str, str, tuple[Clean, ...]]
Stack = tuple[bytes, tuple[CleanFrame, ...]]


class _Step(beam.DoFn):
    """Applies a function to each record, and hands tallies on."""

    def __init__(self, function: Callable[[Any], Iterable[Any]]) -> None:
        self._function = function

    def process(self, element: Any) -> Iterable[Any]:
        """Yield the function's results for a record, a tally as it is."""
        return (element,) if isinstance(element, Tally) else self._function(element)


def _rejected(failure: Failure) -> Tally:
    return Tally(TallyName.REJECTED, failure.kind.value)


@dataclass
class Read(beam.PTransform[PCollection[InputItem], PCollection[Any]]):
    """Read each item's files: `RawReport`s, and what could not be read as tallies."""

    limits: Limits

    def expand(self, items: PCollection[InputItem]) -> PCollection[Any]:
        """Spread the items over the workers, then read them."""
        results: PCollection[Any] = items | beam.Reshuffle() | beam.ParDo(_Step(self._read))
        return results

    def _read(self, item: InputItem) -> Iterator[RawReport | Tally]:
        for raw in read_item(item, self.limits, read_bytes):
            if isinstance(raw, Failure):
                yield Tally(TallyName.READ)
                yield _rejected(raw)
            else:
                yield raw


@dataclass
class Parse(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Take the allowlisted facts out of each raw report: `CrashReport`s."""

    limits: Limits

    def expand(self, raws: PCollection[Any]) -> PCollection[Any]:
        """Parse the payloads by what they hold, whatever the file is called."""
        results: PCollection[Any] = raws | beam.ParDo(_Step(self._parse))
        return results

    def _parse(self, raw: RawReport) -> Iterator[CrashReport | Tally]:
        for parsed in identify(raw.payload, parse_payload(raw, self.limits)):
            yield Tally(TallyName.READ)
            yield _rejected(parsed) if isinstance(parsed, Failure) else parsed


class Exclude(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Drop, before anything is counted, the reports of people who refused consent (P14)."""

    def expand(self, reports: PCollection[Any]) -> PCollection[Any]:
        """Hand on every report that does not say that consent is refused."""
        results: PCollection[Any] = reports | beam.ParDo(_Step(self._exclude))
        return results

    @staticmethod
    def _exclude(report: CrashReport) -> Iterator[CrashReport | Tally]:
        if report.consent is False:
            yield Tally(TallyName.EXCLUDED, "consent_refused")
        else:
            yield report


class _ScrubStep(beam.DoFn):
    def __init__(self) -> None:
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


class Scrub(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Hide whatever names a person or a device: `ScrubbedReport`s, all text of them `Clean`."""

    def expand(self, reports: PCollection[Any]) -> PCollection[Any]:
        """Scrub every text of every report."""
        results: PCollection[Any] = reports | beam.ParDo(_ScrubStep())
        return results


class _SignStep(beam.DoFn):
    """Signs, and parts the ways of crashes, stacks and tallies.

    A stack is told once a bundle: the same stacks occur over and over.
    """

    def __init__(self, policy: Policy, key: bytes, as_of: date, progress: str | None) -> None:
        self._policy, self._key, self._as_of, self._progress = policy, key, as_of, progress

    def setup(self) -> None:
        """Make the hashing and the progress file of this process."""
        self._pseudonyms = Pseudonyms(self._key, self._policy.reports_without_install_are_distinct)
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
class Sign(beam.PTransform[PCollection[Any], Any]):
    """Give each crash its signature, period and keyed hashes; outputs: crashes, STACKS, TALLIES.

    `as_of` is the day that counts as today: crashes of periods that are not over are held back.
    `progress` is a local folder to tell progress to, None on a cluster.
    """

    policy: Policy
    key: bytes
    as_of: date
    progress: str | None

    def expand(self, scrubbed: PCollection[Any]) -> Any:
        """Part the ways of what is anonymous from here on."""
        step = _SignStep(self.policy, self.key, self.as_of, self.progress)
        return scrubbed | beam.ParDo(step).with_outputs(STACKS, TALLIES, main="crashes")


_SUMMING_TABLES = frozenset(table.name for table in CELL_TABLES if table.sums)


class _BoundStep(beam.DoFn):
    def __init__(self, policy: Policy, bounding_key: bytes) -> None:
        self._policy, self._bounding_key = policy, bounding_key

    def process(self, element: tuple[tuple[str, bytes], Iterable[AnonymousCrash]]) -> Iterator[Any]:
        """Yield one installation's bounded contributions, keyed by cell; duplicates as a tally."""
        crashes = list(element[1])
        duplicates = len(crashes) - len({crash.report for crash in crashes})
        if duplicates:
            yield TaggedOutput(TALLIES, Tally(TallyName.DUPLICATE, "", duplicates))
        for contribution in contributions(crashes, self._policy, self._bounding_key):
            key = (contribution.table, contribution.period, contribution.key)
            if contribution.table in _SUMMING_TABLES:
                yield TaggedOutput(SUMMING, (key, contribution))
            else:
                yield key, contribution


@dataclass
class Bound(beam.PTransform[PCollection[AnonymousCrash], Any]):
    """Count each report once, and limit what one installation adds (P2).

    Outputs: contributions keyed by cell (`CellKey`); SUMMING, those to tables that sum up others;
    and TALLIES.
    """

    policy: Policy
    bounding_key: bytes

    def expand(self, crashes: PCollection[AnonymousCrash]) -> Any:
        """Bring each installation's crashes of a period together, then bound them."""
        return (
            crashes
            | beam.Map(lambda crash: ((crash.period, crash.install), crash)).with_output_types(
                tuple[tuple[str, bytes], AnonymousCrash]
            )
            | beam.GroupByKey()
            | beam.ParDo(_BoundStep(self.policy, self.bounding_key))
            .with_output_types(tuple[tuple[str, str, tuple[str, ...]], Contribution])
            .with_outputs(SUMMING, TALLIES, main="contributions")
        )


@dataclass
class SumReleased(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Keep the contributions to summing tables that sum up a released cell (P7)."""

    released: PCollection[ReleasedCell]

    def expand(self, contributed: PCollection[Any]) -> PCollection[Any]:
        """Look each contribution's parts up among the released cells."""
        released = self.released | beam.Map(lambda cell: ((cell.period, cell.key), True))
        kept: PCollection[Any] = contributed | beam.Filter(
            lambda keyed, cells: sums_a_released_cell(keyed[1], cells), AsDict(released)
        )
        return kept


class _CountFn(beam.CombineFn):
    """`CellCount` as Beam wants it."""

    def __init__(self) -> None:
        """Nothing to hold: the accumulator has it all."""

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


class Count(beam.PTransform[PCollection[tuple[CellKey, Contribution]], PCollection[Cell]]):
    """Count the installations and crashes of each cell."""

    def expand(self, contributed: PCollection[tuple[CellKey, Contribution]]) -> PCollection[Cell]:
        """Combine the contributions of each cell."""
        cells: PCollection[Cell] = (
            contributed
            | beam.CombinePerKey(_CountFn())
            | beam.MapTuple(lambda key, count: count.cell(*key))
        )
        return cells


@dataclass
class Release(beam.PTransform[PCollection[Cell], Any]):
    """Let through the cells that enough installations share (P1, P8); outputs: cells, TALLIES."""

    policy: Policy

    def expand(self, cells: PCollection[Cell]) -> Any:
        """Apply the threshold to each cell and each attribute of it."""
        return cells | beam.ParDo(self._release).with_outputs(TALLIES, main="released")

    def _release(self, cell: Cell) -> Iterator[Any]:
        released = release(cell, self.policy)
        if released is None:
            yield TaggedOutput(TALLIES, Tally(TallyName.SUPPRESSED, cell.table, 1, cell.period))
        else:
            yield released


PublishableRow = tuple[str, str, Row]
"""A table's name, a period, and a row of it."""


class _GateStep(beam.DoFn):
    def __init__(self) -> None:
        self._shared = Shared()

    def setup(self) -> None:
        """Load the second scan once a process."""
        self._scrubber: Scrubber = self._shared.acquire(load_scrubber)

    def process(self, cell: ReleasedCell, frames: dict[bytes, Any]) -> Iterator[Any]:
        """Yield the cell's row, or only a tally when its strings do not pass."""
        row = row_of(cell, frames[cell.stack] if cell.stack is not None else None)
        if withheld(strings_of(row), lambda text: not self._scrubber.is_clean(text)):
            yield TaggedOutput(TALLIES, Tally(TallyName.WITHHELD, cell.table, 1, cell.period))
            return
        yield TaggedOutput(TALLIES, Tally(TallyName.RELEASED, cell.table, 1, cell.period))
        yield cell.table, cell.period, row


@dataclass
class Gate(beam.PTransform[PCollection[ReleasedCell], Any]):
    """Scan every string again on its way out (P13); outputs: rows, TALLIES.

    `stacks` holds the frames that digests stand for; only the released ones are taken from it.
    """

    stacks: PCollection[Stack]

    def expand(self, cells: PCollection[ReleasedCell]) -> Any:
        """Join each cell with its frames, and scan the row."""
        needed = (
            cells
            | beam.Filter(lambda cell: cell.stack is not None)
            | beam.Map(lambda cell: (cell.stack, True))
        )
        frames = (
            self.stacks
            | beam.Filter(lambda stack, wanted: stack[0] in wanted, AsDict(needed))
            | beam.CombinePerKey(_any_of)
        )
        return cells | beam.ParDo(_GateStep(), AsDict(frames)).with_outputs(TALLIES, main="rows")


def _any_of(values: Iterable[Element]) -> Element | None:
    """Return one of several equal values: equal digests stand for equal frames."""
    return next((value for value in values if value is not None), None)


class _PublishStep(beam.DoFn):
    def __init__(self, output: str, policy: Policy) -> None:
        self._output, self._policy = output, policy

    def process(
        self, _start: None, rows: Iterable[PublishableRow], tallies: dict[tuple[str, str, str], int]
    ) -> Iterator[str]:
        """Publish each period that has a row, tell Beam's metrics what was counted.

        A period in which nothing is released is not published: that would tell that somebody
        crashed in it, and claim it before enough reports are there. Yields the new periods.
        """
        by_table: dict[tuple[str, str], list[Row]] = {}
        for table_name, period, row in rows:
            by_table.setdefault((table_name, period), []).append(row)
        periods = {period for _, period in by_table}
        output = output_filesystem(self._output)
        staged = []
        for period in sorted(periods):
            by_table[RELEASES.name, period] = release_rows(
                self._policy, _cell_tallies(tallies, period), _run_tally(tallies)
            )
            for table in TABLES:
                content = table_bytes(
                    table, by_table.get((table.name, period), []), footer_of(table, self._policy)
                )
                staged.append(stage(table.name, period, content, output))
        new_periods = publish(staged, output)
        for (name, label, _), count in tallies.items():
            Metrics.counter(METRICS_NAMESPACE, f"{name}/{label}").inc(count)
        yield from new_periods


def _cell_tallies(tallies: dict[tuple[str, str, str], int], period: str) -> dict[str, CellTally]:
    def count(name: TallyName, table_name: str) -> int:
        return tallies.get((name, table_name, period), 0)

    return {
        table.name: CellTally(
            count(TallyName.RELEASED, table.name),
            count(TallyName.SUPPRESSED, table.name),
            count(TallyName.WITHHELD, table.name),
        )
        for table in CELL_TABLES
    }


def _run_tally(tallies: dict[tuple[str, str, str], int]) -> RunTally:
    def by_label(wanted: TallyName) -> dict[str, int]:
        return {label: count for (name, label, _), count in tallies.items() if name == wanted}

    return RunTally(
        tallies.get((TallyName.READ, "", ""), 0),
        by_label(TallyName.REJECTED),
        by_label(TallyName.REDACTED),
    )


@dataclass
class Publish(beam.PTransform[PCollection[PublishableRow], PCollection[str]]):
    """Write the tables of every period, atomically, once; yields the periods that are new.

    It happens in one place, since all periods are checked before the first is moved. What gets
    here is small: it is what analysts will read.
    """

    output: str
    policy: Policy
    tallies: tuple[PCollection[Tally], ...]

    def expand(self, rows: PCollection[PublishableRow]) -> PCollection[str]:
        """Add up the tallies, then publish with them."""
        counted = (
            self.tallies
            | beam.Flatten()
            | beam.Map(
                lambda tally: ((str(tally.name), tally.label, tally.period), tally.count)
            ).with_output_types(tuple[tuple[str, str, str], int])
            | beam.CombinePerKey(sum)
        )
        new_periods: PCollection[str] = (
            rows.pipeline
            | beam.Create([None])
            | beam.ParDo(_PublishStep(self.output, self.policy), AsIter(rows), AsDict(counted))
        )
        return new_periods
