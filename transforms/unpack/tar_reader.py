"""The members of a tar archive (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU tar's long names).

A reader of our own, as the standard library's follows links, sparse maps and extended headers.
"""

from collections.abc import Callable, Iterator

from schemas.records import FailureKind
from transforms.parse.parser import ParseError

_BLOCK = 512
_NAME, _PREFIX = slice(0, 100), slice(345, 500)
_SIZE = slice(124, 136)
_CHECKSUM = slice(148, 156)
_TYPE = slice(156, 157)
_MAGIC = slice(257, 263)
_REGULAR_FILES = (b"0", b"\0", b"7")
_GNU_LONG_NAME, _PAX_HEADER = b"L", b"x"
_BASE_256 = 0x80
_LONGEST_NAME = 64 * 1024
"""Bytes of what tells the next file's name; no system has names as long."""


def is_tar(payload: bytes) -> bool:
    """Tell a tar archive by the checksum of its first header."""
    return _is_header(payload[:_BLOCK])


def tar_members(payload: bytes, most: Callable[[], int]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each regular file; of the content one byte more than `most`.

    Raises:
        ParseError: `TRUNCATED` when the archive has no end, `MALFORMED` for a bad header.
    """
    at, long_name = 0, ""
    while at < len(payload):
        header = payload[at : at + _BLOCK]
        if not any(header):
            return
        if len(header) < _BLOCK:
            raise ParseError(FailureKind.TRUNCATED)
        if not _is_header(header):
            raise ParseError(FailureKind.MALFORMED)
        size = _number(header[_SIZE])
        at += _BLOCK
        if at + size > len(payload):
            raise ParseError(FailureKind.TRUNCATED)
        content = payload[at : at + min(size, most() + 1)]
        at += -(-size // _BLOCK) * _BLOCK
        kind = header[_TYPE]
        if kind in {_GNU_LONG_NAME, _PAX_HEADER} and size > _LONGEST_NAME:
            raise ParseError(FailureKind.MALFORMED)
        if kind == _GNU_LONG_NAME:
            long_name = _text(content)
        elif kind == _PAX_HEADER:
            long_name = _pax_path(content) or long_name
        else:
            if kind in _REGULAR_FILES:
                yield long_name or _short_name(header), content
            long_name = ""
    raise ParseError(FailureKind.TRUNCATED)  # an archive ends with blocks of zeros


def _short_name(header: bytes) -> str:
    is_ustar = header[_MAGIC] == b"ustar\0"
    prefix = _text(header[_PREFIX]) if is_ustar else ""
    return f"{prefix}/{_text(header[_NAME])}" if prefix else _text(header[_NAME])


def _pax_path(records: bytes) -> str:
    """Return the path of a pax header, whose records are `LENGTH path=VALUE` lines."""
    for line in records.split(b"\n"):
        _, _, record = line.partition(b" ")
        name, _, value = record.partition(b"=")
        if name == b"path":
            return _text(value)
    return ""


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "replace")


def _is_header(block: bytes) -> bool:
    if len(block) < _BLOCK or not any(block[_CHECKSUM]):
        return False
    try:
        told = _number(block[_CHECKSUM])
    except ParseError:
        return False
    blank = block[: _CHECKSUM.start] + b" " * 8 + block[_CHECKSUM.stop :]
    return told == sum(blank)


def _number(field: bytes) -> int:
    """Return a number in octal digits, or in base 256 where the first bit says so."""
    if field[0] & _BASE_256:
        return int.from_bytes(bytes([field[0] & ~_BASE_256]) + field[1:], "big")
    digits = field.rstrip(b"\0 ").lstrip(b" ").partition(b"\0")[0]
    try:
        return int(digits or b"0", 8)
    except ValueError:
        raise ParseError(FailureKind.MALFORMED) from None
