"""Errors that tell nothing of a report, from steps that hold one.

Engines print what a step raises, its text and all: on a screen, or into a cluster's logs. A step in
which personal data flows therefore raises nothing but where, in its own code, which kind of error
was met.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from traceback import extract_tb
from typing import Any


class StepError(RuntimeError):
    """An error within a step; its text is the error's kind, and the place in the code."""


def tells_no_values(process: Callable[..., Iterable[Any]]) -> Callable[..., Iterator[Any]]:
    """Return a step's `process` whose errors are `StepError`s, without the text of their cause."""

    @wraps(process)
    def guarded(*arguments: Any, **named: Any) -> Iterator[Any]:
        try:
            yield from process(*arguments, **named)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a report
            place = extract_tb(error.__traceback__)[-1]
            told = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
            raise StepError(told) from None

    return guarded
