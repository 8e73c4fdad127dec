"""Queries: over what manifests name, over nothing else of the machine, with one-line errors."""

import csv
import io
import json
import os
import socket
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from pipelines.query import QueryError, run_query
from schemas.policy import Policy
from schemas.tables import CRASHES_BY_VERSION_OS, SIGNATURES, TABLES, Table
from transforms.publish import (
    LocalFileSystem,
    PeriodRelease,
    footer_of,
    parameters_of,
    publish,
    table_bytes,
)
from transforms.release import Row

POLICY = Policy(name="test")
DAY, NEXT_DAY = "2026-11-22", "2026-11-23"
SUMS = (
    "select version, os_name, sum(crash_count) from crashes_by_version_os group by all order by all"
)


def crash_row(version: str, crashes: int, os_name: str = "Linux") -> Row:
    return {
        "product": "Paint",
        "version": version,
        "channel": "stable",
        "os_name": os_name,
        "os_version": "6.1",
        "arch": "arm64",
        "process_type": "main",
        "install_count": 12,
        "crash_count": crashes,
    }


def content(table: Table, rows: list[Row]) -> bytes:
    return table_bytes(table, rows, footer_of(table, POLICY))


@pytest.fixture
def published(tmp_path: Path) -> Path:
    output = tmp_path / "output"
    frames: list[dict[str, str | int | None]] = [
        {"module": "m.so", "function": "draw", "file": None, "line": 3, "offset": None},
        {"module": None, "function": "say \x1b[31mred", "file": "a.c", "line": 4, "offset": 16},
    ]
    signature: Row = {
        "product": "Paint",
        "signature": "draw | paint",
        "install_count": 12,
        "message_template": "no, no <n>",
        "frames": frames,
    }
    versions = [
        [crash_row("1.0", 20), crash_row("1.1", 30)],
        [crash_row("1.0", 40), crash_row("1.0", 5, "macOS")],
    ]
    files = [content(CRASHES_BY_VERSION_OS, rows) for rows in versions]
    releases = [
        PeriodRelease(
            DAY,
            {"crashes_by_version_os": files[0], "signatures": content(SIGNATURES, [signature])},
        ),
        PeriodRelease(NEXT_DAY, {"crashes_by_version_os": files[1]}),
    ]
    publish(releases, parameters_of(POLICY), "fingerprint", LocalFileSystem(output))
    return output


def answer(directory: Path, sql: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(run_query(directory, sql, "csv"))))


def test_a_query_sums_over_periods_that_are_a_column(published: Path) -> None:
    assert answer(published, SUMS) == [
        ["version", "os_name", "sum(crash_count)"],
        ["1.0", "Linux", "60"],
        ["1.0", "macOS", "5"],
        ["1.1", "Linux", "30"],
    ]
    by_day = "select period, sum(crash_count) from crashes_by_version_os group by all order by all"
    assert answer(published, by_day)[1:] == [[DAY, "50"], [NEXT_DAY, "45"]]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_a_view_with_its_columns_and_the_period_even_when_empty(
    published: Path, table: Any
) -> None:
    (header, *_) = answer(published, f"select * from {table.name}")  # noqa: S608 - a table's name
    assert header == [*(column.name for column in table.columns), "period"]


def test_pandas_polars_and_plain_duckdb_read_the_folder_too(published: Path) -> None:
    folder = published / "crashes_by_version_os"
    assert pd.read_parquet(folder)["crash_count"].sum() == 95
    assert pl.read_parquet(folder)["crash_count"].sum() == 95
    sql = f"select sum(crash_count), max(period) from '{folder}/*/*.parquet'"  # noqa: S608 - own path
    with duckdb.connect(":memory:") as connection:
        assert [str(value) for value in connection.execute(sql).fetchall()[0]] == ["95", NEXT_DAY]


def test_a_period_without_a_manifest_is_not_seen(published: Path) -> None:
    (published / f"_manifests/period={NEXT_DAY}.json").unlink()
    assert answer(published, "select sum(crash_count) from crashes_by_version_os")[1] == ["50"]


