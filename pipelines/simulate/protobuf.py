"""Messages of Protocol Buffers on the wire (protobuf.dev, "Encoding")."""

_VARINT, _BYTES = 0, 2
_MORE = 0x80


def message(*fields: tuple[int, int | str | bytes]) -> bytes:
    """Return the message of numbered fields: numbers as varints, strings and messages as bytes."""
    return b"".join(_field(number, value) for number, value in fields)


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    written = bytearray()
    while value >= _MORE:
        written.append(value & 0x7F | _MORE)
        value >>= 7
    written.append(value)
    return bytes(written)
