"""Reading one message of Protocol Buffers that may be hostile; a nested one is read when asked for.

The wire format is that of protobuf.dev/programming-guides/encoding. Groups, which proto3 has not,
are rejected.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from schemas.records import FailureKind
from transforms.parse.parser import ParseError

_MAX_VARINT_BYTES: Final = 10
_VARINT, _FIXED_64, _LENGTH_DELIMITED, _FIXED_32 = 0, 1, 2, 5
_FIXED_BYTES: Final = {_FIXED_64: 8, _FIXED_32: 4}
_SIXTY_FOUR_BITS: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Message:
    """The fields of one message by number; `whole` tells whether it was read to its end."""

    numbers: dict[int, int] = field(default_factory=dict, repr=False)
    contents: dict[int, list[bytes]] = field(default_factory=dict, repr=False)
    whole: bool = True

    def text(self, number: int) -> str | None:
        """Return the first string in a field, None where there is none or it is blank."""
        content = self.contents.get(number, [b""])[0]
        return content.decode("utf-8", "replace").strip() or None

    def nested(self, number: int, max_fields: int) -> "Message":
        """Return the first message in a field, an empty one where there is none.

        Raises:
            ParseError: as `read_fields`.
        """
        return read_message(self.contents.get(number, [b""])[0], max_fields)


def read_message(
    payload: bytes, max_fields: int, kept: frozenset[int] | None = None, max_repeated: int = 1
) -> Message:
    """Return a message with the fields that are kept, or all; others are skipped.

    Of a number the last value counts, as proto3 has it; of what is delimited by its length, the
    first `max_repeated`. A message that is cut off, or has more than `max_fields`, has what stood
    before and is not `whole`.

    Raises:
        ParseError: `MALFORMED` when it is no message.
    """
    numbers: dict[int, int] = {}
    contents: dict[int, list[bytes]] = {}
    read = 0
    try:
        for number, value in islice(read_fields(payload), max_fields + 1):
            read += 1
            if kept is not None and number not in kept:
                continue
            if isinstance(value, int):
                numbers[number] = value
            elif len(contents.setdefault(number, [])) < max_repeated:
                contents[number].append(value)
    except ParseError as error:
        if error.kind is not FailureKind.TRUNCATED:
            raise
        return Message(numbers, contents, whole=False)
    return Message(numbers, contents, whole=read <= max_fields)


def read_fields(payload: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of each field in turn; a varint is unsigned, as it is on the wire.

    Raises:
        ParseError: `TRUNCATED` when the bytes end within a field, `MALFORMED` for a field without
            a number, a group, a type that does not exist, and a varint of more than 64 bits.
    """
    at = 0
    while at < len(payload):
        tag, at = _varint(payload, at)
        number, wire_type = tag >> 3, tag & 7
        if number == 0:
            raise ParseError(FailureKind.MALFORMED)
        if wire_type == _VARINT:
            value, at = _varint(payload, at)
            yield number, value
            continue
        if wire_type == _LENGTH_DELIMITED:
            size, at = _varint(payload, at)
        elif wire_type in _FIXED_BYTES:
            size = _FIXED_BYTES[wire_type]
        else:
            raise ParseError(FailureKind.MALFORMED)
        if size > len(payload) - at:
            raise ParseError(FailureKind.TRUNCATED)
        content = payload[at : at + size]
        at += size
        is_number = wire_type != _LENGTH_DELIMITED
        yield number, int.from_bytes(content, "little") if is_number else content


def _varint(payload: bytes, at: int) -> tuple[int, int]:
    """Return the number at an offset, seven bits a byte, and the offset behind it."""
    value = 0
    for place in range(_MAX_VARINT_BYTES):
        if at + place >= len(payload):
            raise ParseError(FailureKind.TRUNCATED)
        byte = payload[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that another byte follows
            if value > _SIXTY_FOUR_BITS:
                break
            return value, at + place + 1
    raise ParseError(FailureKind.MALFORMED)
