"""The `releases` table: one row a table, with the parameters and what became of the reports."""

from schemas.policy import Policy
from transforms.publish import CellTally, ReportTally, release_rows

POLICY = Policy(name="test", k=12, period_days=7)
REPORTS = ReportTally(
    107, {"truncated": 25, "empty": 12, "malformed": 11}, {"EMAIL_ADDRESS": 50, "URL": 3}
)


def test_every_table_has_one_row_also_when_nothing_of_it_was_released() -> None:
    rows = release_rows(POLICY, {"signatures": CellTally(7, 24, 12)}, REPORTS)
    assert {
        row["table_name"]: (row["cells_released"], row["cells_suppressed"], row["cells_withheld"])
        for row in rows
    } == {
        "crashes_by_version_os": (0, 0, 0),
        "crashes_by_signature": (0, 0, 0),
        "signatures": (7, 24, 12),
    }


def test_a_row_tells_the_rules_and_what_was_read_rejected_and_hidden() -> None:
    row = release_rows(POLICY, {}, REPORTS)[0]
    assert (row["policy"], row["k"], row["period_days"]) == ("test", 12, 7)
    assert (row["max_cells_per_install"], row["max_crashes_per_cell"]) == (10, 5)
    assert row["reports_read"] == 96
    assert row["reports_rejected"] == [
        {"name": "empty", "count": 12},
        {"name": "truncated", "count": 24},
    ]
    assert row["redactions"] == [{"name": "EMAIL_ADDRESS", "count": 48}]


def test_no_exact_total_tells_what_was_suppressed() -> None:
    """119 reports of which 108 are in released rows: 11 of fewer than k installations are left."""
    rows = {
        count: release_rows(POLICY, {"signatures": CellTally(9, count)}, ReportTally(108 + count))
        for count in range(12)
    }
    assert all(row == rows[0] for row in rows.values())
    more = release_rows(POLICY, {"signatures": CellTally(9, 12)}, ReportTally(120))
    assert more != rows[0]
