"""Rows: sorted, unique, whole, of enough installations, and with counts that fit each other."""

from collections.abc import Iterator
from itertools import pairwise

from schemas.tables import CELL_TABLES, Role
from transforms.verify.finding import Check, Finding
from transforms.verify.parquet_file import ReadFile, as_count

_CELL_TABLES = {table.name for table in CELL_TABLES}
_INSTALLS, _CRASHES = "install_count", "crash_count"


def check_order(file: ReadFile) -> list[Finding]:
    """Return a finding for each row that does not stand after the one before it (P10)."""
    names = file.table.names(Role.DIMENSION) or file.table.names(Role.PARAMETER)
    keys = [tuple(row[name] for name in names) for row in file.rows]
    return [
        Finding(Check.ROWS, file.path, f"row {number}: {_why(before == key)}")
        for number, (before, key) in enumerate(pairwise(keys), 2)
        if not before < key
    ]


def check_nulls(file: ReadFile) -> list[Finding]:
    """Return a finding for each null where the release rules have none."""
    return [
        Finding(Check.ROWS, file.path, f"row {number}, {column}: {what}")
        for number, column, what in _nulls(file)
    ]


def check_floor(file: ReadFile) -> list[Finding]:
    """Return a finding for each row of fewer than k installations (P1)."""
    if file.table.name not in _CELL_TABLES:
        return []
    k = file.rules.k
    return [
        Finding(Check.FLOOR, file.path, f"row {number}: {row[_INSTALLS]} installations, k is {k}")
        for number, row in enumerate(file.rows, 1)
        if as_count(row[_INSTALLS]) < k
    ]


def check_counts(file: ReadFile) -> list[Finding]:
    """Return a finding for each row with fewer or more crashes than its installations add (P2).

    Counts with noise need not fit each other.
    """
    if _CRASHES not in file.table.names(Role.COUNT) or file.rules.has_noise:
        return []
    findings = []
    for number, row in enumerate(file.rows, 1):
        installs, crashes = as_count(row[_INSTALLS]), as_count(row[_CRASHES])
        if not installs <= crashes <= installs * file.rules.max_crashes_per_cell:
            what = f"row {number}: {crashes} crashes of {installs} installations"
            findings.append(Finding(Check.COUNTS, file.path, what))
    return findings


def _nulls(file: ReadFile) -> Iterator[tuple[int, str, str]]:
    for number, row in enumerate(file.rows, 1):
        for column in file.table.columns:
            value = row[column.name]
            withheld = file.rules.has_noise and column.role in (Role.ATTRIBUTE, Role.TALLY)
            if value is None and not withheld and column.role is not Role.ATTRIBUTE:
                yield number, column.name, "is null"
            elif value is not None and withheld:
                yield number, column.name, "is shown, and a policy with noise does not release it"
            elif isinstance(value, list) and None in value:
                yield number, column.name, "holds a null"


def _why(same_key: bool) -> str:
    return "has the key of another row" if same_key else "is not in the order of its key"
