"""Contribution bounding (P2): what one installation may add to the tables of one period.

Of each installation some crashes are admitted: as many as leave it in at most L0 cells of every
table, with at most LINF crashes in each. All tables count the same admitted crashes, so that the
difference of two tables tells nothing but what was suppressed in them. In a cell an installation
counts once, however often it crashed, so a flood from one changes little.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import TypeVar

from schemas.crossing import CrossingRecord
from schemas.policy import Policy
from schemas.records import AnonymousCrash, Clean
from schemas.tables import CELL_TABLES, ColumnType, Role, Table
from transforms.aggregate.pseudonym import keyed_hash

Value = TypeVar("Value", Clean, tuple[bytes, ...])
Key = tuple[Clean, ...]


@dataclass(frozen=True, slots=True)
class Contribution(CrossingRecord):
    """What one installation adds to one cell: one installation, its crashes, its attributes.

    Each that shares the cell makes one contribution to it. `install` is its keyed hash, for telling
    installations apart in cells that too few share (P7); it goes no further than the release.
    `attributes` holds one value for each column that the installation knows, `stacks` the digests
    of the prefixes of one stack, the shortest first. `parts` are the keys of the cells that a cell
    of a summing table sums up for this installation.
    """

    table: str
    period: str
    key: Key
    install: bytes = field(repr=False)
    crashes: int
    attributes: Mapping[str, Clean] = field(default_factory=dict)
    stacks: tuple[bytes, ...] = ()
    parts: tuple[Key, ...] = ()


def admitted(
    crashes: Iterable[AnonymousCrash], policy: Policy, bounding_key: bytes
) -> list[AnonymousCrash]:
    """Return the crashes that count of one installation in one period, in a fixed order.

    Two crashes with one report hash are one report uploaded twice, and count once. Which are
    admitted of too many is as good as random, and for one key always the same; a crash in cells
    of its own goes before a second one in the same cells. The order given does not matter.

    Args:
        crashes: all crashes of one installation (or of the unknown one) in one period.
        policy: gives L0 (`max_cells_per_install`) and LINF (`max_crashes_per_cell`).
        bounding_key: the run's key for this choice.

    Raises:
        ValueError: the crashes are of several installations or periods, so bounding would not hold.
    """
    reports = _distinct_reports(crashes)
    if len(reports) > min(policy.max_cells_per_install, policy.max_crashes_per_cell):
        reports = list(_drawn(reports, policy, bounding_key))
    return sorted(reports, key=lambda crash: crash.report)


def contributions(crashes: Collection[AnonymousCrash]) -> Iterator[Contribution]:
    """Yield what one installation's admitted crashes add to the tables, one a table and cell."""
    for table in CELL_TABLES:
        for key, of_cell in sorted(_by_cell(table, crashes).items()):
            attributes, stacks = _attributes(table, of_cell)
            yield Contribution(
                table.name,
                of_cell[0].period,
                key,
                of_cell[0].install,
                len(of_cell),
                attributes,
                stacks,
                _parts(table, of_cell),
            )


def _parts(table: Table, crashes: Iterable[AnonymousCrash]) -> tuple[Key, ...]:
    """Return the keys of the cells that a summing table's cell sums up, none for other tables."""
    summed = next((each for each in CELL_TABLES if each.name == table.sums), None)
    return () if summed is None else tuple(sorted(_by_cell(summed, crashes)))


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


def _drawn(
    reports: Iterable[AnonymousCrash], policy: Policy, bounding_key: bytes
) -> Iterator[AnonymousCrash]:
    in_cells = {table.name: Counter[Key]() for table in CELL_TABLES}
    for crash in _in_drawn_order(reports, bounding_key):
        keys = {table.name: _cell_key(table, crash) for table in CELL_TABLES}
        if all(_has_room(in_cells[name], key, policy) for name, key in keys.items()):
            for name, key in keys.items():
                in_cells[name][key] += 1
            yield crash


def _has_room(in_cells: Counter[Key], key: Key, policy: Policy) -> bool:
    if key in in_cells:
        return in_cells[key] < policy.max_crashes_per_cell
    return len(in_cells) < policy.max_cells_per_install


def _in_drawn_order(reports: Iterable[AnonymousCrash], bounding_key: bytes) -> list[AnonymousCrash]:
    """Return crashes in random order, all first ones of the same cells before any second one."""

    def draw(crash: AnonymousCrash) -> bytes:
        return keyed_hash(bounding_key, crash.period, crash.install, crash.report)

    seen = Counter[tuple[Key, ...]]()
    ordered: list[tuple[int, int, AnonymousCrash]] = []
    for crash in sorted(reports, key=draw):
        cells = tuple(_cell_key(table, crash) for table in CELL_TABLES)
        ordered.append((seen[cells], len(ordered), crash))
        seen[cells] += 1
    return [crash for _, _, crash in sorted(ordered, key=lambda entry: entry[:2])]


def _cell_key(table: Table, crash: AnonymousCrash) -> Key:
    return tuple(getattr(crash, name) for name in table.names(Role.DIMENSION))


def _by_cell(table: Table, crashes: Iterable[AnonymousCrash]) -> dict[Key, list[AnonymousCrash]]:
    cells: dict[Key, list[AnonymousCrash]] = {}
    for crash in crashes:
        cells.setdefault(_cell_key(table, crash), []).append(crash)
    return cells


def _attributes(
    table: Table, crashes: Collection[AnonymousCrash]
) -> tuple[dict[str, Clean], tuple[bytes, ...]]:
    """Return the value that an installation gives for each attribute, and for the stack."""
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
    return attributes, stacks


def _most_frequent(values: Iterable[Value]) -> Value | None:
    """Return the value that occurs most often, of several the first in order, None of nothing."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default=None)
