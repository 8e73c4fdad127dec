"""The annotations in a minidump: Crashpad's, and the assertion that Breakpad notes.

Crashpad's layouts are those of its `minidump/minidump_extensions.h`.
"""

import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Final

from transforms.parse.minidump_streams import Location, Minidump, Stream
from transforms.parse.parser import ParseError

_MAX_ENTRIES: Final = 2_000
"""Of all dictionaries together, since thousands of modules may point to the same one."""
_MAX_VALUE_BYTES: Final = 16_384
_MODULE_LINK_SIZE: Final = 12
_ANNOTATION_SIZE: Final = 12
_TYPE_STRING: Final = 1
_ASSERTION_CHARS: Final = 128
_ASSERTION_SIZE: Final = 3 * 2 * _ASSERTION_CHARS


def crashpad_annotations(minidump: Minidump) -> tuple[dict[str, str], bool]:
    """Return Crashpad's annotations by name, and whether all of them could be read.

    The report's and the client's id are among them as `report_id` and `client_id`. Where a module
    gives a name that the process gave already, the process's value stays.
    """
    found: dict[str, str] = {}
    location = minidump.stream(Stream.CRASHPAD_INFO)
    if location is None:
        return found, True
    read = 0
    try:
        for name, value in islice(_annotations(minidump, location), _MAX_ENTRIES):
            read += 1
            if value:
                found.setdefault(name, value)
    except ParseError:
        return found, False
    return found, read < _MAX_ENTRIES


def _annotations(minidump: Minidump, info: Location) -> Iterator[tuple[str, str]]:
    reader = minidump.reader
    for name, offset in (("report_id", 4), ("client_id", 20)):
        identifier = uuid.UUID(bytes_le=reader.take(info.offset + offset, 16))
        if identifier.int:
            yield name, str(identifier)
    simple, modules = reader.u32(info.offset + 40), reader.u32(info.offset + 48)
    yield from _dictionary(minidump, simple)
    if modules == 0:
        return
    for number in range(min(reader.count(modules, _MODULE_LINK_SIZE), _MAX_ENTRIES)):
        module = reader.u32(modules + 4 + number * _MODULE_LINK_SIZE + 8)
        if module == 0:
            continue
        yield from _dictionary(minidump, reader.u32(module + 16))
        yield from _objects(minidump, reader.u32(module + 24))


def _dictionary(minidump: Minidump, offset: int) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a MinidumpSimpleStringDictionary."""
    if offset == 0:
        return
    for number in range(min(minidump.reader.count(offset, 8), _MAX_ENTRIES)):
        entry = offset + 4 + 8 * number
        yield (
            _utf8(minidump, minidump.reader.u32(entry)),
            _utf8(minidump, minidump.reader.u32(entry + 4)),
        )


def _objects(minidump: Minidump, offset: int) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a MinidumpAnnotationList that are strings."""
    if offset == 0:
        return
    reader = minidump.reader
    for number in range(min(reader.count(offset, _ANNOTATION_SIZE), _MAX_ENTRIES)):
        entry = offset + 4 + _ANNOTATION_SIZE * number
        if reader.u16(entry + 4) == _TYPE_STRING:
            yield _utf8(minidump, reader.u32(entry)), _utf8(minidump, reader.u32(entry + 8))


def _utf8(minidump: Minidump, offset: int) -> str:
    """Return a MinidumpUTF8String, or a MinidumpByteArray of text: bytes after their count."""
    size = min(minidump.reader.u32(offset), _MAX_VALUE_BYTES)
    return minidump.reader.take(offset + 4, size).decode("utf-8", "replace").rstrip("\0")


def assertion(minidump: Minidump) -> str | None:
    """Return the expression of a failed assertion that Breakpad noted (MDRawAssertionInfo)."""
    location = minidump.stream(Stream.ASSERTION_INFO)
    if location is None or location.size < _ASSERTION_SIZE:
        return None
    try:
        raw = minidump.reader.take(location.offset, 2 * _ASSERTION_CHARS)
    except ParseError:
        return None
    return raw.decode("utf-16-le", "replace").split("\0", 1)[0].strip() or None
