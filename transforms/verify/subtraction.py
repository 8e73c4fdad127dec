"""Subtraction: no difference of published rows tells of fewer than k crashes (P7).

Tables meet where rows of one can be summed up to rows of another, which is so in two ways only.
Within one product, version and system, `crashes_by_version_os` and `crashes_by_signature` count the
same crashes: that is the one equation between what is published and what is not, and no total
stands anywhere that would bound what is missing. And a row of `signatures` counts the installations
of published rows of `crashes_by_signature`, so it tells nothing of others. Other sums over groups
are sums of these differences and tell nothing more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from schemas.tables import (
    COMPARED_TABLES,
    CRASHES_BY_SIGNATURE,
    SHARED_DIMENSIONS,
    SIGNATURES,
    Role,
)
from transforms.release import Row
from transforms.verify.finding import Check, Finding
from transforms.verify.parquet_file import ReadFile, as_count

_Key = tuple[object, ...]


def check_differences(files: Mapping[str, ReadFile]) -> tuple[int, list[Finding]]:
    """Return how many groups of one period were compared, and the differences that tell too much.

    Args:
        files: the period's files by the names of their tables, of a policy without noise.
    """
    first, second = (files.get(table.name) for table in COMPARED_TABLES)
    if first is None or second is None:
        return 0, []
    sums = [_sums(file.rows, "crash_count") for file in (first, second)]
    groups = sorted(set(sums[0]) & set(sums[1]), key=repr)
    findings = []
    for group in groups:
        difference = abs(sums[0][group] - sums[1][group])
        if 0 < difference < first.rules.k:
            row = _first_row(second.rows, group)
            what = (
                f"row {row} and the others of its {', '.join(SHARED_DIMENSIONS)}: the sum of "
                f"crashes differs from {first.table.name}'s by {difference}, k is {first.rules.k}"
            )
            findings.append(Finding(Check.SUBTRACTION, second.path, what))
    return len(groups), findings


def check_sums(files: Mapping[str, ReadFile]) -> tuple[int, list[Finding]]:
    """Return how many rows of `signatures` were compared, and those that no published rows give.

    Its installations are at least the most and at most the sum of those of the rows that it sums.
    """
    sums, parts = files.get(SIGNATURES.name), files.get(CRASHES_BY_SIGNATURE.name)
    if sums is None or parts is None:
        return 0, []
    names = SIGNATURES.names(Role.DIMENSION)
    counts = defaultdict(list)
    for row in parts.rows:
        counts[tuple(row[name] for name in names)].append(as_count(row["install_count"]))
    findings = []
    for number, row in enumerate(sums.rows, 1):
        of_parts = counts.get(tuple(row[name] for name in names))
        installs = as_count(row["install_count"])
        if of_parts is None:
            what = f"row {number}: sums up no row of {parts.table.name}"
        elif not max(of_parts) <= installs <= sum(of_parts):
            what = f"row {number}, install_count: is not a sum of rows of {parts.table.name}"
        else:
            continue
        findings.append(Finding(Check.SUBTRACTION, sums.path, what))
    return len(sums.rows), findings


def _sums(rows: Iterable[Row], count: str) -> dict[_Key, int]:
    sums: dict[_Key, int] = defaultdict(int)
    for row in rows:
        sums[_group(row)] += as_count(row[count])
    return sums


def _first_row(rows: Iterable[Row], group: _Key) -> int:
    return next(number for number, row in enumerate(rows, 1) if _group(row) == group)


def _group(row: Row) -> _Key:
    return tuple(row[name] for name in SHARED_DIMENSIONS)
