"""The frame of a minidump: its header, its directory of streams, and its strings.

Layouts and numbers are those of Microsoft's `minidumpapiset.h` and of Breakpad's
`google_breakpad/common/minidump_format.h`, which names the streams of other systems.
"""

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

from schemas.records import FailureKind
from transforms.parse.byte_reader import ByteReader
from transforms.parse.parser import ParseError

SIGNATURE: Final = b"MDMP"
_VERSION: Final = 0xA793
_HEADER_SIZE: Final = 32
_DIRECTORY_ENTRY: Final = struct.Struct("<III")
_MAX_STREAMS: Final = 4_096
_MAX_STRING_BYTES: Final = 8_192
_FIRST_PLAUSIBLE_TIME: Final = 946_684_800  # 2000-01-01


class Stream(IntEnum):
    """The types of the streams that are read."""

    THREAD_LIST = 3
    MODULE_LIST = 4
    MEMORY_LIST = 5
    EXCEPTION = 6
    SYSTEM_INFO = 7
    MEMORY64_LIST = 9
    MISC_INFO = 15
    BREAKPAD_INFO = 0x47670001
    ASSERTION_INFO = 0x47670002
    LINUX_LSB_RELEASE = 0x47670005
    CRASHPAD_INFO = 0x43500001


@dataclass(frozen=True, slots=True)
class Location:
    """Where a stream, or a record of it, lies in the file: offset and size in bytes."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Minidump:
    """An opened minidump. `truncated` says that a stream that is read is not all there."""

    reader: ByteReader = field(repr=False)
    written_at: datetime | None
    streams: dict[Stream, Location]
    truncated: bool

    def stream(self, kind: Stream) -> Location | None:
        """Return where a stream lies, None when the minidump has none of it."""
        return self.streams.get(kind)

    def string(self, offset: int) -> str | None:
        """Return the MINIDUMP_STRING at an offset (bytes of UTF-16 after their count)."""
        if offset == 0:
            return None
        size = min(self.reader.u32(offset), _MAX_STRING_BYTES)
        return self.reader.take(offset + 4, size).decode("utf-16-le", "replace").split("\0", 1)[0]


def open_minidump(payload: bytes) -> Minidump:
    """Return the minidump's streams.

    Raises:
        ParseError: the header or the directory cannot be read.
    """
    reader = ByteReader(payload)
    if reader.take(0, 4) != SIGNATURE or reader.u32(4) & 0xFFFF != _VERSION:
        raise ParseError(FailureKind.MALFORMED)
    count, directory = reader.u32(8), reader.u32(12)
    if count > _MAX_STREAMS:
        raise ParseError(FailureKind.MALFORMED)
    if directory < _HEADER_SIZE and count:
        raise ParseError(FailureKind.MALFORMED)
    streams: dict[Stream, Location] = {}
    truncated = False
    for number in range(count):
        entry = directory + number * _DIRECTORY_ENTRY.size
        kind, size, offset = reader.unpack(_DIRECTORY_ENTRY, entry)
        if kind not in _KNOWN:
            continue
        truncated |= offset + size > len(reader)
        streams.setdefault(Stream(kind), Location(offset, size))
    return Minidump(reader, _time(reader.u32(20)), streams, truncated)


_KNOWN: Final = frozenset(map(int, Stream))


def _time(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds >= _FIRST_PLAUSIBLE_TIME else None
