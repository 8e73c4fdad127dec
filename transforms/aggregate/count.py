"""Counting a cell: an accumulator that takes contributions in any order and grouping.

The counts are exact, so a cell's memory grows with the number of different attribute values in it.
Which installations share a cell is known only while they are few: what is suppressed must be told
apart from what is lacking elsewhere (P7).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from schemas.records import Cell, Clean
from transforms.aggregate.bound import Contribution


@dataclass(slots=True)
class CellCount:
    """What has been counted of one cell so far. Changed in place, as accumulators are.

    `few_installs` are all installations of the cell as long as they are fewer than `k`, else none.
    """

    k: int
    installs: int = 0
    crashes: int = 0
    attributes: dict[str, Counter[Clean]] = field(default_factory=dict)
    stacks: list[Counter[bytes]] = field(default_factory=list)
    few_installs: set[bytes] = field(default_factory=set, repr=False)

    def add(self, contribution: Contribution) -> None:
        """Count one installation's contribution to this cell; it must come once only."""
        self._add_installs(1, {contribution.install})
        self.crashes += contribution.crashes
        for column, value in contribution.attributes.items():
            self.attributes.setdefault(column, Counter())[value] += 1
        self.stacks = _added(self.stacks, [Counter([digest]) for digest in contribution.stacks])

    def merge(self, other: "CellCount") -> None:
        """Count what another accumulator of the same cell has counted."""
        self._add_installs(other.installs, other.few_installs)
        self.crashes += other.crashes
        for column, values in other.attributes.items():
            self.attributes.setdefault(column, Counter()).update(values)
        self.stacks = _added(self.stacks, other.stacks)

    def cell(self, table: str, period: str, key: tuple[Clean, ...]) -> Cell:
        """Return the counted cell."""
        return Cell(
            table,
            period,
            key,
            self.installs,
            self.crashes,
            self.attributes,
            tuple(self.stacks),
            frozenset(self.few_installs),
        )

    def _add_installs(self, count: int, installs: set[bytes]) -> None:
        self.installs += count
        if self.installs < self.k:
            self.few_installs |= installs
        else:
            self.few_installs.clear()


def _added(counts: list[Counter[bytes]], others: Iterable[Counter[bytes]]) -> list[Counter[bytes]]:
    """Return two lists of counts, one entry a depth, added up; the first is changed in place."""
    added = []
    for mine, theirs in zip_longest(counts, others):
        if mine is None:
            added.append(Counter(theirs))
        else:
            mine.update(theirs or {})
            added.append(mine)
    return added
