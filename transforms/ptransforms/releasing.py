"""From released cells to published files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsDict, AsIter, PCollection, TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.policy import Policy
from schemas.records import NameHash, Stack, Tally, TallyName
from schemas.tables import CELL_TABLES, RELEASES, TABLES
from transforms.aggregate import Pseudonyms
from transforms.keys import KeySource
from transforms.ptransforms.outputs import CELLS, METRICS_NAMESPACE, TALLIES
from transforms.publish import (
    CellTally,
    PeriodRelease,
    Published,
    PublishError,
    ReportTally,
    footer_of,
    parameters_of,
    publish,
    release_rows,
    table_bytes,
)
from transforms.release import ReleasedCell, Row, row_of, strings_of, withheld
from transforms.scrub import Scrubber, load_scrubber, looks_personal, names_within
from transforms.storage import output_filesystem

Element = TypeVar("Element")
PublishableRow = tuple[str, str, Row]
"""A table's name, a period, and a row of it."""


FramedRow = tuple[ReleasedCell, Row]
"""A released cell and its row, frames included."""


class _NameHashes(beam.DoFn):
    def __init__(self, key: KeySource) -> None:
        self._key = key

    def setup(self) -> None:
        """Make the hashing of this process."""
        self._pseudonyms = Pseudonyms(self._key.load())

    def process(self, framed: FramedRow) -> Iterator[tuple[bytes, bool]]:
        """Yield the hash of everything in a row that could be a name."""
        for name in {name for text in strings_of(framed[1]) for name in names_within(text)}:
            yield self._pseudonyms.name(name), True


class _GateStep(beam.DoFn):
    def __init__(self, key: KeySource) -> None:
        self._key, self._shared = key, Shared()

    def setup(self) -> None:
        """Load the first scan again, once a process; the others need nothing."""
        self._scrubber: Scrubber = self._shared.acquire(load_scrubber)
        self._pseudonyms = Pseudonyms(self._key.load())

    def process(self, framed: FramedRow, names: dict[bytes, bool]) -> Iterator[Any]:
        """Yield the cell's row, or only a tally when its strings do not pass."""

        def is_personal(text: str) -> bool:
            return (
                not self._scrubber.is_clean(text)
                or looks_personal(text)
                or any(self._pseudonyms.name(name) in names for name in names_within(text))
            )

        cell, row = framed
        if withheld(strings_of(row), is_personal):
            yield TaggedOutput(TALLIES, Tally(TallyName.WITHHELD, cell.table, 1, cell.period))
            return
        yield TaggedOutput(TALLIES, Tally(TallyName.RELEASED, cell.table, 1, cell.period))
        yield TaggedOutput(CELLS, cell)
        yield cell.table, cell.period, row


@dataclass
class Gate(beam.PTransform[PCollection[ReleasedCell], Any]):
    """Scan every string again on its way out (P13); outputs: rows, their CELLS, TALLIES.

    `stacks` holds the frames that digests stand for, `names` the keyed hashes of the names of
    people and devices in this run; only what occurs in the rows is taken from either.
    """

    stacks: PCollection[Stack]
    names: PCollection[NameHash]
    key: KeySource

    def expand(self, cells: PCollection[ReleasedCell]) -> Any:
        """Join each cell with its frames, and scan the row."""
        needed = (
            cells
            | beam.Filter(lambda cell: cell.stack is not None)
            | beam.Map(lambda cell: (cell.stack, True))
        )
        frames = (
            self.stacks
            | "Needed" >> beam.Filter(lambda stack, wanted: stack.digest in wanted, AsDict(needed))
            | "ByDigest" >> beam.Map(lambda stack: (stack.digest, stack.frames))
            | beam.CombinePerKey(_any_of)
        )
        framed = cells | "Frame" >> beam.Map(_framed, AsDict(frames))
        shown = framed | "Shown" >> beam.ParDo(_NameHashes(self.key))
        names = (
            self.names
            | "Recurring" >> beam.Filter(lambda each, wanted: each.name in wanted, AsDict(shown))
            | "Name" >> beam.Map(lambda each: each.name)
            | "Once" >> beam.Distinct()
            | "Known" >> beam.Map(lambda name: (name, True))
        )
        step = beam.ParDo(_GateStep(self.key), AsDict(names))
        return framed | step.with_outputs(CELLS, TALLIES, main="rows")


def _framed(cell: ReleasedCell, frames: dict[bytes, Any]) -> FramedRow:
    return cell, row_of(cell, frames[cell.stack] if cell.stack is not None else None)


