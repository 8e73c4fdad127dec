"""Telling Beam's metrics what is counted; the names are those of `TallyName`."""

from functools import cache
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from schemas.records import Tally

METRICS_NAMESPACE = "crashveil"


@cache
def _counter(name: str, label: str) -> Metrics.DelegatingCounter:
    return Metrics.counter(METRICS_NAMESPACE, f"{name}/{label}")


def tell(tally: Tally) -> None:
    """Add a tally to its counter, from within a step."""
    _counter(tally.name, tally.label).inc(tally.count)


class Tell(beam.PTransform[Any, tuple[PCollection[None], ...]]):
    """Tell the tallies of several steps."""

    def expand(self, tallies: Any) -> tuple[PCollection[None], ...]:
        """Add each of a tuple of collections of tallies to its counter.

        Each by a step of its own: a Flatten would be copied into the stages before it, and of a
        step that is in several stages Beam's client keeps one count (2.77, seen with Flink).
        """
        return tuple(
            each | f"Tell{number}" >> beam.Map(tell) for number, each in enumerate(tallies)
        )
