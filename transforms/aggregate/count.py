"""Counting a cell: an accumulator that takes contributions in any order and grouping.

The counts are exact, so a cell's memory grows with the number of different attribute values in it.
Most cells are shared by few, and never released: as long as they are, their contributions are kept
as they came, which takes less than counts. It also tells which installations share such a cell:
what is suppressed must be told apart from what is lacking elsewhere (P7).
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from schemas.records import Cell, Clean
from transforms.aggregate.bound import Contribution
from transforms.group import prefix_digests

_Value = TypeVar("_Value", Clean, bytes)
_Share = tuple[bytes, int, Mapping[str, Clean], bytes]
"""What one installation adds: its hash, its crashes, its attributes, its stack's digest."""


class CellCount:
    """What has been counted of one cell so far. Changed in place, as accumulators are.

    `k` is the policy's threshold, under which installations are few.
    """

    __slots__ = ("_counts", "_few", "_k")

    def __init__(self, k: int, few: Iterable[_Share] = (), counts: "_Counts | None" = None) -> None:
        self._k, self._few, self._counts = k, list(few), counts

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes the accumulator again, where an engine has sent it."""
        return type(self), (self._k, self._few, self._counts)

    def add(self, contribution: Contribution) -> None:
        """Count one installation's contribution to this cell; it must come once only."""
        each = contribution
        self._add([(each.install, each.crashes, each.attributes, each.stack)])

    def merge(self, other: "CellCount") -> None:
        """Count what another accumulator of the same cell has counted."""
        if other._counts is not None:  # noqa: SLF001 - of the same class
            self._many().merge(other._counts)  # noqa: SLF001
        self._add(other._few)  # noqa: SLF001

    def cell(self, table: str, period: str, key: tuple[Clean, ...]) -> Cell:
        """Return the counted cell."""
        counts, few = self._counts, frozenset(install for install, *_ in self._few)
        if counts is None:
            counts = _Counts()
            counts.add(self._few)
        return Cell(
            table,
            period,
            key,
            counts.installs,
            counts.crashes,
            counts.attributes,
            tuple(counts.stacks),
            few,
        )

    def _add(self, shares: list[_Share]) -> None:
        if self._counts is None and len(self._few) + len(shares) < self._k:
            self._few += shares
        else:
            self._many().add(shares)

    def _many(self) -> "_Counts":
        """Return the counts, to which what was kept of few is added first."""
        if self._counts is None:
            self._counts = _Counts()
            self._counts.add(self._few)
            self._few = []
        return self._counts


class _Counts:
    """The counts of a cell that is shared by many."""

    __slots__ = ("attributes", "crashes", "installs", "stacks")

    def __init__(self) -> None:
        self.installs = 0
        self.crashes = 0
        self.attributes: dict[str, dict[Clean, int]] = {}
        self.stacks: list[dict[bytes, int]] = []

    def add(self, shares: Iterable[_Share]) -> None:
        for _, crashes, attributes, stack in shares:
            self.installs += 1
            self.crashes += crashes
            for column, value in attributes.items():
                _increase(self.attributes.setdefault(column, {}), {value: 1})
            self._add_stacks([{digest: 1} for digest in prefix_digests(stack)])

    def merge(self, other: "_Counts") -> None:
        self.installs += other.installs
        self.crashes += other.crashes
        for column, values in other.attributes.items():
            _increase(self.attributes.setdefault(column, {}), values)
        self._add_stacks(other.stacks)

    def _add_stacks(self, others: Iterable[Mapping[bytes, int]]) -> None:
        for level, digests in enumerate(others):
            if level == len(self.stacks):
                self.stacks.append({})
            _increase(self.stacks[level], digests)


def _increase(counts: dict[_Value, int], others: Mapping[_Value, int]) -> None:
    for value, count in others.items():
        counts[value] = counts.get(value, 0) + count
