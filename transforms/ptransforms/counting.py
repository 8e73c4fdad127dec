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
from transforms.ptransforms.joining import CellKey
from transforms.ptransforms.metrics import timed
from transforms.ptransforms.outputs import LACKING, SUMMING, TALLIES
from transforms.release import group_of, is_compared, release

Shard = tuple[str, int]
"""A period, and the first byte of the hashes of some of its installations."""

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


class CountFn(beam.CombineFn):
    """`CellCount` as Beam wants it."""

    def __init__(self, k: int) -> None:
        """Take the policy's threshold."""
        self._k = k

    def create_accumulator(self) -> CellCount:
        """Return an empty count."""
        return CellCount(self._k)

    def add_input(self, count: CellCount, contribution: Contribution) -> CellCount:
        """Count one installation's contribution."""
        count.add(contribution)
        return count

    def merge_accumulators(self, counts: Iterable[CellCount]) -> CellCount:
        """Return one count of several."""
        merged = CellCount(self._k)
        for count in counts:
            merged.merge(count)
        return merged

    def extract_output(self, count: CellCount) -> CellCount:
        """Return the count itself, to be merged or made a cell."""
        return count


@dataclass
class Count(beam.PTransform[PCollection[tuple[CellKey, Contribution]], PCollection[Cell]]):
    """Count the installations and crashes of each cell."""

    policy: Policy

    def expand(self, contributed: PCollection[tuple[CellKey, Contribution]]) -> PCollection[Cell]:
        """Combine the contributions of each cell."""
        cells: PCollection[Cell] = (
            contributed | beam.CombinePerKey(CountFn(self.policy.k)) | beam.FlatMapTuple(cells_of)
        )
        return cells


def cells_of(key: CellKey, count: CellCount) -> Iterator[Cell]:
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
