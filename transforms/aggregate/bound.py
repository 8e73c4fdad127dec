"""Contribution bounding (P2): what one installation may add to the tables of one period.

Each installation counts once in a cell, however often it crashed, in at most L0 cells a table, and
adds at most LINF crashes to each. So a flood from one installation changes little.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import TypeVar

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Clean
from schemas.tables import CELL_TABLES, ColumnType, Role, Table
from transforms.aggregate.pseudonym import keyed_hash

Value = TypeVar("Value", Clean, tuple[bytes, ...])


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one installation adds to one cell: one installation, its crashes, its attributes.

    It no longer says which installation: each that shares the cell makes one contribution to it.
    `attributes` holds one value for each column that the installation knows, `stacks` the digests
    of the prefixes of one stack, the shortest first.
    """

    table: str
    period: str
    key: tuple[Clean, ...]
    crashes: int
    attributes: Mapping[str, Clean] = field(default_factory=dict)
    stacks: tuple[bytes, ...] = ()


def contributions(
    crashes: Iterable[AnonymousCrash], policy: Policy, bounding_key: bytes
) -> Iterator[Contribution]:
    """Yield what one installation adds to the tables of one period, after bounding.

    Two crashes with one report hash are one report uploaded twice, and count once. Which cells are
    kept of an installation with too many is as good as random, and for one key always the same.
    The order of the crashes does not matter.

    Args:
        crashes: all crashes of one installation (or of the unknown one) in one period.
        policy: gives L0 (`max_cells_per_install`) and LINF (`max_crashes_per_cell`).
        bounding_key: the run's key for this choice.

    Raises:
        ValueError: the crashes are of several installations or periods, so bounding would not hold.
    """
    reports = _distinct_reports(crashes)
    if not reports:
        return
    for table in CELL_TABLES:
        cells: dict[tuple[Clean, ...], list[AnonymousCrash]] = {}
        for crash in reports:
            cells.setdefault(_cell_key(table, crash), []).append(crash)
        for key in _kept(cells, table, reports[0], policy.max_cells_per_install, bounding_key):
            yield _contribution(table, key, cells[key], policy.max_crashes_per_cell)


def _distinct_reports(crashes: Iterable[AnonymousCrash]) -> list[AnonymousCrash]:
    by_report: dict[bytes, AnonymousCrash] = {}
    owners = set()
    for crash in crashes:
        owners.add((crash.period, crash.install))
        seen = by_report.setdefault(crash.report, crash)
        if seen != crash:
            by_report[crash.report] = min(seen, crash, key=_canonical)
    if len(owners) > 1:
        raise ValueError("contributions are bounded for one installation and period at a time")
    return list(by_report.values())


def _canonical(crash: AnonymousCrash) -> str:
    """Order two uploads of one report that differ, so that the same one is always taken."""
    return repr(astuple(crash))


def _cell_key(table: Table, crash: AnonymousCrash) -> tuple[Clean, ...]:
    return tuple(getattr(crash, name) for name in table.names(Role.DIMENSION))


def _kept(
    cells: Collection[tuple[Clean, ...]],
    table: Table,
    owner: AnonymousCrash,
    most: int,
    bounding_key: bytes,
) -> list[tuple[Clean, ...]]:
    if len(cells) <= most:
        return sorted(cells)

    def rank(key: tuple[Clean, ...]) -> bytes:
        return keyed_hash(bounding_key, table.name, owner.period, owner.install, *key)

    return heapq.nsmallest(most, cells, key=rank)


def _contribution(
    table: Table, key: tuple[Clean, ...], crashes: list[AnonymousCrash], most: int
) -> Contribution:
    attributes: dict[str, Clean] = {}
    stacks: tuple[bytes, ...] = ()
    for column in table.columns:
        if column.role is not Role.ATTRIBUTE:
            continue
        if column.type is ColumnType.FRAMES:
            stacks = _most_frequent(crash.stacks for crash in crashes if crash.stacks) or ()
        else:
            known = (getattr(crash, column.name) for crash in crashes)
            value = _most_frequent(value for value in known if value is not None)
            if value is not None:
                attributes[column.name] = value
    period = crashes[0].period
    return Contribution(table.name, period, key, min(len(crashes), most), attributes, stacks)


def _most_frequent(values: Iterable[Value]) -> Value | None:
    """Return the value that occurs most often, of several the first in order, None of nothing."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default=None)
