"""Telling Beam's metrics what is counted; the names are those of `TallyName`."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from time import perf_counter_ns
from typing import Any, Concatenate, ParamSpec, TypeVar

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from schemas.records import Tally, TallyName

METRICS_NAMESPACE = "crashveil"


@cache
def _counter(name: str, label: str) -> Metrics.DelegatingCounter:
    return Metrics.counter(METRICS_NAMESPACE, f"{name}/{label}")


def tell(tally: Tally) -> None:
    """Add a tally to its counter, from within a step."""
    _counter(tally.name, tally.label).inc(tally.count)


Own = TypeVar("Own")
Given = ParamSpec("Given")
Result = TypeVar("Result")

_MILLISECOND = 1_000_000


def timed(
    step: str,
) -> Callable[
    [Callable[Concatenate[Own, Given], Iterable[Result]]],
    Callable[Concatenate[Own, Given], Iterable[Result]],
]:
    """Have a method count the time in which its results are made, under a step's name.

    What the pipeline does with a result before it asks for the next one is not counted, so steps
    that run in one another's loop are told apart. The time is a clock's: it includes waiting. A
    tally that a step hands on costs nothing worth a clock.
    """

    def decorate(
        method: Callable[Concatenate[Own, Given], Iterable[Result]],
    ) -> Callable[Concatenate[Own, Given], Iterable[Result]]:
        untold = 0

        def measure(results: Iterable[Result]) -> Iterator[Result]:
            nonlocal untold
            spent = -perf_counter_ns()
            for result in results:
                spent += perf_counter_ns()
                yield result
                spent -= perf_counter_ns()
            # Threads that meet here may lose some of each other's time, which a lock would cost.
            untold += spent + perf_counter_ns()
            if untold >= _MILLISECOND:
                _counter(TallyName.MILLISECONDS, step).inc(untold // _MILLISECOND)
                untold %= _MILLISECOND

        @wraps(method)
        def measured(self: Own, /, *given: Given.args, **named: Given.kwargs) -> Iterable[Result]:
            results = method(self, *given, **named)
            return results if given and isinstance(given[0], Tally) else measure(results)

        return measured

    return decorate


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
