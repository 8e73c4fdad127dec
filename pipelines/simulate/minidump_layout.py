"""The frame of a minidump: header, directory, streams, and blobs that they point to.

Layouts are those of Microsoft's minidumpapiset.h and Breakpad's minidump_format.h, little-endian.
"""

import struct
from collections.abc import Mapping

_SIGNATURE, _VERSION = b"MDMP", 0xA793
_HEADER_BYTES, _ENTRY_BYTES = 32, 12
_MAX_STREAMS = 16
_ALIGNMENT = 8


class MinidumpLayout:
    """Collects the parts of a minidump and knows where each of them stands."""

    def __init__(self) -> None:
        self._data = bytearray(_HEADER_BYTES + _ENTRY_BYTES * _MAX_STREAMS)
        self._streams: list[tuple[int, int, int]] = []

    def blob(self, content: bytes) -> tuple[int, int]:
        """Put bytes down; return a location descriptor: their size, and offset in the file."""
        self._data += bytes(-len(self._data) % _ALIGNMENT)
        offset = len(self._data)
        self._data += content
        return len(content), offset

    def stream(self, kind: int, content: bytes) -> None:
        """Put a stream of a type down and list it in the directory."""
        size, offset = self.blob(content)
        self._streams.append((kind, size, offset))

    def string(self, text: str) -> int:
        """Put a MINIDUMP_STRING (UTF-16LE) down; return its offset."""
        encoded = text.encode("utf-16-le")
        return self.blob(struct.pack("<I", len(encoded)) + encoded + b"\0\0")[1]

    def utf8_string(self, text: str) -> int:
        """Put Crashpad's string in UTF-8 down; return its offset."""
        encoded = text.encode()
        return self.blob(struct.pack("<I", len(encoded)) + encoded + b"\0")[1]

    def dictionary(self, entries: Mapping[str, str]) -> tuple[int, int]:
        """Put Crashpad's dictionary of simple strings down; return its location."""
        offsets = [(self.utf8_string(key), self.utf8_string(entries[key])) for key in entries]
        packed = b"".join(struct.pack("<II", *pair) for pair in offsets)
        return self.blob(struct.pack("<I", len(offsets)) + packed)

    def finished(self, time_stamp: int) -> bytes:
        """Return the file; `time_stamp` is when the dump was made, in seconds since the epoch."""
        header = struct.pack(
            "<4sIIIIIQ", _SIGNATURE, _VERSION, len(self._streams), _HEADER_BYTES, 0, time_stamp, 0
        )
        directory = b"".join(struct.pack("<III", *stream) for stream in self._streams)
        self._data[: len(header)] = header
        self._data[_HEADER_BYTES : _HEADER_BYTES + len(directory)] = directory
        return bytes(self._data)
