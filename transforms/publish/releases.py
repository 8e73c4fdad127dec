"""The rows of the `releases` table: by which rules a period was released, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.policy import Policy
from schemas.tables import CELL_TABLES, CONTRACT_VERSION
from transforms.release import Row


@dataclass(frozen=True, slots=True)
class CellTally:
    """How many cells of a table and period were released, suppressed by P1, held by the gate."""

    released: int = 0
    suppressed: int = 0
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class ReportTally:
    """What became of a period's reports: read, rejected by kind, values hidden by entity type."""

    read: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    redactions: Mapping[str, int] = field(default_factory=dict)


def release_rows(policy: Policy, cells: Mapping[str, CellTally], reports: ReportTally) -> list[Row]:
    """Return one period's rows of `releases`, one for each table that is made of cells.

    What is counted of suppressed things is rounded down to a multiple of k: an exact total less
    the released rows would tell what was suppressed (P7). With noise it is not told at all.

    Args:
        policy: the policy that the period was released by.
        cells: this period's cells by the name of their table; a table that is missing had none.
        reports: the counts of this period's reports.
    """
    return [
        _row(table.name, policy, cells.get(table.name, CellTally()), reports)
        for table in CELL_TABLES
    ]


def _row(table_name: str, policy: Policy, cells: CellTally, reports: ReportTally) -> Row:
    tallies: Row = {
        "cells_suppressed": _rounded(cells.suppressed, policy),
        "cells_withheld": _rounded(cells.withheld, policy),
        "reports_read": _rounded(reports.read, policy),
        "reports_rejected": _counts(reports.rejected, policy),
        "redactions": _counts(reports.redactions, policy),
    }
    return {
        "table_name": table_name,
        "policy": policy.name,
        "contract_version": CONTRACT_VERSION,
        "k": policy.k,
        "max_cells_per_install": policy.max_cells_per_install,
        "max_crashes_per_cell": policy.max_crashes_per_cell,
        "period_days": policy.period_days,
        "cells_released": cells.released,
        **(dict.fromkeys(tallies) if policy.noise else tallies),
    }


def _counts(counts: Mapping[str, int], policy: Policy) -> list[dict[str, str | int | None]]:
    rounded = {name: _rounded(count, policy) for name, count in sorted(counts.items())}
    return [{"name": name, "count": count} for name, count in rounded.items() if count]


def _rounded(count: int, policy: Policy) -> int:
    return count // policy.k * policy.k
