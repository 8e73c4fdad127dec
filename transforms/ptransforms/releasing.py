"""From released cells to published files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsDict, PCollection, TaggedOutput
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


Counts = dict[tuple[str, str], int]
"""The tallies of one period, by name and label."""


class _PublishStep(beam.DoFn):
    def __init__(self, output: str, policy: Policy, fingerprint: str) -> None:
        self._output, self._policy, self._fingerprint = output, policy, fingerprint

    def process(self, element: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[str]:
        """Publish a period that has a row, and tell what became of it. Yields it if it is new.

        A period in which nothing is released is not published: that would tell that somebody
        crashed in it, and claim it before enough reports are there.
        """
        period, joined = element
        counts: Counts = dict(joined["counts"])
        tables: dict[str, list[Row]] = {}
        for table_name, row in joined["rows"]:
            tables.setdefault(table_name, []).append(row)
        self._refuse_what_was_held(counts)
        if not tables:
            return
        tables[RELEASES.name] = release_rows(
            self._policy, _cell_tallies(counts), _report_tally(counts)
        )
        published = publish(
            [self._release(period, tables)],
            parameters_of(self._policy),
            self._fingerprint,
            output_filesystem(self._output),
        )
        for field in fields(published):
            if getattr(published, field.name):
                _tell(Tally(TallyName.PERIODS, field.name))
        yield from published.new

    def _refuse_what_was_held(self, counts: Counts) -> None:
        held = sum(count for (name, _), count in counts.items() if name == TallyName.WITHHELD)
        if held and self._policy.withheld_rows_end_the_run:
            raise PublishError(
                f"the last scan held {held} rows back, and policy {self._policy.name} says that "
                "nothing is published then (withheld_rows_end_the_run)"
            )

    def _release(self, period: str, tables: dict[str, list[Row]]) -> PeriodRelease:
        contents = {
            table.name: table_bytes(
                table, tables.get(table.name, []), footer_of(table, self._policy)
            )
            for table in TABLES
        }
        return PeriodRelease(period, contents)


def _cell_tallies(counts: Counts) -> dict[str, CellTally]:
    return {
        table.name: CellTally(
            counts.get((TallyName.RELEASED, table.name), 0),
            counts.get((TallyName.SUPPRESSED, table.name), 0),
            counts.get((TallyName.WITHHELD, table.name), 0),
        )
        for table in CELL_TABLES
    }


def _report_tally(counts: Counts) -> ReportTally:
    def by_label(wanted: TallyName) -> dict[str, int]:
        return {label: count for (name, label), count in counts.items() if name == wanted}

    return ReportTally(
        counts.get((TallyName.ACCEPTED, ""), 0),
        by_label(TallyName.REJECTED),
        by_label(TallyName.REDACTED),
    )


def _tell(tally: Tally) -> None:
    Metrics.counter(METRICS_NAMESPACE, f"{tally.name}/{tally.label}").inc(tally.count)


class Tell(beam.PTransform[tuple[PCollection[Tally], ...], PCollection[Any]]):
    """Add up the tallies of all steps, and tell Beam's metrics; yields the sums by period."""

    def expand(self, tallies: tuple[PCollection[Tally], ...]) -> PCollection[Any]:
        """Take the tallies of all steps together."""
        counted = (
            tallies
            | beam.Flatten()
            | beam.Map(
                lambda tally: ((str(tally.name), tally.label, tally.period), tally.count)
            ).with_output_types(tuple[tuple[str, str, str], int])
            | beam.CombinePerKey(sum)
        )
        _ = counted | "Metrics" >> beam.MapTuple(
            lambda key, count: _tell(Tally(TallyName(key[0]), key[1], count))
        )
        by_period: PCollection[Any] = counted | "ByPeriod" >> beam.MapTuple(
            lambda key, count: (key[2], ((key[0], key[1]), count))
        ).with_output_types(tuple[str, Any])
        return by_period


@dataclass
class Publish(beam.PTransform[PCollection[PublishableRow], PCollection[str]]):
    """Write the tables of each period, atomically, once; yields the periods that are new.

    What gets here is small: it is what analysts will read. `fingerprint` tells policy and key for
    the claims.
    """

    output: str
    policy: Policy
    fingerprint: str
    tallies: tuple[PCollection[Tally], ...]

    def expand(self, rows: PCollection[PublishableRow]) -> PCollection[str]:
        """Bring a period's rows and tallies together, then publish it."""
        by_period = rows | beam.MapTuple(
            lambda table, period, row: (period, (table, row))
        ).with_output_types(tuple[str, Any])
        step = _PublishStep(self.output, self.policy, self.fingerprint)
        new_periods: PCollection[str] = (
            {"rows": by_period, "counts": self.tallies | Tell()}
            | beam.CoGroupByKey()
            | beam.ParDo(step)
        )
        return new_periods
