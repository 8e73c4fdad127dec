"""From anonymous crashes to counted cells, and from those to the ones that may be released."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.window import IntervalWindow
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import PaneInfoTiming

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Cell, PackedCrashes, Tally, TallyName
from schemas.tables import CELL_TABLES
from transforms.aggregate import (
    CellCount,
    Contribution,
    Pseudonyms,
    admitted,
    by_install,
    contributions,
    without_refused,
)
from transforms.keys import KeySource
from transforms.ptransforms.joining import CellKey, FramedRow, Key, any_of
from transforms.ptransforms.metrics import timed
from transforms.ptransforms.outputs import LACKING, SUMMING, TALLIES
from transforms.release import (
    group_of,
    is_compared,
    release,
    without_differences,
)

Shard = tuple[str, int]
"""A period, and the first byte of the hashes of some of its installations."""

PeriodGroup = tuple[str, Key]
"""A period, and the dimensions that compared tables share."""

_SUMMING_TABLES = frozenset(table.name for table in CELL_TABLES if table.sums)


class _BoundStep(beam.DoFn):
    def __init__(self, policy: Policy, key: KeySource) -> None:
        self._policy, self._key = policy, key

    def setup(self) -> None:
        """Derive the key that draws."""
        self._bounding_key = Pseudonyms(self._key.load()).bounding_key

    @timed("bound")
    def process(
        self,
        element: tuple[Shard, Iterable[PackedCrashes]],
        pane: Any = beam.DoFn.PaneInfoParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        """Yield each installation's bounded contributions, keyed by cell; duplicates as a tally.

        What comes after its window was fired is counted as late, and goes no further. Neither does
        a window that an engine fires before its end, as it does when a stream is drained: its
        period is still open (P6).
        """
        (period, _), packs = element
        is_late = pane.timing == PaneInfoTiming.LATE
        is_early = isinstance(window, IntervalWindow) and Timestamp.now() < window.end
        for each in by_install(packs):
            crashes, dropped = without_refused(each)
            if dropped:
                yield TaggedOutput(TALLIES, Tally(TallyName.ACCEPTED, "", -dropped, period))
            if not crashes:
                continue
            if is_late:
                yield TaggedOutput(TALLIES, Tally(TallyName.LATE, "", len(crashes)))
            elif is_early:
                yield TaggedOutput(TALLIES, Tally(TallyName.HELD_BACK, "period_open", len(crashes)))
            else:
                yield from self._bounded(period, crashes)

    def _bounded(self, period: str, crashes: list[AnonymousCrash]) -> Iterator[Any]:
        duplicates = len(crashes) - len({crash.report for crash in crashes})
        if duplicates:
            yield TaggedOutput(TALLIES, Tally(TallyName.DUPLICATE, "", duplicates, period))
        counted = admitted(crashes, self._policy, self._bounding_key)
        for contribution in contributions(counted):
            key = (contribution.table, contribution.period, contribution.key)
            if contribution.table in _SUMMING_TABLES:
                yield TaggedOutput(SUMMING, (key, contribution))
            else:
                yield key, contribution


@dataclass
class Bound(beam.PTransform[PCollection[PackedCrashes], Any]):
    """Count each report once, and limit what one installation adds (P2).

    Outputs: contributions keyed by cell (`CellKey`); SUMMING, those to tables that sum up others;
    and TALLIES.
    """

    policy: Policy
    key: KeySource

    def expand(self, packs: PCollection[PackedCrashes]) -> Any:
        """Bring each installation's crashes of a period together, then bound them."""
        return (
            packs
            | beam.Map(lambda pack: ((pack.period, pack.shard), pack)).with_output_types(
                tuple[Shard, PackedCrashes]
            )
            | beam.GroupByKey()
            | beam.ParDo(_BoundStep(self.policy, self.key))
            .with_output_types(tuple[tuple[str, str, tuple[str, ...]], Contribution])
            .with_outputs(SUMMING, TALLIES, main="contributions")
        )


class _CountFn(beam.CombineFn):
    """`CellCount` as Beam wants it."""

    def __init__(self, k: int) -> None:
        """Take the policy's threshold."""
        self._k = k

    def create_accumulator(self) -> CellCount:
        return CellCount(self._k)

    def add_input(self, count: CellCount, contribution: Contribution) -> CellCount:
        count.add(contribution)
        return count

    def merge_accumulators(self, counts: Iterable[CellCount]) -> CellCount:
        merged = CellCount(self._k)
        for count in counts:
            merged.merge(count)
        return merged

    def extract_output(self, count: CellCount) -> CellCount:
        return count


class _MergeFn(_CountFn):
    """Adds up accumulators instead of contributions."""

    def add_input(self, count: CellCount, other: CellCount) -> CellCount:  # type: ignore[override]
        count.merge(other)
        return count


