"""Contribution bounding (P2): what one installation may add to the tables of one period.

Each installation counts once in a cell, however often it crashed, in at most L0 cells a table, and
adds at most LINF crashes to each. So a flood from one installation changes little.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
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
    of the prefixes of one stack, the shortest first. `parts` are the keys of the cells that a cell
    of a summing table sums up for this installation.
    """

    table: str
    period: str
    key: tuple[Clean, ...]
    crashes: int
    attributes: Mapping[str, Clean] = field(default_factory=dict)
    stacks: tuple[bytes, ...] = ()
    parts: tuple[tuple[Clean, ...], ...] = ()


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
    kept: dict[str, list[tuple[Clean, ...]]] = {}
    for table in CELL_TABLES:
        cells: dict[tuple[Clean, ...], list[AnonymousCrash]] = {}
        for crash in reports:
            cells.setdefault(_cell_key(table, crash), []).append(crash)
        most = policy.max_cells_per_install
        kept[table.name] = _kept(cells, table, reports[0], most, bounding_key)
        for key in kept[table.name]:
            contribution = _contribution(table, key, cells[key], policy.max_crashes_per_cell)
            yield replace(contribution, parts=_parts(table, key, kept))


def sums_a_released_cell(
    contribution: Contribution, released: Container[tuple[str, tuple[Clean, ...]]]
) -> bool:
    """Tell whether a summing table may count a contribution (P7).

    `released` holds the periods and keys of the released cells that it sums up. Were the others
    counted too, a sum less its released parts would tell how many are in the suppressed ones.
    """
    return any((contribution.period, part) in released for part in contribution.parts)


def _parts(
    table: Table, key: tuple[Clean, ...], kept: Mapping[str, list[tuple[Clean, ...]]]
) -> tuple[tuple[Clean, ...], ...]:
    """Return the keys of the cells that a summing table's cell sums up, none for other tables."""
    summed = next((each for each in CELL_TABLES if each.name == table.sums), None)
    if summed is None:
        return ()
    places = [summed.names(Role.DIMENSION).index(name) for name in table.names(Role.DIMENSION)]
    return tuple(
        part for part in kept[summed.name] if tuple(part[place] for place in places) == key
    )


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
