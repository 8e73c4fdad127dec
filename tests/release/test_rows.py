"""Rows: a value for each of the table's columns, and no string of them hidden from the gate."""

import pytest

from schemas.records import Clean, CleanFrame
from schemas.tables import CELL_TABLES, Role, Table
from transforms.release import ReleasedCell, row_of, strings_of

DAY = "2026-11-22"


@pytest.mark.parametrize("table", CELL_TABLES, ids=lambda table: table.name)
def test_a_row_has_exactly_its_tables_columns_in_their_places(table: Table) -> None:
    dimensions = table.names(Role.DIMENSION)
    key = tuple(Clean(f"some {name}") for name in dimensions)
    row = row_of(ReleasedCell(table.name, DAY, key, 12, 34), None)
    assert set(row) == {column.name for column in table.columns}
    assert {name: row[name] for name in dimensions} == {name: f"some {name}" for name in dimensions}
    assert row["install_count"] == 12
    assert row.get("crash_count", 34) == 34
    assert all(row[name] is None for name in table.names(Role.ATTRIBUTE))


def test_attributes_and_frames_stand_in_their_columns() -> None:
    key = (Clean("Paint"), Clean("draw"))
    attributes = {"message_template": Clean("no <n>")}
    frames = (CleanFrame(Clean("libpaint.so"), Clean("draw"), None, None, 16, in_app=True),)
    row = row_of(ReleasedCell("signatures", DAY, key, 12, 34, attributes, b"digest"), frames)
    assert row["message_template"] == "no <n>"
    assert row["frames"] == [
        {"module": "libpaint.so", "function": "draw", "file": None, "line": None, "offset": 16}
    ]


def test_every_string_of_a_row_reaches_the_gate_those_in_frames_too() -> None:
    key = (Clean("Paint"), Clean("draw"))
    frames = (CleanFrame(module=Clean("m"), function=Clean("f"), file=Clean("jane.c"), line=1),)
    cell = ReleasedCell("signatures", DAY, key, 12, 34, {"message_template": Clean("no")}, b"d")
    assert sorted(strings_of(row_of(cell, frames))) == ["Paint", "draw", "f", "jane.c", "m", "no"]
