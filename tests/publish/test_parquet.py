"""The Parquet file: the rows, the rules they were released by, and nothing else."""

import io
import os
import random
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Policy
from schemas.tables import CRASHES_BY_SIGNATURE, FOOTER_KEYS, RELEASES, SIGNATURES, TABLES, Table
from transforms.publish import ReportTally, arrow_schema, footer_of, release_rows, table_bytes
from transforms.release import Row

POLICY = Policy(name="test", k=12)
FOOTER = footer_of(SIGNATURES, POLICY)
CANARY = "jane.doe-canary"


def signature_row(signature: str, **changes: Any) -> dict[str, Any]:
    row = {
        "product": "Paint",
        "signature": signature,
        "install_count": 12,
        "message_template": None,
        "frames": [
            {"module": "m.so", "function": "draw", "file": None, "line": 3, "offset": None},
        ],
    }
    return row | changes


ROWS = [signature_row(f"draw {number}") for number in range(20)]


def traces(content: bytes, value: str) -> list[str]:
    """Return where in a Parquet file a value can be found, however the file is compressed."""
    needle = value.encode()
    file = pq.ParquetFile(io.BytesIO(content), read_dictionary=[])
    as_written = file.read()
    places = {"file": content, "schema": str(file.schema_arrow.metadata).encode()}
    dictionaries = [
        name for name in as_written.column_names if as_written[name].type == pa.string()
    ]
    encoded = pq.ParquetFile(io.BytesIO(content), read_dictionary=dictionaries).read()
    for name in dictionaries:
        for chunk in encoded[name].chunks:
            places[f"dictionary of {name}"] = str(chunk.dictionary.to_pylist()).encode()
    rewritten = io.BytesIO()
    pq.write_table(as_written, rewritten, compression="none")
    places["rewrite"] = rewritten.getvalue()
    metadata = file.metadata
    places["statistics"] = str(
        [
            metadata.row_group(group).column(column).statistics
            for group in range(metadata.num_row_groups)
            for column in range(metadata.num_columns)
        ]
    ).encode()
    return [place for place, held in places.items() if needle in held]


def removed_but_in_a_dictionary() -> bytes:
    column = pa.array([CANARY, "draw", "draw"]).dictionary_encode()
    table = pa.table({"signature": column}).filter(pa.array([False, True, True]))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def left_in_schema_metadata() -> bytes:
    table = pa.table({"signature": ["draw"]}).replace_schema_metadata({"made_by": CANARY})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "leaking",
    [
        removed_but_in_a_dictionary(),
        left_in_schema_metadata(),
        table_bytes(SIGNATURES, [signature_row(CANARY)], FOOTER),
    ],
    ids=["dictionary page", "schema metadata", "row"],
)
def test_the_search_for_traces_finds_a_planted_leak(leaking: bytes) -> None:
    assert traces(leaking, CANARY)


def test_of_a_row_that_is_not_released_no_trace_is_in_the_file() -> None:
    every = [*ROWS, signature_row(CANARY, product=CANARY)]
    released = [row for row in every if row["signature"] != CANARY]
    assert traces(table_bytes(SIGNATURES, released, FOOTER), CANARY) == []


def test_columns_are_plain_without_dictionary_pages_and_the_footer_holds_the_allowlist() -> None:
    metadata = pq.ParquetFile(io.BytesIO(table_bytes(SIGNATURES, ROWS, FOOTER))).metadata
    columns = [metadata.row_group(0).column(number) for number in range(metadata.num_columns)]
    assert not any(column.has_dictionary_page for column in columns)
    assert {column.compression for column in columns} == {"ZSTD"}
    assert {key.decode() for key in metadata.metadata} == {
        "crashveil.contract_version",
        "crashveil.table",
        "crashveil.policy",
        "crashveil.anonymous",
        "crashveil.k",
        "crashveil.max_cells_per_install",
        "crashveil.max_crashes_per_cell",
        "crashveil.reports_without_install_are_distinct",
        "crashveil.period_days",
        "crashveil.nlp",
        "crashveil.epsilon",
        "crashveil.delta",
    }
    assert metadata.metadata[b"crashveil.k"] == b"12"
    assert metadata.metadata[b"crashveil.anonymous"] == b"true"


