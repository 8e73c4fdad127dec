"""From anonymous crashes to counted cells, and from those to the ones that may be released."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsDict, PCollection, TaggedOutput

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Cell, Clean, Tally, TallyName
from schemas.tables import CELL_TABLES
from transforms.aggregate import (
    CellCount,
    Contribution,
    Footprint,
    Pseudonyms,
    admitted,
    contributions,
    footprints,
    sums_a_released_cell,
)
from transforms.keys import KeySource
from transforms.ptransforms.outputs import FOOTPRINTS, SUMMING, TALLIES
from transforms.release import (
    ReleasedCell,
    group_of,
    release,
    tables_that_lack,
    without_differences,
)

Key = tuple[Clean, ...]
CellKey = tuple[str, str, Key]
"""A cell's table, period and key."""
PeriodGroup = tuple[str, Key]
"""A period, and the dimensions that compared tables share."""

_SUMMING_TABLES = frozenset(table.name for table in CELL_TABLES if table.sums)


class _BoundStep(beam.DoFn):
    def __init__(self, policy: Policy, key: KeySource) -> None:
        self._policy, self._key = policy, key

    def setup(self) -> None:
        """Derive the key that draws."""
        self._bounding_key = Pseudonyms(self._key.load()).bounding_key

    def process(self, element: tuple[tuple[str, bytes], Iterable[AnonymousCrash]]) -> Iterator[Any]:
        """Yield one installation's bounded contributions, keyed by cell; duplicates as a tally."""
        (period, _), crashes = element[0], list(element[1])
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
        for footprint in footprints(counted):
            yield TaggedOutput(FOOTPRINTS, footprint)


@dataclass
class Bound(beam.PTransform[PCollection[AnonymousCrash], Any]):
    """Count each report once, and limit what one installation adds (P2).

    Outputs: contributions keyed by cell (`CellKey`); SUMMING, those to tables that sum up others;
    FOOTPRINTS, which cells of the compared tables an installation is in; and TALLIES.
    """

    policy: Policy
    key: KeySource

    def expand(self, crashes: PCollection[AnonymousCrash]) -> Any:
        """Bring each installation's crashes of a period together, then bound them."""
        return (
            crashes
            | beam.Map(lambda crash: ((crash.period, crash.install), crash)).with_output_types(
                tuple[tuple[str, bytes], AnonymousCrash]
            )
            | beam.GroupByKey()
            | beam.ParDo(_BoundStep(self.policy, self.key))
            .with_output_types(tuple[tuple[str, str, tuple[str, ...]], Contribution])
            .with_outputs(SUMMING, FOOTPRINTS, TALLIES, main="contributions")
        )


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
        return cells | beam.ParDo(self._release).with_outputs(TALLIES, main="cells")

    def _release(self, cell: Cell) -> Iterator[Any]:
        released = release(cell, self.policy)
        if released is None:
            yield TaggedOutput(TALLIES, Tally(TallyName.SUPPRESSED, cell.table, 1, cell.period))
        else:
            yield released


@dataclass
class HideDifferences(beam.PTransform[PCollection[ReleasedCell], Any]):
    """Suppress what a difference of tables would need to tell too much (P7).

    Outputs: cells, TALLIES.
    """

    policy: Policy
    footprints: PCollection[Footprint]

    def expand(self, cells: PCollection[ReleasedCell]) -> Any:
        """Count who is in suppressed cells of each group, then look at each group's rows."""
        released = cells | beam.Map(lambda cell: ((cell.period, cell.table, cell.key), True))
        lacking = (
            self.footprints
            | "Lacking"
            >> beam.FlatMap(_lacking, AsDict(released)).with_output_types(
                tuple[tuple[str, tuple[str, ...], str], int]
            )
            | "CountLacking" >> beam.CombinePerKey(sum)
            | "ByGroup" >> beam.MapTuple(lambda key, count: ((key[0], key[1]), (key[2], count)))
        )
        grouped = cells | beam.Map(
            lambda cell: ((cell.period, group_of(cell.table, cell.key)), cell)
        )
        return (
            {"cells": grouped, "lacking": lacking}
            | beam.CoGroupByKey()
            | beam.ParDo(self._kept).with_outputs(TALLIES, main="cells")
        )

    def _kept(self, element: tuple[PeriodGroup, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        cells = list(element[1]["cells"])
        kept = without_differences(cells, dict(element[1]["lacking"]), self.policy.k)
        yield from kept
        for cell in cells:
            if cell not in kept:
                yield TaggedOutput(TALLIES, Tally(TallyName.SUPPRESSED, cell.table, 1, cell.period))


def _lacking(
    footprint: Footprint, released: dict[tuple[str, str, Key], bool]
) -> Iterator[tuple[tuple[str, Key, str], int]]:
    """Yield one installation for each table that lacks a cell of it."""
    there = {
        (table, key) for table, key in footprint.cells if (footprint.period, table, key) in released
    }
    for table in tables_that_lack(footprint.cells, there):
        yield (footprint.period, footprint.group, table), 1


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
