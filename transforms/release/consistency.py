"""Complementary suppression (P7): no difference of two tables gives a suppressed cell back.

`crashes_by_version_os` and `crashes_by_signature` count the same crashes, so within one product,
version and system the sum of one table's rows less the sum of the other's is what the second lacks
less what the first lacks. That is harmless only if what a table lacks is of k installations or of
none; where it is of fewer, the smallest row goes too. And since a reader might take it that one of
the tables lacks nothing, the difference itself must be nothing or at least k crashes.
"""

from collections.abc import Collection, Iterable, Mapping

from schemas.records import Clean
from schemas.tables import COMPARED_TABLES, SHARED_DIMENSIONS, Role, Table
from transforms.release.threshold import ReleasedCell

_TABLES = {table.name: table for table in COMPARED_TABLES}


def is_compared(table_name: str) -> bool:
    """Tell whether a table's rows can be summed up and compared with another's."""
    return table_name in _TABLES


def group_of(table_name: str, key: tuple[Clean, ...]) -> tuple[Clean, ...]:
    """Return the part of a compared table's key that both tables have."""
    names = _TABLES[table_name].names(Role.DIMENSION)
    return tuple(key[names.index(name)] for name in SHARED_DIMENSIONS)


def without_differences(
    cells: Collection[ReleasedCell], lacking: Mapping[str, int], k: int
) -> list[ReleasedCell]:
    """Return the cells of one group and period that may still be released.

    Args:
        cells: the group's cells of both compared tables that passed the threshold.
        lacking: for each table, the installations that are in a suppressed cell of the group.
        k: the policy's threshold.
    """
    kept = {name: _largest_first(table, cells) for name, table in _TABLES.items()}
    for name, of_table in kept.items():
        if 0 < lacking.get(name, 0) < k:
            del of_table[-1:]
    fewer, more = sorted(kept.values(), key=_crashes)
    if 0 < _crashes(more) - _crashes(fewer) < k:
        del fewer[-1:]
    return fewer + more


def _largest_first(table: Table, cells: Iterable[ReleasedCell]) -> list[ReleasedCell]:
    of_table = (cell for cell in cells if cell.table == table.name)
    return sorted(of_table, key=lambda cell: (-cell.installs, -cell.crashes, cell.key))


def _crashes(cells: Iterable[ReleasedCell]) -> int:
    return sum(cell.crashes for cell in cells)
