"""Searching everything that a run left behind for planted values."""

import base64
import io
import json
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq


@dataclass(frozen=True)
class Canary:
    """A planted value, what it is, and the file of the fleet that holds it."""

    value: str
    kind: str
    file: str


def read_canaries(path: Path) -> list[Canary]:
    return [Canary(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def parquet_texts(path: Path) -> Iterator[bytes]:
    """Whatever a Parquet file holds: its bytes, an uncompressed rewrite, footer, statistics."""
    yield path.read_bytes()
    file = pq.ParquetFile(path)
    table = file.read()
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="none", use_dictionary=True)
    yield sink.getvalue()
    yield json.dumps(table.to_pylist(), default=str, ensure_ascii=False).encode()
    yield repr(file.schema_arrow.metadata).encode() + repr(file.metadata.metadata).encode()
    for group in range(file.num_row_groups):
        for column in range(file.metadata.num_columns):
            statistics = file.metadata.row_group(group).column(column).statistics
            if statistics is not None and statistics.has_min_max:
                yield f"{statistics.min} {statistics.max}".encode()


def everything_below(folder: Path) -> bytes:
    """All bytes and all names of files below a folder, Parquet decoded."""
    parts: list[bytes] = []
    for path in sorted(folder.rglob("*")):
        parts.append(str(path.relative_to(folder)).encode())
        if path.suffix == ".parquet":
            parts += parquet_texts(path)
        elif path.is_file():
            parts.append(path.read_bytes())
    return b"\n".join(parts)


def leaks(haystack: bytes, canaries: Iterable[Canary]) -> list[Canary]:
    """The canaries that occur in the haystack, in any usual encoding and in any case.

    A form is searched for only where its first bytes occur at all, so that hundreds of thousands
    of canaries take seconds.
    """
    folded = haystack.lower()
    starts = {folded[at : at + _START] for at in range(len(folded) - _START + 1)}
    return [
        canary
        for canary in canaries
        if any(
            form[:_START] in starts and form in folded
            for form in {form.lower() for form in _forms(canary.value)}
        )
    ]


_START = 6


def _forms(value: str) -> set[bytes]:
    return {
        value.encode(),
        value.encode("utf-16-le"),
        json.dumps(value)[1:-1].encode(),
        urllib.parse.quote(value).encode(),
        urllib.parse.quote(value, safe="").encode(),
        value.replace("/", "\\").encode(),
        base64.b64encode(value.encode()),
    }
