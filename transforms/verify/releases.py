"""The `releases` table: it tells the tables' true sizes, and all else in multiples of k (P7)."""

import re
from collections.abc import Iterator, Mapping

from schemas.records import FailureKind
from schemas.tables import CELL_TABLES, RELEASES, ColumnType, Role
from transforms.release import Row
from transforms.verify.finding import Check, Finding
from transforms.verify.parquet_file import ReadFile

_EXACT = "cells_released"
_KINDS = {str(kind) for kind in FailureKind}
_ENTITY_TYPE = re.compile(r"[A-Z][A-Z_]{0,63}")


def check_releases(files: Mapping[str, ReadFile]) -> list[Finding]:
    """Return what is wrong with one period's `releases`, beside the period's other files by name.

    Under a policy with noise the tallies are null, which the rows' check holds, and a period may
    be empty: it is released once its noise is drawn.
    """
    releases = files.get(RELEASES.name)
    if releases is None:
        return []
    findings = []
    cells = [files[table.name] for table in CELL_TABLES if table.name in files]
    is_empty = len(cells) == len(CELL_TABLES) and not any(file.rows for file in cells)
    if is_empty and not releases.rules.has_noise:
        findings.append("is published, though no row of its period is")
    if [row["table_name"] for row in releases.rows] != sorted(table.name for table in CELL_TABLES):
        findings.append("has not one row for each table of cells")
    for number, row in enumerate(releases.rows, 1):
        findings += [f"row {number}, {what}" for what in _parameters(row, releases.footer)]
        findings += [f"row {number}, {what}" for what in _tallies(row, releases.rules.k)]
        table = files.get(str(row["table_name"]))
        if row[_EXACT] is not None and table is not None and row[_EXACT] != len(table.rows):
            findings.append(f"row {number}, {_EXACT}: the table has {len(table.rows)} rows")
    return [Finding(Check.RELEASES, releases.path, what) for what in findings]


def _parameters(row: Row, footer: Mapping[str, str]) -> Iterator[str]:
    for name in RELEASES.names(Role.PARAMETER):
        if name != "table_name" and str(row[name]) != footer.get(f"crashveil.{name}"):
            yield f"{name}: is not what the footer says"


def _tallies(row: Row, k: int) -> Iterator[str]:
    for column in RELEASES.columns:
        value = row[column.name]
        if column.role is not Role.TALLY or value is None:
            continue
        if column.type is ColumnType.INTEGER:
            if not _is_rounded(value, k):
                yield f"{column.name}: is not a multiple of k"
        elif isinstance(value, list):
            yield from (f"{column.name}: {what}" for what in _labelled(column.name, value, k))


def _labelled(column: str, items: list[dict[str, str | int | None]], k: int) -> Iterator[str]:
    names = [str(item["name"]) for item in items if item]
    if names != sorted(set(names)):
        yield "is not in order"
    if any(not _is_label(column, name) for name in names):
        yield "names what is no kind that is counted"
    if any(not item or not item["count"] or not _is_rounded(item["count"], k) for item in items):
        yield "is not a multiple of k"


def _is_label(column: str, name: str) -> bool:
    return name in _KINDS if column == "reports_rejected" else bool(_ENTITY_TYPE.fullmatch(name))


def _is_rounded(value: object, k: int) -> bool:
    return isinstance(value, int) and value >= 0 and value % k == 0
