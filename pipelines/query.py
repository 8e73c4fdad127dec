"""Asking the published tables in SQL: DuckDB in memory, over the files that manifests name.

The query sees the tables and nothing else of the machine: PyArrow reads the files, and DuckDB's own
access to files, network, extensions and Python variables is switched off before the SQL runs.
"""

import csv
import io
import json
import math
import re
import shutil
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.dataset as arrow_dataset
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from schemas.tables import TABLES, Table
from transforms.os_errors import why
from transforms.publish import LocalFileSystem, ManifestError, arrow_schema, published_paths

OutputFormat = Literal["table", "csv", "json"]
Names = Sequence[str]
Rows = Sequence[Sequence[Any]]

_PERIOD = pa.field("period", pa.date32())
_LOCKED = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)
_UNLIMITED_WIDTH = 1_000_000


class QueryError(ValueError):
    """A query that cannot be answered; one line that says why."""


def run_query(directory: Path, sql: str, output_format: OutputFormat) -> str:
    """Return the answer of an SQL query as text that ends in a line break.

    Every published table is a view of its name, with the first day of its period in the column
    `period` (DATE); a table of which nothing is published is an empty view. The format is a `table`
    to read, `csv` with a header, or `json`, an array with one object for each row.

    Raises:
        QueryError: nothing is published in the directory, a file there cannot be read, or DuckDB
            refuses the query.
    """
    with duckdb.connect(":memory:") as connection:
        try:
            _register_tables(connection, directory)
        except OSError as error:
            place = error.filename or directory
            raise QueryError(f"{place}: cannot be read: {why(error)}") from error
        for setting in _LOCKED:
            connection.execute(setting)
        names, rows = _answer(connection, sql)
    return _RENDERERS[output_format](names, rows)


def _register_tables(connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
    if not directory.is_dir():
        raise QueryError(f"{directory}: no folder is there")
    try:
        paths = published_paths(LocalFileSystem(directory))
    except ManifestError as error:
        raise QueryError(f"{directory}: {error}") from error
    if not any(paths.values()):
        raise QueryError(f"{directory}: nothing is published here; crashveil run publishes")
    for table in TABLES:
        files = [directory / path for path in paths[table.name]]
        missing = [path for path in files if not path.is_file()]
        if missing:
            raise QueryError(f"{missing[0]}: is named in a manifest and is not there")
        connection.register(table.name, _dataset(table, files))


def _dataset(table: Table, files: Sequence[Path]) -> arrow_dataset.Dataset:
    return arrow_dataset.dataset(
        [str(path) for path in files],
        schema=arrow_schema(table).append(_PERIOD),
        format="parquet",
        partitioning=arrow_dataset.partitioning(pa.schema([_PERIOD]), flavor="hive"),
    )


def _answer(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Names, Rows]:
    try:
        if len(connection.extract_statements(sql)) > 1:
            raise QueryError("ask one thing at a time: there are several statements")
        answered = connection.execute(sql) is not None and connection.description
        if not answered:
            raise QueryError("the query asks nothing")
        return [column[0] for column in answered], connection.fetchall()
    except duckdb.Error as error:
        raise QueryError(" ".join(str(error).split("\n\n")[0].split())) from error


def _as_table(names: Names, rows: Rows) -> str:
    table = RichTable()
    for position, name in enumerate(names):
        is_number = all(isinstance(row[position], int | float | Decimal) for row in rows)
        justify: Literal["right", "left"] = "right" if rows and is_number else "left"
        table.add_column(Text(_printable(name)), justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_printable(_as_text(value))) for value in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _UNLIMITED_WIDTH
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def _as_csv(names: Names, rows: Rows) -> str:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_as_cell(value) for value in row] for row in rows)
    return sink.getvalue()


_FORMULA = re.compile(r"[\s\x00]*[=+@\-\uff1d\uff0b\uff20\uff0d]")
"""How text begins that a spreadsheet may run as a formula, in wide letters too."""


def _as_cell(value: Any) -> str:
    """Return a cell's text; a text that a spreadsheet might run is preceded by an apostrophe.

    Names of functions and messages come from reports that anybody can send. Source: OWASP, "CSV
    Injection".
    """
    text = _as_text(value).replace("\r", "\N{REPLACEMENT CHARACTER}")  # it would end the row
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _as_json(names: Names, rows: Rows) -> str:
    objects = (dict(zip(names, map(_as_json_value, row), strict=True)) for row in rows)
    lines = (json.dumps(each, ensure_ascii=False) for each in objects)
    return "[" + ",\n ".join(lines) + "]\n"


_RENDERERS = {"table": _as_table, "csv": _as_csv, "json": _as_json}


def _as_text(value: Any) -> str:
    """Return a value as a cell's text: nothing for null, JSON for lists and structs."""
    if value is None:
        return ""
    if isinstance(value, list | dict | tuple):
        return json.dumps(_as_json_value(value), ensure_ascii=False)
    return str(value)


def _as_json_value(value: Any) -> Any:
    """Return a value as JSON has it: an infinite number is null, a time is ISO text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return float(value) if math.isfinite(value) else None
        case list() | tuple():
            return [_as_json_value(item) for item in value]
        case dict():
            return {str(key): _as_json_value(item) for key, item in value.items()}
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _printable(text: str) -> str:
    """Return text without what a terminal would obey, such as escape sequences."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
