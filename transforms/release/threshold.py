"""The threshold release (P1, P8): a row, and each value in it, needs k distinct installations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from schemas.policy import Policy
from schemas.records import Cell, Clean

Value = TypeVar("Value", Clean, bytes)


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """A cell that may be published, and of each attribute the value that may stand in it, if any.

    `stack` is the digest of the most exact stack prefix that may be shown; frames are joined to it.
    """

    table: str
    period: str
    key: tuple[Clean, ...]
    installs: int
    crashes: int
    attributes: Mapping[str, Clean] = field(default_factory=dict)
    stack: bytes | None = None


def release(cell: Cell, policy: Policy) -> ReleasedCell | None:
    """Return what may be published of a cell, None when too few installations share it.

    Of an attribute's values the most shared one stands in the row, of several the first in order,
    and only if k installations share exactly it. Of the stack, the most exact prefix they share.
    """
    if cell.installs < policy.k:
        return None
    shared = {
        column: _most_shared(values, policy.k) for column, values in sorted(cell.attributes.items())
    }
    attributes = {column: value for column, value in shared.items() if value is not None}
    exact_first = (_most_shared(digests, policy.k) for digests in reversed(cell.stacks))
    stack = next((digest for digest in exact_first if digest is not None), None)
    return ReleasedCell(
        cell.table, cell.period, cell.key, cell.installs, cell.crashes, attributes, stack
    )


def _most_shared(values: Mapping[Value, int], k: int) -> Value | None:
    enough = (value for value, installs in values.items() if installs >= k)
    return min(enough, key=lambda value: (-values[value], value), default=None)
