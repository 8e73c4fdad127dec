"""The `releases` table: one row a table, with the parameters and what became of the reports."""

from schemas.policy import Policy
from transforms.publish import CellTally, RunTally, release_rows

POLICY = Policy(name="test", k=12, period_days=7)
RUN = RunTally(100, {"truncated": 2, "empty": 1, "malformed": 0}, {"EMAIL_ADDRESS": 5})


def test_every_table_has_one_row_also_when_nothing_of_it_was_released() -> None:
    rows = release_rows(POLICY, {"signatures": CellTally(7, 8, 9)}, RUN)
    assert {
        row["table_name"]: (row["cells_released"], row["cells_suppressed"], row["cells_withheld"])
        for row in rows
    } == {
        "crashes_by_version_os": (0, 0, 0),
        "crashes_by_signature": (0, 0, 0),
        "signatures": (7, 8, 9),
    }


def test_a_row_tells_the_rules_and_what_the_whole_run_read_rejected_and_hid() -> None:
    row = release_rows(POLICY, {}, RUN)[0]
    assert (row["policy"], row["k"], row["period_days"]) == ("test", 12, 7)
    assert (row["max_cells_per_install"], row["max_crashes_per_cell"]) == (10, 5)
    assert row["reports_read"] == 100
    assert row["reports_rejected"] == [
        {"name": "empty", "count": 1},
        {"name": "truncated", "count": 2},
    ]
    assert row["redactions"] == [{"name": "EMAIL_ADDRESS", "count": 5}]
