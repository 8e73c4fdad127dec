"""From anonymous crashes to counted cells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsDict, PCollection, TaggedOutput

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Cell, Clean, Tally, TallyName
from schemas.tables import CELL_TABLES
from transforms.aggregate import CellCount, Contribution, contributions, sums_a_released_cell
from transforms.ptransforms.outputs import SUMMING, TALLIES
from transforms.release import ReleasedCell

CellKey = tuple[str, str, tuple[Clean, ...]]
"""A cell's table, period and key."""


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
