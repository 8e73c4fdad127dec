"""Parquet files: read if their schema and footer are exactly the allowlisted ones (P10)."""

import io
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import FOOTER_KEYS, Table
from transforms.publish import table_bytes
from transforms.release import Row
from transforms.verify.extent import ExtentError, check_extent
from transforms.verify.finding import Check, Finding
from transforms.verify.footer import Rules, check_footer, rules_of

_ANY_FOOTER = dict.fromkeys(FOOTER_KEYS, "")


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
        footer = _footer(file.metadata)
        if findings := [*_check_schema(table, path, file), *check_footer(table, path, footer)]:
            return None, findings
        check_extent(content)
        # A thread of Arrow's that lets go of `content` while Python ends would abort the process.
        rows = tuple(file.read(use_threads=False).to_pylist())
    except ExtentError as error:
        return None, [Finding(Check.ENCODING, path, str(error))]
    except (pa.ArrowException, OSError, ValueError):
        return None, [Finding(Check.SCHEMA, path, "cannot be read as Parquet")]
    return ReadFile(table, path, rows, footer, rules_of(footer)), []


def as_count(value: object) -> int:
    """Return a count that a row holds, 0 where it holds none."""
    return value if isinstance(value, int) else 0


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
