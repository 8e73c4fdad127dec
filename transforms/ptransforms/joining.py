"""What steps that bring two collections together share.

They join by key and never by side inputs: those would hold a whole collection in each worker, and
not every engine has them in a stream.
"""

from collections.abc import Iterable
from typing import TypeVar

from schemas.records import Clean
from transforms.release import ReleasedCell, Row

Element = TypeVar("Element")
Key = tuple[Clean, ...]
CellKey = tuple[str, str, Key]
"""A cell's table, period and key."""
FramedRow = tuple[ReleasedCell, Row]
"""A released cell and its row, frames included."""


def any_of(values: Iterable[Element]) -> Element | None:
    """Return one of several equal values, None of nothing."""
    return next((value for value in values if value is not None), None)
