"""Files that hold many reports: one JSON object a line, or an array of JSON objects."""

import json
from collections.abc import Iterator
from itertools import islice

from transforms.parse.json_reader import read_json

_SNIFFED_LINES = 16


def first_lines(payload: bytes, count: int = _SNIFFED_LINES) -> list[bytes]:
    """Return the first lines that are not blank, without what surrounds them."""
    return list(islice(lines(payload), count))


def lines(payload: bytes) -> Iterator[bytes]:
    """Yield the lines that are not blank, without what surrounds them, and without copying all."""
    start = 0
    while start < len(payload):
        end = payload.find(b"\n", start)
        end = len(payload) if end < 0 else end
        line = payload[start:end].strip()
        if line:
            yield line
        start = end + 1


def is_json_lines(payload: bytes) -> bool:
    """Tell whether most of the first lines, and at least two, begin an object of their own.

    A line that is broken does not change what the file is.
    """
    head = first_lines(payload)
    objects = sum(line.startswith(b"{") and len(line) > 1 for line in head)
    return objects >= 2 and 2 * objects >= len(head)  # noqa: PLR2004 - two lines make a file of lines


def is_json_array(payload: bytes) -> bool:
    """Tell whether the payload begins an array of JSON objects."""
    head = payload[:_SNIFFED_LINES].lstrip()
    return head.startswith(b"[") and head[1:].lstrip().startswith(b"{")


def array_elements(payload: bytes) -> Iterator[bytes]:
    """Yield each element of a JSON array as a document of its own.

    Raises:
        ParseError: as `read_json` does.
    """
    for element in read_json(payload):
        yield json.dumps(element).encode("ascii")
