"""What no difference of published rows may tell (P7): rows that go, and sums of released rows only.

Keys are plain tuples, which Beam encodes alike in each process without knowing their types.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.policy import Policy
from schemas.records import Cell, Tally, TallyName
from transforms.aggregate import CellCount, Contribution
from transforms.ptransforms.counting import CountFn, cells_of
from transforms.ptransforms.joining import CellKey, FramedRow, Key, any_of
from transforms.ptransforms.outputs import TALLIES
from transforms.release import group_of, without_differences

Group = tuple[str, Key]
"""A period, and the dimensions that compared tables share."""

LackingKey = tuple[str, Key, str]
"""A group's period and dimensions, and one of the compared tables."""

Part = tuple[str, Key]
"""A period, and the key of a cell that a cell of a summing table sums up."""

SumKey = tuple[CellKey, tuple[Key, ...]]
"""A cell of a summing table, and the keys of those that it sums up for some installations."""


@dataclass
class HideDifferences(beam.PTransform[PCollection[FramedRow], Any]):
    """Suppress what a difference of tables would need to tell too much (P7).

    It must see what the gate left, or a row that was withheld there would be told by a difference.
    `lacking` are the installations of suppressed cells, as `Release` tells them; what the gate
    withheld is k of them at least. Outputs: rows, TALLIES.
    """

    policy: Policy
    lacking: PCollection[tuple[LackingKey, frozenset[bytes]]]

    def expand(self, framed: PCollection[FramedRow]) -> Any:
        """Count who is in suppressed cells of each group, then look at each group's rows."""
        lacking = (
            self.lacking
            | "CountLacking" >> beam.CombinePerKey(_union)
            | "LackingByGroup" >> beam.MapTuple(_lacking_by_group)
        )
        grouped = framed | "ByGroup" >> beam.Map(_by_group)
        return (
            {"framed": grouped, "lacking": lacking}
            | beam.CoGroupByKey()
            | beam.ParDo(self._kept).with_outputs(TALLIES, main="rows")
        )

    def _kept(self, element: tuple[Group, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        framed = list(element[1]["framed"])
        cells = [cell for cell, _ in framed]
        released = without_differences(cells, dict(element[1]["lacking"]), self.policy.k)
        kept = {(cell.table, cell.key) for cell in released}  # each is counted once a period
        for cell, row in framed:
            if (cell.table, cell.key) in kept:
                yield cell, row
            else:
                yield TaggedOutput(TALLIES, Tally(TallyName.SUPPRESSED, cell.table, 1, cell.period))


def _union(sets: Iterable[frozenset[bytes]]) -> frozenset[bytes]:
    return frozenset().union(*sets)


def _lacking_by_group(key: LackingKey, installs: frozenset[bytes]) -> tuple[Group, tuple[str, int]]:
    period, dimensions, table = key
    return (period, dimensions), (table, len(installs))


def _by_group(framed: FramedRow) -> tuple[Group, FramedRow]:
    cell, _ = framed
    return (cell.period, group_of(cell.table, cell.key)), framed


class _MergeFn(CountFn):
    """Adds up accumulators instead of contributions."""

    def add_input(self, count: CellCount, other: CellCount) -> CellCount:  # type: ignore[override]
        count.merge(other)
        return count


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
            | "ByParts" >> beam.MapTuple(_by_parts)
            | "CountParts" >> beam.CombinePerKey(CountFn(self.policy.k))
            | "Parts" >> beam.FlatMapTuple(_each_part)
        )
        released = self.released | "Released" >> beam.Map(_released_part)
        cells: PCollection[Cell] = (
            {"counts": parts, "released": released}
            | beam.CoGroupByKey()
            | "OfReleased" >> beam.FlatMapTuple(_counts_of_released)
            | "Once" >> beam.CombinePerKey(any_of)
            | "Any" >> beam.Filter(_is_there)  # an emptied window has none
            | "ByCell" >> beam.MapTuple(_by_cell)
            | "CountSums" >> beam.CombinePerKey(_MergeFn(self.policy.k))
            | "Sums" >> beam.FlatMapTuple(cells_of)
        )
        return cells


def _by_parts(cell: CellKey, each: Contribution) -> tuple[SumKey, Contribution]:
    return (cell, each.parts), each


def _each_part(key: SumKey, count: CellCount) -> Iterator[tuple[Part, tuple[SumKey, CellCount]]]:
    (_, period, _), parts = key
    for part in parts:
        yield (period, part), (key, count)


def _released_part(framed: FramedRow) -> tuple[Part, bool]:
    cell, _ = framed
    return (cell.period, cell.key), True


def _counts_of_released(_: Part, joined: dict[str, Iterable[Any]]) -> Iterable[Any]:
    return joined["counts"] if any(joined["released"]) else ()


def _is_there(counted: tuple[SumKey, CellCount | None]) -> bool:
    _, count = counted
    return count is not None


def _by_cell(key: SumKey, count: CellCount) -> tuple[CellKey, CellCount]:
    cell, _ = key
    return cell, count
