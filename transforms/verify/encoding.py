"""Encoding: the bytes of a file hold its rows and footer, and nothing else (P10).

The strongest proof that a file hides nothing is to make it anew from the rows that it shows, and to
find the same bytes. That needs the same version of PyArrow; of a file that another version wrote,
the structure is compared. Numbers of fields are those of parquet.thrift in apache/parquet-format.
"""

import re
from typing import Any

from transforms.publish import table_bytes
from transforms.verify.extent import MAGIC_BYTES, TRAILER_BYTES, footer_of, footer_size
from transforms.verify.finding import Check, Finding
from transforms.verify.parquet_file import ReadFile
from transforms.verify.thrift import ThriftError

_WRITER = re.compile(rb"parquet-cpp-arrow version \d{1,3}\.\d{1,3}\.\d{1,3}")

_ROW_GROUPS, _CREATED_BY = 4, 6
_COLUMNS, _GROUP_OFFSET, _GROUP_SIZE = 1, 5, 6
_CHUNK_OFFSET, _CHUNK = 2, 3
_ENCODINGS, _CODEC, _SIZE, _DATA_OFFSET, _STATISTICS = 2, 4, 7, 9, 12
_PLAIN_AND_LEVELS = {0, 3}
"""PLAIN for values, and RLE for the levels that tell nulls and lists."""
_ZSTD = 6
_NOT_PLAIN = {11: "a dictionary page", 14: "a bloom filter", 8: "metadata of its own"}
_INDEXES = {4, 6}


def check_encoding(file: ReadFile, content: bytes) -> tuple[bool, list[Finding]]:
    """Make a file anew from its rows, which must be in order and unique, and compare.

    Returns whether it could be compared byte for byte, and what differs.
    """
    anew = table_bytes(file.table, file.rows, file.footer)
    if anew == content:
        return True, []
    made = footer_of(anew)
    try:
        found = footer_of(content)
        differences, same_writer = _differences(made, found, content)
    except (ThriftError, KeyError, TypeError, AttributeError):
        return True, [_finding(file, "has a footer that is not Parquet's")]
    if same_writer and not differences:
        differences = ["holds other bytes than publishing makes of its rows and footer"]
    return same_writer, [_finding(file, what) for what in differences]


def _differences(
    made: dict[int, Any], found: dict[int, Any], content: bytes
) -> tuple[list[str], bool]:
    """Return what differs by the footers, and whether one version of PyArrow wrote both files."""
    writer = found.get(_CREATED_BY, b"")
    differences = [] if _WRITER.fullmatch(writer) else ["was written by something else"]
    for group in found[_ROW_GROUPS]:
        for number, column in enumerate(group[_COLUMNS], 1):
            if what := _not_plain(column):
                differences.append(f"column {number} has {what}")
    known = _without_places(found), _size_of_all(found, content)
    if not differences and known != (_without_places(made), len(content)):
        differences.append("holds more or less than its rows: sizes or statistics are not theirs")
    return differences, writer == made[_CREATED_BY]


def _not_plain(column: dict[int, Any]) -> str:
    chunk = column[_CHUNK]
    for field, what in _NOT_PLAIN.items():
        if field in chunk:
            return what
    if not set(chunk[_ENCODINGS]) <= _PLAIN_AND_LEVELS:
        return "another encoding than PLAIN"
    if chunk[_CODEC] != _ZSTD:
        return "another compression than ZSTD"
    if _INDEXES & column.keys():
        return "an index of its pages"
    return "" if _STATISTICS in chunk else "no statistics"


def _size_of_all(footer: dict[int, Any], content: bytes) -> int:
    """Return how large a file is of which columns and footer are all."""
    columns = sum(
        column[_CHUNK][_SIZE] for group in footer[_ROW_GROUPS] for column in group[_COLUMNS]
    )
    return int(MAGIC_BYTES + columns + footer_size(content) + TRAILER_BYTES)


def _without_places(footer: dict[int, Any]) -> dict[int, Any]:
    """Return a footer without its writer's version, and what depends on it: places and sizes."""
    groups = [
        _without(group, _GROUP_OFFSET, _GROUP_SIZE)
        | {
            _COLUMNS: [
                _without(column, _CHUNK_OFFSET)
                | {_CHUNK: _without(column[_CHUNK], _SIZE, _DATA_OFFSET)}
                for column in group[_COLUMNS]
            ]
        }
        for group in footer[_ROW_GROUPS]
    ]
    return _without(footer, _CREATED_BY) | {_ROW_GROUPS: groups}


def _finding(file: ReadFile, what: str) -> Finding:
    return Finding(Check.ENCODING, file.path, what)


def _without(struct: dict[int, Any], *fields: int) -> dict[int, Any]:
    return {field: value for field, value in struct.items() if field not in fields}
