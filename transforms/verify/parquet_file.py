"""Parquet files: the allowlisted schema, plain columns, and bytes that hold the rows alone (P10).

The strongest proof that a file hides nothing is to make it anew from the rows that it shows, and to
find the same bytes. That needs the same version of PyArrow; of a file that another version wrote,
only the structure is compared.
"""

import io
import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import FOOTER_KEYS, Table
from transforms.publish import table_bytes
from transforms.release import Row
from transforms.verify.finding import Check, Finding
from transforms.verify.footer import Rules, check_footer, rules_of

_ANY_FOOTER = dict.fromkeys(FOOTER_KEYS, "")
_ENCODINGS = {"PLAIN", "RLE"}
"""RLE is for the levels that tell nulls and lists, not for values (Parquet, Encodings.md)."""
_WRITER = re.compile(r"parquet-cpp-arrow version \d{1,3}\.\d{1,3}\.\d{1,3}")
_MAGIC_BYTES, _TRAILER_BYTES = 4, 8
"""PAR1 before the columns; the footer's length and PAR1 after the footer."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A table's file whose schema and footer are right: its rows in their order, and its rules."""

    table: Table
    path: str
    rows: tuple[Row, ...]
    footer: dict[str, str]
    rules: Rules


def read_file(table: Table, path: str, content: bytes) -> tuple[ReadFile | None, list[Finding]]:
    """Return what a file holds, None if it is not to be trusted, and what is wrong with it."""
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        metadata, footer = file.metadata, _footer(file.metadata)
        if findings := [*_check_schema(table, path, file), *check_footer(table, path, footer)]:
            return None, findings + _check_chunks(path, metadata)
        rows = tuple(file.read().to_pylist())
    except (pa.ArrowException, OSError, ValueError):
        return None, [Finding(Check.SCHEMA, path, "cannot be read as Parquet")]
    return ReadFile(table, path, rows, footer, rules_of(footer)), _check_chunks(path, metadata)


def check_bytes(file: ReadFile, content: bytes) -> tuple[bool, list[Finding]]:
    """Make a file anew from its rows, which are in order and unique, and compare.

    Returns whether byte for byte, and what differs.
    """
    anew = table_bytes(file.table, file.rows, file.footer)
    made, found = (pq.ParquetFile(io.BytesIO(each)).metadata for each in (anew, content))
    if made.created_by == found.created_by:
        if anew == content:
            return True, []
        what = "holds other bytes than publishing makes of its rows and footer"
        return True, [Finding(Check.ENCODING, file.path, what)]
    if _structure(made) == _structure(found) and _is_all(found, content):
        return False, []
    what = "holds more or less than its rows: sizes or statistics are not theirs"
    return False, [Finding(Check.ENCODING, file.path, what)]


def _footer(metadata: Any) -> dict[str, str]:
    pairs = metadata.metadata or {}
    return {key.decode(): value.decode() for key, value in pairs.items()}


def _check_schema(table: Table, path: str, file: Any) -> list[Finding]:
    expected = pq.ParquetFile(io.BytesIO(table_bytes(table, [], _ANY_FOOTER)))
    if file.schema.equals(expected.schema) and file.schema_arrow.equals(expected.schema_arrow):
        return []
    allowed = set(expected.schema_arrow.names)
    strange = len([name for name in file.schema_arrow.names if name not in allowed])
    missing = sorted(allowed - set(file.schema_arrow.names))
    what = f"has {strange} columns that are not in the allowlist" if strange else ""
    what = what or (f"lacks the columns {', '.join(missing)}" if missing else "")
    return [Finding(Check.SCHEMA, path, what or "has columns of other types or in another order")]


def _check_chunks(path: str, metadata: Any) -> list[Finding]:
    """Return what a file's metadata tells of another writer, or of columns that are not plain."""
    findings = []
    if not _WRITER.fullmatch(metadata.created_by or ""):
        findings.append(Finding(Check.ENCODING, path, "was written by something else than PyArrow"))
    for group in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(number)
            if what := _not_plain(chunk):
                findings.append(Finding(Check.ENCODING, path, f"column {number + 1} has {what}"))
    return findings


def _not_plain(chunk: Any) -> str:
    if chunk.has_dictionary_page or chunk.dictionary_page_offset is not None:
        return "a dictionary page"
    if not set(chunk.encodings) <= _ENCODINGS:
        return "another encoding than PLAIN"
    if chunk.bloom_filter_offset is not None:
        return "a bloom filter"
    if chunk.has_column_index or chunk.has_offset_index:
        return "an index"
    if chunk.metadata or chunk.file_path:
        return "metadata of its own"
    return ""


def _is_all(metadata: Any, content: bytes) -> bool:
    """Tell whether columns and footer are all that is in a file."""
    columns = sum(
        metadata.row_group(group).column(column).total_compressed_size
        for group in range(metadata.num_row_groups)
        for column in range(metadata.num_columns)
    )
    known: int = _MAGIC_BYTES + columns + metadata.serialized_size + _TRAILER_BYTES
    return known == len(content)


def _structure(metadata: Any) -> Any:
    """Return all that a file's metadata tells but for what depends on the writer's version."""
    varying = {"total_compressed_size", "data_page_offset", "file_offset"}
    groups = [metadata.row_group(number).to_dict() for number in range(metadata.num_row_groups)]
    chunks = [
        {key: value for key, value in chunk.items() if key not in varying}
        for group in groups
        for chunk in group.pop("columns")
    ]
    return metadata.num_rows, metadata.format_version, groups, chunks
