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
class RunTally:
    """What became of all reports of a run: read, rejected by kind, values hidden by entity type."""

    reports_read: int = 0
    reports_rejected: Mapping[str, int] = field(default_factory=dict)
    redactions: Mapping[str, int] = field(default_factory=dict)


def release_rows(policy: Policy, cells: Mapping[str, CellTally], run: RunTally) -> list[Row]:
    """Return one period's rows of `releases`, one for each table that is made of cells.

    Args:
        policy: the policy that the period was released by.
        cells: this period's cells by the name of their table; a table that is missing had none.
        run: the counts of the whole run.
    """
    return [
        _row(table.name, policy, cells.get(table.name, CellTally()), run) for table in CELL_TABLES
    ]


def _row(table_name: str, policy: Policy, cells: CellTally, run: RunTally) -> Row:
    return {
        "table_name": table_name,
        "policy": policy.name,
        "contract_version": CONTRACT_VERSION,
        "k": policy.k,
        "max_cells_per_install": policy.max_cells_per_install,
        "max_crashes_per_cell": policy.max_crashes_per_cell,
        "period_days": policy.period_days,
        "cells_released": cells.released,
        "cells_suppressed": cells.suppressed,
        "cells_withheld": cells.withheld,
        "reports_read": run.reports_read,
        "reports_rejected": _counts(run.reports_rejected),
        "redactions": _counts(run.redactions),
    }


def _counts(counts: Mapping[str, int]) -> list[dict[str, str | int | None]]:
    return [{"name": name, "count": count} for name, count in sorted(counts.items()) if count]
