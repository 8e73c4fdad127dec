"""Numbers and bytes out of a payload, each read checked against its end."""

import struct
from typing import Any, Final

from schemas.records import FailureKind
from transforms.parse.parser import ParseError

_U16: Final = struct.Struct("<H")
_U32: Final = struct.Struct("<I")
_U64: Final = struct.Struct("<Q")


class ByteReader:
    """Little-endian reads at offsets into bytes; one beyond the end is a `ParseError`."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload

    def __len__(self) -> int:
        return len(self._payload)

    def u16(self, offset: int) -> int:
        """Return the unsigned 16 bits at an offset."""
        return self._number(_U16, offset)

    def u32(self, offset: int) -> int:
        """Return the unsigned 32 bits at an offset."""
        return self._number(_U32, offset)

    def u64(self, offset: int) -> int:
        """Return the unsigned 64 bits at an offset."""
        return self._number(_U64, offset)

    def word(self, offset: int, size: int) -> int:
        """Return the unsigned word of 4 or 8 bytes at an offset."""
        return self._number(_U64 if size == _U64.size else _U32, offset)

    def unpack(self, form: struct.Struct, offset: int) -> tuple[Any, ...]:
        """Return the fields of a record at an offset, which is faster than one by one."""
        if offset < 0 or offset + form.size > len(self._payload):
            raise ParseError(FailureKind.TRUNCATED)
        return form.unpack_from(self._payload, offset)

    def take(self, offset: int, size: int) -> bytes:
        """Return `size` bytes at an offset.

        Raises:
            ParseError: `TRUNCATED` when the payload ends before them.
        """
        if offset < 0 or size < 0 or offset + size > len(self._payload):
            raise ParseError(FailureKind.TRUNCATED)
        return self._payload[offset : offset + size]

    def count(self, offset: int, size_of_one: int, *, header: int = 4) -> int:
        """Return the count at an offset, no larger than what fits behind a header of its list.

        Raises:
            ParseError: `TRUNCATED` when that many records cannot be in the payload.
        """
        count = self.u32(offset)
        if count * size_of_one > len(self._payload) - offset - header:
            raise ParseError(FailureKind.TRUNCATED)
        return count

    def _number(self, form: struct.Struct, offset: int) -> int:
        number: int = self.unpack(form, offset)[0]
        return number
