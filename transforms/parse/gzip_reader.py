"""Reading gzip (RFC 1952) that may be hostile: never more of it than was asked for."""

import zlib
from typing import Final

from schemas.records import FailureKind
from transforms.parse.parser import ParseError

GZIP: Final = b"\x1f\x8b\x08"
_WITH_HEADER: Final = 16 + zlib.MAX_WBITS
_FIRST_STEP: Final = 1024
"""Steps double within a member, so that a file of many small ones is not copied for each."""


def gunzipped(payload: bytes, most: int) -> tuple[bytes, bool]:
    """Return the first `most` bytes that gzip members hold, and whether the last one ends.

    Members stand one behind another; what stands behind them and is none is passed over.

    Raises:
        ParseError: `MALFORMED`, for it is no gzip.
    """
    content = bytearray()
    packed = memoryview(payload)
    at = 0
    ends = True
    while len(content) < most and (at == 0 or payload.startswith(GZIP, at)):
        at, ends = _append_member(packed, at, content, most)
    return bytes(content), ends


def _append_member(packed: memoryview, at: int, content: bytearray, most: int) -> tuple[int, bool]:
    """Append what a member holds, up to `most` bytes in all; return where it stops, and if it ends.

    Raises:
        ParseError: `MALFORMED`.
    """
    stream = zlib.decompressobj(wbits=_WITH_HEADER)
    step = _FIRST_STEP
    while not stream.eof and at < len(packed) and len(content) < most:
        try:
            content += stream.decompress(packed[at : at + step], most - len(content))
        except zlib.error:
            raise ParseError(FailureKind.MALFORMED) from None
        at = min(at + step, len(packed)) - len(stream.unused_data)
        step *= 2
    return at, stream.eof