@pytest.mark.parametrize(
    ("model", "published"),
    [
        ("no_op", "no_op"),
        ("spacy:en_core_web_lg", "spacy:en_core_web_lg"),
        ("spacy:/home/jane/models/tiny/", "spacy:tiny"),
        (r"spacy:C:\Users\jane\tiny", "spacy:tiny"),
        ("transformers:dslim/bert-base-NER", "transformers:bert-base-NER"),
    ],
)
def test_the_footer_names_the_language_model_but_no_path(model: str, published: str) -> None:
    footer = footer_of(SIGNATURES, Policy(name="trial", nlp=model))
    assert footer["crashveil.nlp"] == published


def test_a_policy_that_is_not_anonymous_says_so_in_the_footer() -> None:
    footer = footer_of(SIGNATURES, Policy(name="trial", k=1, anonymous=False))
    assert footer["crashveil.anonymous"] == "false"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_can_be_written_empty_and_keeps_its_schema(table: Table) -> None:
    content = table_bytes(table, [], footer_of(table, POLICY))
    read = pq.read_table(io.BytesIO(content))
    assert read.num_rows == 0
    assert read.schema.remove_metadata().equals(arrow_schema(table))


def test_what_is_written_is_read_back_sorted_by_key() -> None:
    rows = [signature_row("b"), signature_row("a", product="Word"), signature_row("c", frames=None)]
    read = pq.read_table(io.BytesIO(table_bytes(SIGNATURES, rows, FOOTER))).to_pylist()
    assert read == [rows[0], rows[2], rows[1]]


def test_the_releases_table_is_read_back_as_it_was_told() -> None:
    rows = release_rows(POLICY, {}, ReportTally(5, {"empty": 1}, {"IP_ADDRESS": 2}))
    content = table_bytes(RELEASES, rows, footer_of(RELEASES, POLICY))
    read = pq.read_table(io.BytesIO(content)).to_pylist()
    assert read == sorted(rows, key=lambda row: str(row["table_name"]))


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_a_byte(shuffle: random.Random) -> None:
    shuffled = shuffle.sample(ROWS, len(ROWS))
    assert table_bytes(SIGNATURES, shuffled, FOOTER) == table_bytes(SIGNATURES, ROWS, FOOTER)


def test_another_process_with_another_hash_seed_writes_the_same_bytes() -> None:
    program = (
        "import hashlib; from schemas.policy import Policy; from schemas.tables import RELEASES;"
        "from transforms.publish import *; policy = Policy(name='test');"
        "rows = release_rows(policy, {}, ReportTally(1, {'b': 1, 'a': 2}, {}));"
        "content = table_bytes(RELEASES, rows, footer_of(RELEASES, policy));"
        "print(hashlib.sha256(content).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [signature_row("a") | {"install_id": CANARY}],
        [{key: value for key, value in signature_row("a").items() if key != "frames"}],
        [signature_row("a"), signature_row("a", install_count=13)],
        [signature_row("a", product=None)],
        [signature_row("a", install_count="twelve")],
    ],
    ids=["column too many", "column missing", "same key twice", "null in a key", "wrong type"],
)
def test_rows_that_are_not_the_tables_are_refused_without_their_values(rows: list[Row]) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        table_bytes(SIGNATURES, rows, FOOTER)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "footer",
    [FOOTER | {"made_on": "host"}, dict.fromkeys(FOOTER_KEYS[1:], "x")],
    ids=["key too many", "key missing"],
)
def test_a_footer_beyond_the_allowlist_is_refused(footer: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="allowlist"):
        table_bytes(SIGNATURES, ROWS, footer)


def test_an_attribute_may_be_null_a_dimension_and_a_count_may_not() -> None:
    schema = arrow_schema(CRASHES_BY_SIGNATURE)
    assert {field.name for field in schema if field.nullable} == {"reason", "exception_type"}
