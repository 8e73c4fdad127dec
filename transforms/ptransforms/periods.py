"""Which periods' crashes go on: those that are over and not yet released (P5, P6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.policy import Policy
from schemas.records import PackedCrashes, Tally, TallyName
from transforms.aggregate import is_closed
from transforms.ptransforms.outputs import TALLIES


@dataclass
class HoldBack(beam.PTransform[PCollection[PackedCrashes], Any]):
    """Hold back the crashes of periods that are not over on the day `as_of`.

    Outputs: crashes, TALLIES.
    """

    policy: Policy
    as_of: date

    def expand(self, crashes: PCollection[PackedCrashes]) -> Any:
        """Hand on the crashes of closed periods."""
        return crashes | beam.ParDo(self._closed).with_outputs(TALLIES, main="crashes")

    def _closed(self, pack: PackedCrashes) -> Iterator[Any]:
        if is_closed(pack.period, self.policy.period_days, self.as_of):
            yield pack
        elif pack.count:
            yield TaggedOutput(TALLIES, Tally(TallyName.HELD_BACK, "period_open", pack.count))


@dataclass
class LeaveLate(beam.PTransform[PCollection[PackedCrashes], Any]):
    """Leave out, and count, the crashes of periods that are released already.

    Outputs: crashes, TALLIES.
    """

    released: frozenset[str]

    def expand(self, crashes: PCollection[PackedCrashes]) -> Any:
        """Hand on the crashes of periods that can still be released."""
        return crashes | beam.ParDo(self._in_time).with_outputs(TALLIES, main="crashes")

    def _in_time(self, pack: PackedCrashes) -> Iterator[Any]:
        if pack.period not in self.released:
            yield pack
        elif pack.count:
            yield TaggedOutput(TALLIES, Tally(TallyName.LATE, "", pack.count))
