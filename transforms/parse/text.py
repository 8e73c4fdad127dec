"""Bytes to text that every later step can handle, and text within the policy's limits."""

import codecs
import re
from collections.abc import Iterator

_SURROGATES_AND_NUL = re.compile("[\ud800-\udfff\x00]")
_SNIFFED = 64  # what follows may soon be in a language of other characters
_MAX_LINE_BYTES = 4096


def as_utf8(payload: bytes) -> bytes:
    """Return a text payload in UTF-8 without a byte order mark; binary payloads stay as they are.

    UTF-16 is told by its byte order mark, or by zeros in every second byte of the first ones.
    """
    if payload.startswith(codecs.BOM_UTF8):
        return payload[len(codecs.BOM_UTF8) :]
    encoding = _utf16_encoding(payload[:_SNIFFED])
    if encoding is None:
        return payload
    text = payload.decode(encoding, "replace")
    return text.removeprefix("\ufeff").encode("utf-8", "replace")


def _utf16_encoding(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    even, odd = head[0::2], head[1::2]
    if len(odd) < 2:  # noqa: PLR2004 - one character tells nothing
        return None
    if not any(odd) and all(even):
        return "utf-16-le"
    if not any(even) and all(odd):
        return "utf-16-be"
    return None


def clip(value: str, max_chars: int) -> str:
    """Return the text cut to a length, with what cannot be written in UTF-8 replaced."""
    return _SURROGATES_AND_NUL.sub("\ufffd", value[:max_chars])


def text_lines(payload: bytes) -> Iterator[str]:
    """Yield the lines of a text in UTF-8, cut to 4,096 bytes and without white space at the end."""
    start = 0
    while start < len(payload):
        end = payload.find(b"\n", start)
        end = len(payload) if end < 0 else end
        yield payload[start : min(end, start + _MAX_LINE_BYTES)].decode("utf-8", "replace").rstrip()
        start = end + 1