def _any_of(values: Iterable[Element]) -> Element | None:
    """Return one of several equal values: equal digests stand for equal frames."""
    return next((value for value in values if value is not None), None)


Counts = dict[tuple[str, str, str], int]
"""Tallies added up, by name, label and period."""


class _PublishStep(beam.DoFn):
    def __init__(self, output: str, policy: Policy, fingerprint: str) -> None:
        self._output, self._policy, self._fingerprint = output, policy, fingerprint

    def process(
        self, _start: None, rows: Iterable[PublishableRow], counts: Counts
    ) -> Iterator[str]:
        """Publish each period that has a row, tell Beam's metrics what was counted.

        A period in which nothing is released is not published: that would tell that somebody
        crashed in it, and claim it before enough reports are there. Yields the new periods.
        """
        held = sum(count for (name, _, _), count in counts.items() if name == TallyName.WITHHELD)
        if held and self._policy.withheld_rows_end_the_run:
            raise PublishError(
                f"the last scan held {held} rows back, and policy {self._policy.name} says that "
                "nothing is published then (withheld_rows_end_the_run)"
            )
        by_period: dict[str, dict[str, list[Row]]] = {}
        for table_name, period, row in rows:
            by_period.setdefault(period, {}).setdefault(table_name, []).append(row)
        for period, tables in by_period.items():
            tables[RELEASES.name] = release_rows(
                self._policy, _cell_tallies(counts, period), _report_tally(counts, period)
            )
        published = publish(
            [self._release(period, tables) for period, tables in by_period.items()],
            parameters_of(self._policy),
            self._fingerprint,
            output_filesystem(self._output),
        )
        self._tell(counts, published)
        yield from published.new

    def _release(self, period: str, tables: dict[str, list[Row]]) -> PeriodRelease:
        contents = {
            table.name: table_bytes(
                table, tables.get(table.name, []), footer_of(table, self._policy)
            )
            for table in TABLES
        }
        return PeriodRelease(period, contents)

    @staticmethod
    def _tell(counts: Counts, published: Published) -> None:
        periods = {field.name: len(getattr(published, field.name)) for field in fields(published)}
        told = [(name, label, count) for (name, label, _), count in counts.items()]
        told += [(TallyName.PERIODS, label, count) for label, count in periods.items()]
        for name, label, count in told:
            _tell(Tally(TallyName(name), label, count))


def _cell_tallies(counts: Counts, period: str) -> dict[str, CellTally]:
    def count(name: TallyName, table_name: str) -> int:
        return counts.get((name, table_name, period), 0)

    return {
        table.name: CellTally(
            count(TallyName.RELEASED, table.name),
            count(TallyName.SUPPRESSED, table.name),
            count(TallyName.WITHHELD, table.name),
        )
        for table in CELL_TABLES
    }


def _report_tally(counts: Counts, period: str) -> ReportTally:
    def by_label(wanted: TallyName) -> dict[str, int]:
        return {
            label: count
            for (name, label, of_period), count in counts.items()
            if name == wanted and of_period == period
        }

    return ReportTally(
        counts.get((TallyName.ACCEPTED, "", period), 0),
        by_label(TallyName.REJECTED),
        by_label(TallyName.REDACTED),
    )


def _tell(tally: Tally) -> None:
    Metrics.counter(METRICS_NAMESPACE, f"{tally.name}/{tally.label}").inc(tally.count)


class Tell(beam.PTransform[tuple[PCollection[Tally], ...], PCollection[None]]):
    """Tell Beam's metrics what was counted, where nothing is published with it."""

    def expand(self, tallies: tuple[PCollection[Tally], ...]) -> PCollection[None]:
        """Take the tallies of all steps together."""
        told: PCollection[None] = tallies | beam.Flatten() | beam.Map(_tell)
        return told


@dataclass
class Publish(beam.PTransform[PCollection[PublishableRow], PCollection[str]]):
    """Write the tables of every period, atomically, once; yields the periods that are new.

    It happens in one place, since all periods are checked before the first is released. What gets
    here is small: it is what analysts will read. `fingerprint` tells policy and key for the claims.
    """

    output: str
    policy: Policy
    fingerprint: str
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
        step = _PublishStep(self.output, self.policy, self.fingerprint)
        new_periods: PCollection[str] = (
            rows.pipeline | beam.Create([None]) | beam.ParDo(step, AsIter(rows), AsDict(counted))
        )
        return new_periods
