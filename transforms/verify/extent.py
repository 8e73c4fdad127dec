"""Extent: how much a file becomes when it is read, told from its pages' headers before it is read.

Half a megabyte of Parquet can say that one value stands there a billion times. Whoever verifies
must not run out of memory by it. Numbers of fields are those of parquet.thrift in
apache/parquet-format.
"""

from collections.abc import Iterator
from typing import Any

from transforms.verify.thrift import ThriftError, read_struct, read_struct_at

MOST_VALUES = 32_000_000
"""Values of all columns together: two million rows of the widest table, in about 2 GB of memory."""
MOST_BYTES = 1024**3
"""Of all pages, unpacked."""
_MOST_PAGES = 100_000
_MOST_FOOTER_BYTES = 16 * 1024**2
MAGIC_BYTES, TRAILER_BYTES = 4, 8
"""PAR1 before the columns; the footer's length and PAR1 after the footer."""

_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS, _CHUNK = 1, 3
_CHUNK_VALUES, _SIZE, _DATA_OFFSET, _DICTIONARY_OFFSET = 5, 7, 9, 11
_UNPACKED, _PACKED = 2, 3
_OF_A_PAGE = (5, 7, 8)
"""The header of a data page, a dictionary page, and a data page of the second version."""
_PAGE_VALUES = 1


class ExtentError(ValueError):
    """A file that is too much, or whose pages cannot be told apart; a few words that say which."""


def check_extent(content: bytes) -> None:
    """Refuse a Parquet file that would become too much when it is read.

    Raises:
        ExtentError: it would, or its footer or pages are not Parquet's.
    """
    try:
        footer = footer_of(content)
        chunks = [column[_CHUNK] for group in footer[_ROW_GROUPS] for column in group[_COLUMNS]]
        pages = [page for chunk in chunks for page in _pages(chunk, content)]
        values = max(
            sum(chunk[_CHUNK_VALUES] for chunk in chunks),
            sum(_values(page) for page in pages),
            footer[_ROWS],
        )
        unpacked = sum(page[_UNPACKED] for page in pages)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise ExtentError("has a footer or pages that are not Parquet's") from None
    if values > MOST_VALUES or unpacked > MOST_BYTES:
        raise ExtentError("holds far more than a release does, and was not read")


def footer_of(content: bytes) -> dict[int, Any]:
    """Return the footer of a Parquet file.

    Raises:
        ThriftError: it is not one, or far too large.
    """
    end = len(content) - TRAILER_BYTES
    size = footer_size(content)
    if size > min(end, _MOST_FOOTER_BYTES):
        raise ThriftError("too large")
    return read_struct(content[end - size : end])


def footer_size(content: bytes) -> int:
    """Return how many bytes a Parquet file says that its footer has."""
    return int.from_bytes(content[-TRAILER_BYTES:-MAGIC_BYTES], "little")


def _pages(chunk: dict[int, Any], content: bytes) -> Iterator[dict[int, Any]]:
    """Yield the headers of a column chunk's pages, as a reader comes upon them."""
    at = min(chunk[_DATA_OFFSET], chunk.get(_DICTIONARY_OFFSET) or chunk[_DATA_OFFSET])
    end = at + chunk[_SIZE]
    if not 0 <= at <= end <= len(content):
        raise ThriftError("outside of the file")
    count = 0
    while at < end:
        page, at = read_struct_at(content, at)
        if min(page[_UNPACKED], page[_PACKED], _values(page)) < 0 or count == _MOST_PAGES:
            raise ThriftError("no page")
        at += page[_PACKED]
        count += 1
        yield page


def _values(page: dict[int, Any]) -> int:
    headers = [page[field] for field in _OF_A_PAGE if field in page]
    return sum(int(header[_PAGE_VALUES]) for header in headers)
