"""From a released cell to the row of its table, and to the strings that a row shows."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.records import CleanFrame
from schemas.tables import CELL_TABLES, FRAME_FIELDS, ColumnType, Role
from transforms.release.threshold import ReleasedCell

Value = str | int | list[dict[str, str | int | None]] | None
Row = Mapping[str, Value]
"""A row to be published: a value for each column of its table."""

_TABLES = {table.name: table for table in CELL_TABLES}
_COUNTS = {"install_count": "installs", "crash_count": "crashes"}


def row_of(cell: ReleasedCell, frames: Sequence[CleanFrame] | None) -> Row:
    """Return a released cell's row.

    Args:
        cell: the cell.
        frames: what `cell.stack` stands for, None when the cell shows no stack.
    """
    table = _TABLES[cell.table]
    row: dict[str, Value] = dict(zip(table.names(Role.DIMENSION), cell.key, strict=True))
    for column in table.columns:
        if column.role is Role.COUNT:
            row[column.name] = getattr(cell, _COUNTS[column.name])
        elif column.type is ColumnType.FRAMES:
            row[column.name] = None if frames is None else [_frame(frame) for frame in frames]
        elif column.role is Role.ATTRIBUTE:
            row[column.name] = cell.attributes.get(column.name)
    return row


def _frame(frame: CleanFrame) -> dict[str, str | int | None]:
    return {name: getattr(frame, name) for name in FRAME_FIELDS}


def strings_of(row: Row) -> Iterator[str]:
    """Yield every string that a row shows, those inside of lists too."""
    for value in row.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (
                inner for item in value for inner in item.values() if isinstance(inner, str)
            )
