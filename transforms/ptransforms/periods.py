"""Which periods' crashes go on: those that are over and not yet released (P5, P6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Tally, TallyName
from transforms.aggregate import is_closed
from transforms.ptransforms.outputs import TALLIES


@dataclass
class HoldBack(beam.PTransform[PCollection[AnonymousCrash], Any]):
    """Hold back the crashes of periods that are not over on the day `as_of`.

    Outputs: crashes, TALLIES.
    """

    policy: Policy
    as_of: date

    def expand(self, crashes: PCollection[AnonymousCrash]) -> Any:
        """Hand on the crashes of closed periods."""
        return crashes | beam.ParDo(self._closed).with_outputs(TALLIES, main="crashes")

    def _closed(self, crash: AnonymousCrash) -> Iterator[Any]:
        if is_closed(crash.period, self.policy.period_days, self.as_of):
            yield crash
        elif crash.facts:
            yield TaggedOutput(TALLIES, Tally(TallyName.HELD_BACK, "period_open"))


@dataclass
class LeaveLate(beam.PTransform[PCollection[AnonymousCrash], Any]):
    """Leave out, and count, the crashes of periods that are released already.

    Outputs: crashes, TALLIES.
    """

    released: frozenset[str]

    def expand(self, crashes: PCollection[AnonymousCrash]) -> Any:
        """Hand on the crashes of periods that can still be released."""
        return crashes | beam.ParDo(self._in_time).with_outputs(TALLIES, main="crashes")

    def _in_time(self, crash: AnonymousCrash) -> Iterator[Any]:
        if crash.period not in self.released:
            yield crash
        elif crash.facts:
            yield TaggedOutput(TALLIES, Tally(TallyName.LATE))
