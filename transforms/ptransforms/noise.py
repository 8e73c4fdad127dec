"""The release with noise, drawn once a period after the period is claimed (P3, P5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.policy import Policy
from schemas.records import Cell, Tally, TallyName
from transforms.ptransforms.metrics import tell
from transforms.publish import claim_period, released_periods
from transforms.release import ReleasedCell, release_with_noise
from transforms.storage import output_filesystem


class _DrawStep(beam.DoFn):
    def __init__(self, policy: Policy, output: str, fingerprint: str) -> None:
        self._policy, self._output, self._fingerprint = policy, output, fingerprint

    def process(self, element: tuple[str, Iterable[Cell]]) -> Iterator[ReleasedCell]:
        """Yield the rows of a period, nothing if it is released: its noise was drawn then.

        A period of which anything was counted is claimed, and so released, even if no cell reaches
        the floor: were it not, its absence would tell that exactly.
        """
        period, cells = element
        output = output_filesystem(self._output)
        claim_period(period, self._fingerprint, output)
        if period in released_periods(output):
            tell(Tally(TallyName.PERIODS, "same"))
            return
        by_table = attrgetter("table")
        large = [cell for cell in cells if cell.installs >= self._policy.k]
        for _, of_table in groupby(sorted(large, key=by_table), by_table):
            yield from release_with_noise(list(of_table), self._policy)


@dataclass
class ReleaseWithNoise(beam.PTransform[PCollection[Cell], PCollection[ReleasedCell]]):
    """Release what the noise lets through, of each period that is not released yet.

    `output` is where the ledger is, `fingerprint` what a claim there holds.
    """

    policy: Policy
    output: str
    fingerprint: str

    def expand(self, cells: PCollection[Cell]) -> PCollection[ReleasedCell]:
        """Bring the cells of a period together; those below the floor are never released."""
        released: PCollection[ReleasedCell] = (
            cells
            | beam.Map(lambda cell: (cell.period, cell))
            | beam.GroupByKey()
            | beam.ParDo(_DrawStep(self.policy, self.output, self.fingerprint))
        )
        return released