@pytest.mark.parametrize(
    ("name", "owner", "function"),
    [
        ("_manifests", os, "scandir"),
        (f"_manifests/period={DAY}.json", Path, "read_bytes"),
        (f"crashes_by_version_os/period={DAY}/part-0.parquet", Path, "is_file"),
    ],
)
def test_what_cannot_be_read_is_named_and_is_not_taken_for_nothing(
    published: Path, name: str, owner: Any, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = getattr(owner, function)

    def forbidden(path: str | Path) -> Any:
        if Path(path) == published / name:
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(owner, function, forbidden)
    with pytest.raises(QueryError, match=f"^{published / name}: cannot be read: Permission denie"):
        run_query(published, SUMS, "csv")


def test_a_table_to_read_shows_all_of_long_texts_and_nothing_a_terminal_obeys(
    published: Path,
) -> None:
    text = run_query(published, "select frames, repeat('x', 300) as long from signatures", "table")
    assert "x" * 300 in text
    assert "\x1b" not in text
    assert "say" in text
    raw = run_query(published, "select frames[2]['function'] as function from signatures", "table")
    assert "\x1b" not in raw
    assert "red" in raw


def test_json_has_one_object_a_row_with_nested_frames_and_null_for_what_is_none(
    published: Path,
) -> None:
    sql = (
        "select period, signature, frames, null as n, 1.5 as d, 'nan'::double as x from signatures"
    )
    (row,) = json.loads(run_query(published, sql, "json"))
    assert row == {
        "period": DAY,
        "signature": "draw | paint",
        "frames": [
            {"module": "m.so", "function": "draw", "file": None, "line": 3, "offset": None},
            {
                "module": None,
                "function": "say \x1b[31mred",
                "file": "a.c",
                "line": 4,
                "offset": 16,
            },
        ],
        "n": None,
        "d": 1.5,
        "x": None,
    }


def test_csv_has_no_break_of_a_line_within_a_cell_that_is_not_quoted(published: Path) -> None:
    text = run_query(published, "select 'a' || chr(13) || '=1+1' as a", "csv")
    assert text == "a\na\N{REPLACEMENT CHARACTER}=1+1\n"


def test_csv_quotes_what_it_must(published: Path) -> None:
    text = run_query(published, "select message_template, null as n from signatures", "csv")
    assert text == 'message_template,n\n"no, no <n>",\n'


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+[Painter draw]",
        "-[Painter draw]",
        "@SUM(1)",
        "\t=1+1",
        " =1+1",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
    ],
)
def test_csv_holds_no_text_that_a_spreadsheet_would_run(published: Path, text: str) -> None:
    quoted = text.replace("'", "''")
    answer = run_query(published, f"select '{quoted}' as a, -1 as b, 'a=1' as c", "csv")
    assert list(csv.reader(io.StringIO(answer, newline="")))[1] == [f"'{text}", "-1", "a=1"]


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("selec 1", "Parser Error: syntax error at or near"),
        ("select nope from signatures", 'Binder Error: Referenced column "nope" not found'),
        ("select * from nope", "Catalog Error: Table with name nope does not exist!"),
        ("", "the query asks nothing"),
        ("-- nothing", "the query asks nothing"),
    ],
)
def test_a_query_that_is_wrong_is_one_line_that_says_why(
    published: Path, sql: str, error: str
) -> None:
    with pytest.raises(QueryError) as caught:
        run_query(published, sql, "table")
    assert str(caught.value).startswith(error)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from '{secret}'",
        "select * from read_csv('{secret}')",
        "select * from read_text('{secret}')",
        "select * from glob('/*')",
        "copy signatures to '{secret}'",
        "copy (select 1) to '{new}'",
        "attach '{new}'",
        "export database '{new}'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "select * from directory",
    ],
)
def test_a_query_reaches_nothing_else_of_the_machine(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    secret, new = tmp_path / "secret.csv", tmp_path / "new"
    secret.write_text("name\njane\n")
    monkeypatch.setattr(socket, "socket", None)
    with pytest.raises(QueryError):
        run_query(published, sql.format(secret=secret, new=new), "csv")
    assert secret.read_text() == "name\njane\n"
    assert not new.exists()


def test_without_the_locks_the_same_query_would_read_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name\njane\n")
    with duckdb.connect(":memory:") as connection:
        query = f"select * from '{secret}'"  # noqa: S608 - own path
        assert connection.execute(query).fetchall() == [("jane",)]


def test_a_query_cannot_change_what_is_published(published: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in published.rglob("*.*")}
    for sql in ("delete from signatures", "insert into signatures select * from signatures"):
        with pytest.raises(QueryError):
            run_query(published, sql, "csv")
    assert {path: path.stat().st_mtime_ns for path in published.rglob("*.*")} == before


def test_of_several_statements_none_is_asked(published: Path) -> None:
    with pytest.raises(QueryError, match="one thing at a time"):
        run_query(published, "select period from releases; select 1", "csv")


def test_an_environment_variable_is_not_to_be_had(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "SECRET", "jane")
    with pytest.raises(QueryError):
        run_query(published, "select getenv('SECRET')", "csv")


def test_a_folder_that_is_missing_empty_or_damaged_is_one_line(
    published: Path, tmp_path: Path
) -> None:
    with pytest.raises(QueryError, match="no folder is there"):
        run_query(tmp_path / "nowhere", "select 1", "csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(QueryError, match="nothing is published here"):
        run_query(tmp_path / "empty", "select 1", "csv")
    (published / f"signatures/period={DAY}/part-0.parquet").unlink()
    with pytest.raises(QueryError, match="is not there"):
        run_query(published, "select 1", "csv")
    (published / f"_manifests/period={DAY}.json").write_text("{")
    with pytest.raises(QueryError, match="is not a manifest"):
        run_query(published, "select 1", "csv")
