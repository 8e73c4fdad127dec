"""Contribution bounding (P2): what one installation may add to the tables of one period.

Of each installation some crashes are admitted: as many as leave it in at most L0 cells of every
table, with at most LINF crashes in each. All tables count the same admitted crashes, so that the
difference of two tables tells nothing but what was suppressed in them. In a cell an installation
counts once, however often it crashed, so a flood from one changes little.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from operator import attrgetter
from typing import TypeVar

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Clean, Facts
from schemas.tables import CELL_TABLES, ColumnType, Role, Table
from transforms.aggregate.pseudonym import keyed_hash

Value = TypeVar("Value", Clean, bytes)
Key = tuple[Clean, ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one installation adds to one cell: one installation, its crashes, its attributes.

    Each that shares the cell makes one contribution to it. `install` is its keyed hash, for telling
    installations apart in cells that too few share (P7); it goes no further than the release.
    `attributes` holds one value for each column that the installation knows, `stack` the digest of
    one stack. `parts` are the keys of the cells that a cell of a summing table sums up for this
    installation.
    """

    table: str
    period: str
    key: Key
    install: bytes = field(repr=False)
    crashes: int
    attributes: Mapping[str, Clean] = field(default_factory=dict)
    stack: bytes = b""
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


def contributions(crashes: Sequence[AnonymousCrash]) -> Iterator[Contribution]:
    """Yield what one installation's admitted crashes add to the tables, one a table and cell."""
    if not crashes:
        return
    period, install = crashes[0].period, crashes[0].install
    facts = list(map(_facts_of, crashes))
    for take in _TAKES:
        cells: dict[Key, list[Facts]] = {}
        for each in facts:
            cells.setdefault(take.key(each), []).append(each)
        for key in sorted(cells):
            told = take.told(cells[key])
            yield Contribution(take.table, period, key, install, len(cells[key]), *told)


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


def _cell_keys(facts: Facts) -> tuple[Key, ...]:
    """Return the keys of a crash's cells, one a table."""
    return tuple(take.key(facts) for take in _TAKES)


class _Take:
    """What a table takes of crashes: their keys, and what they tell in a cell."""

    def __init__(self, table: Table) -> None:
        """Look up once which facts the table's columns take."""
        self.table = table.name
        self.key: Callable[[Facts], Key] = attrgetter(*table.names(Role.DIMENSION))
        attributes = [column for column in table.columns if column.role is Role.ATTRIBUTE]
        self._texts = [each.name for each in attributes if each.type is ColumnType.TEXT]
        self._has_stack = any(each.type is ColumnType.FRAMES for each in attributes)
        self._part = next(
            (_Take(each).key for each in CELL_TABLES if each.name == table.sums), None
        )

    def told(self, crashes: Sequence[Facts]) -> tuple[Mapping[str, Clean], bytes, tuple[Key, ...]]:
        """Return what an installation's crashes in one cell tell: of several, the usual.

        The value of each attribute, the digest of the stack, and the cells that the cell sums up.
        """
        told = {
            name: _most_frequent([getattr(each, name) for each in crashes]) for name in self._texts
        }
        attributes = {name: value for name, value in told.items() if value is not None}
        stack = (
            _most_frequent([each.stack or None for each in crashes]) if self._has_stack else None
        )
        parts = {self._part(each) for each in crashes} if self._part else ()
        return attributes, stack or b"", tuple(sorted(parts))


_TAKES = tuple(map(_Take, CELL_TABLES))


def _most_frequent(values: Sequence[Value | None]) -> Value | None:
    """Return the value that occurs most often, of several the first in order, None of nothing."""
    if len(values) == 1:  # as of most installations, and spares most of the time
        return values[0]
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], value), default=None)
