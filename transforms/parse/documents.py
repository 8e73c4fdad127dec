"""Files that hold many reports: one JSON object a line, or an array of JSON objects."""

import json
from collections.abc import Iterator
from itertools import islice

from transforms.parse.json_reader import read_json

_SNIFFED_LINES = 16
_SNIFFED_BYTES = 64 * 1024


def split(payload: bytes) -> Iterator[bytes]:
    """Yield each report of a file of many as a document of its own.

    Raises:
        ParseError: an array that is no JSON, as `read_json` tells; a bad line is yielded as it is.
    """
    if is_json_array(payload):
        for element in read_json(payload):
            yield json.dumps(element).encode("ascii")
    else:
        yield from _lines(payload)


def first_documents(payload: bytes) -> list[bytes]:
    """Return what a file of many reports begins with, for sniffing; empty for other files."""
    if is_json_array(payload):
        return [payload.lstrip()[1:_SNIFFED_BYTES].lstrip()]
    return list(islice(_lines(payload), _SNIFFED_LINES)) if is_json_lines(payload) else []


def is_json_lines(payload: bytes) -> bool:
    """Tell whether most of the first lines, and at least two, begin an object of their own.

    A line that is broken does not change what the file is.
    """
    head = list(islice(_lines(payload), _SNIFFED_LINES))
    objects = sum(line.startswith(b"{") and len(line) > 1 for line in head)
    return objects >= 2 and 2 * objects >= len(head)  # noqa: PLR2004 - one line is one object


def is_one_object(payload: bytes) -> bool:
    """Tell whether the payload begins one JSON object, and not one a line."""
    return payload.lstrip().startswith(b"{") and not is_json_lines(payload)


def is_json_array(payload: bytes) -> bool:
    """Tell whether the payload begins an array of JSON objects."""
    head = payload[:_SNIFFED_BYTES].lstrip()
    return head.startswith(b"[") and head[1:].lstrip().startswith(b"{")


def _lines(payload: bytes) -> Iterator[bytes]:
    """Yield the lines that are not blank, without white space around them."""
    start = 0
    while start < len(payload):
        end = payload.find(b"\n", start)
        end = len(payload) if end < 0 else end
        line = payload[start:end].strip()
        if line:
            yield line
        start = end + 1