@dataclass
class Count(beam.PTransform[PCollection[tuple[CellKey, Contribution]], PCollection[Cell]]):
    """Count the installations and crashes of each cell."""

    policy: Policy

    def expand(self, contributed: PCollection[tuple[CellKey, Contribution]]) -> PCollection[Cell]:
        """Combine the contributions of each cell."""
        cells: PCollection[Cell] = (
            contributed | beam.CombinePerKey(_CountFn(self.policy.k)) | beam.FlatMapTuple(_cells)
        )
        return cells


def _cells(key: CellKey, count: CellCount) -> Iterator[Cell]:
    """Yield the counted cell; none when an engine fires a window that it has emptied already."""
    cell = count.cell(*key)
    if cell.installs:
        yield cell


@dataclass
class Release(beam.PTransform[PCollection[Cell], Any]):
    """Let through the cells that enough installations share (P1, P8).

    Outputs: cells; LACKING, the installations of suppressed cells of compared tables, by group and
    table; TALLIES.
    """

    policy: Policy

    def expand(self, cells: PCollection[Cell]) -> Any:
        """Apply the threshold to each cell and each attribute of it."""
        return cells | beam.ParDo(self._release).with_outputs(LACKING, TALLIES, main="cells")

    def _release(self, cell: Cell) -> Iterator[Any]:
        released = release(cell, self.policy)
        if released is not None:
            yield released
            return
        yield TaggedOutput(TALLIES, Tally(TallyName.SUPPRESSED, cell.table, 1, cell.period))
        if is_compared(cell.table):
            group = (cell.period, group_of(cell.table, cell.key), cell.table)
            yield TaggedOutput(LACKING, (group, cell.few_installs))


@dataclass
class HideDifferences(beam.PTransform[PCollection[FramedRow], Any]):
    """Suppress what a difference of tables would need to tell too much (P7).

    It must see what the gate left, or a row that was withheld there would be told by a difference.
    `lacking` are the installations of suppressed cells, as `Release` tells them; what the gate
    withheld is k of them at least. Outputs: rows, TALLIES.
    """

    policy: Policy
    lacking: PCollection[tuple[tuple[str, Key, str], frozenset[bytes]]]

    def expand(self, framed: PCollection[FramedRow]) -> Any:
        """Count who is in suppressed cells of each group, then look at each group's rows."""
        lacking = (
            self.lacking
            | "CountLacking" >> beam.CombinePerKey(_union)
            | "ByGroup"
            >> beam.MapTuple(lambda key, installs: ((key[0], key[1]), (key[2], len(installs))))
        )
        grouped = framed | beam.Map(
            lambda each: ((each[0].period, group_of(each[0].table, each[0].key)), each)
        )
        return (
            {"framed": grouped, "lacking": lacking}
            | beam.CoGroupByKey()
            | beam.ParDo(self._kept).with_outputs(TALLIES, main="rows")
        )

    def _kept(self, element: tuple[PeriodGroup, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        framed = list(element[1]["framed"])
        cells = [cell for cell, _ in framed]
        kept = without_differences(cells, dict(element[1]["lacking"]), self.policy.k)
        for cell, row in framed:
            if cell in kept:
                yield cell, row
            else:
                yield TaggedOutput(TALLIES, Tally(TallyName.SUPPRESSED, cell.table, 1, cell.period))


def _union(sets: Iterable[frozenset[bytes]]) -> frozenset[bytes]:
    return frozenset().union(*sets)


@dataclass
class SumReleased(beam.PTransform[PCollection[Any], PCollection[Cell]]):
    """Count the cells of summing tables from contributions that sum up a released row's cell (P7).

    Were the others counted too, a sum less its released parts would tell how many are in the
    suppressed ones. Contributions of the same parts are counted together before it is looked up
    whether one of the parts is released: those are few, the contributions many.
    """

    policy: Policy
    released: PCollection[FramedRow]

    def expand(self, contributed: PCollection[Any]) -> PCollection[Cell]:
        """Bring each count to its parts, and take it once if one of them is released."""
        parts = (
            contributed
            | "ByParts" >> beam.MapTuple(lambda key, each: ((key, each.parts), each))
            | "CountParts" >> beam.CombinePerKey(_CountFn(self.policy.k))
            | "Parts"
            >> beam.FlatMapTuple(
                lambda key, count: (((key[0][1], part), (key, count)) for part in key[1])
            )
        )
        released = self.released | beam.Map(lambda each: ((each[0].period, each[0].key), True))
        cells: PCollection[Cell] = (
            {"counts": parts, "released": released}
            | beam.CoGroupByKey()
            | beam.FlatMapTuple(
                lambda _, joined: joined["counts"] if any(joined["released"]) else ()
            )
            | "Once" >> beam.CombinePerKey(any_of)
            | "Any" >> beam.Filter(lambda once: once[1] is not None)  # an emptied window has none
            | "ByCell" >> beam.MapTuple(lambda key, count: (key[0], count))
            | "CountSums" >> beam.CombinePerKey(_MergeFn(self.policy.k))
            | "Sums" >> beam.FlatMapTuple(_cells)
        )
        return cells
