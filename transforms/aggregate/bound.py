"""Contribution bounding (P2): what one installation may add to the tables of one period.

Of each installation some crashes are admitted: as many as leave it in at most L0 cells of every
table, with at most LINF crashes in each. All tables count the same admitted crashes, so that the
difference of two tables tells nothing but what was suppressed in them. In a cell an installation
counts once, however often it crashed, so a flood from one changes little.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from functools import lru_cache
from typing import TypeVar

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Clean, Facts
from schemas.tables import CELL_TABLES, ColumnType, Role
from transforms.aggregate.pseudonym import keyed_hash

Value = TypeVar("Value", Clean, tuple[bytes, ...])
Key = tuple[Clean, ...]

_KEPT = 1 << 16
"""Cells of crashes that a process remembers: most crashes are alike."""


@dataclass(frozen=True, slots=True)
class Contribution:
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


def without_refused(crashes: Iterable[AnonymousCrash]) -> tuple[list[AnonymousCrash], int]:
    """Return the crashes of reports that were not refused, and how many others had come before.

    A report that is refused once is refused in all its uploads.
    """
    crashes = list(crashes)
    refused = {crash.report for crash in crashes if crash.facts is None}
    kept = [crash for crash in crashes if crash.report not in refused]
    dropped = sum(crash.facts is not None and crash.report in refused for crash in crashes)
    return kept, dropped


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
    for position, table in enumerate(CELL_TABLES):
        for key, of_cell in sorted(_by_cell(position, crashes).items()):
            told = _told_of(position, tuple(map(_facts_of, of_cell)))
            first = of_cell[0]
            yield Contribution(table.name, first.period, key, first.install, len(of_cell), *told)


def _facts_of(crash: AnonymousCrash) -> Facts:
    """Return a crash's facts.

    Raises:
        ValueError: it has none, since it stands for a refusal, and so must not be counted.
    """
    if crash.facts is None:
        raise ValueError("a refused report is not counted")
    return crash.facts


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
    in_cells = [Counter[Key]() for _ in CELL_TABLES]
    for crash in _in_drawn_order(reports, bounding_key):
        cells = list(zip(in_cells, _cell_keys(_facts_of(crash)), strict=True))
        if all(_has_room(of_table, key, policy) for of_table, key in cells):
            for of_table, key in cells:
                of_table[key] += 1
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
        cells = _cell_keys(_facts_of(crash))
        ordered.append((seen[cells], len(ordered), crash))
        seen[cells] += 1
    return [crash for _, _, crash in sorted(ordered, key=lambda entry: entry[:2])]


@lru_cache(_KEPT)
def _cell_keys(facts: Facts) -> tuple[Key, ...]:
    """Return the keys of a crash's cells, one a table."""
    return tuple(
        tuple(getattr(facts, name) for name in table.names(Role.DIMENSION)) for table in CELL_TABLES
    )


def _by_cell(position: int, crashes: Iterable[AnonymousCrash]) -> dict[Key, list[AnonymousCrash]]:
    """Return crashes by their cell in the table at a position."""
    cells: dict[Key, list[AnonymousCrash]] = {}
    for crash in crashes:
        cells.setdefault(_cell_keys(_facts_of(crash))[position], []).append(crash)
    return cells


@lru_cache(_KEPT)
def _told_of(
    position: int, crashes: tuple[Facts, ...]
) -> tuple[Mapping[str, Clean], tuple[bytes, ...], tuple[Key, ...]]:
    """Return what an installation's crashes in one cell of a table tell: of several, the usual.

    The value of each attribute, the digests of the stack, and the cells that the cell sums up.
    """
    table = CELL_TABLES[position]
    attributes: dict[str, Clean] = {}
    stacks: tuple[bytes, ...] = ()
    for column in table.columns:
        if column.role is not Role.ATTRIBUTE:
            continue
        if column.type is ColumnType.FRAMES:
            stacks = _most_frequent(facts.stacks for facts in crashes if facts.stacks) or ()
        else:
            known = (getattr(facts, column.name) for facts in crashes)
            value = _most_frequent(value for value in known if value is not None)
            if value is not None:
                attributes[column.name] = value
    summed = [place for place, each in enumerate(CELL_TABLES) if each.name == table.sums]
    parts = {_cell_keys(facts)[place] for place in summed for facts in crashes}
    return attributes, stacks, tuple(sorted(parts))


def _most_frequent(values: Iterable[Value]) -> Value | None:
    """Return the value that occurs most often, of several the first in order, None of nothing."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default=None)
