"""The search for leaks must itself find a leak, wherever one could hide."""

import urllib.parse
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.leaks import Canary, everything_below, leaks

CANARY = Canary("Jane.Q9x7Doe@Example.org", "email", "a.dmp")


@pytest.mark.parametrize(
    "text",
    [
        b"mail jane.q9x7doe@example.org now",
        CANARY.value.encode("utf-16-le"),
        urllib.parse.quote(CANARY.value, safe="").encode(),
    ],
)
def test_a_planted_value_is_found_in_any_encoding(text: bytes) -> None:
    assert leaks(b"..." + text + b"...", [CANARY]) == [CANARY]


def test_nothing_is_found_where_nothing_is() -> None:
    assert leaks(b"mail <EMAIL_ADDRESS> now", [CANARY]) == []


def test_a_planted_value_is_found_in_a_compressed_column(tmp_path: Path) -> None:
    table = pa.table({"message": [CANARY.value] * 100})
    pq.write_table(table, tmp_path / "t.parquet", compression="zstd")
    assert leaks(everything_below(tmp_path), [CANARY]) == [CANARY]


def test_a_value_that_only_a_dictionary_page_still_holds_is_found(tmp_path: Path) -> None:
    column = pa.array([CANARY.value, "a", "a"]).dictionary_encode()
    table = pa.table({"message": column}).slice(1)
    assert CANARY.value not in table.column("message").to_pylist()
    pq.write_table(table, tmp_path / "t.parquet", compression="none")
    assert leaks(everything_below(tmp_path), [CANARY]) == [CANARY]


def test_a_value_in_schema_metadata_or_a_file_name_is_found(tmp_path: Path) -> None:
    table = pa.table({"n": [1]}).replace_schema_metadata({"who": CANARY.value})
    pq.write_table(table, tmp_path / "t.parquet")
    assert leaks(everything_below(tmp_path), [CANARY]) == [CANARY]
    (tmp_path / "t.parquet").rename(tmp_path / f"{CANARY.value}.parquet")
    assert leaks(str(list(tmp_path.iterdir())).encode(), [CANARY]) == [CANARY]
