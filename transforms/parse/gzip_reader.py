"""Reading gzip (RFC 1952) that may be hostile: never more of it than was asked for."""

import zlib
from collections.abc import Iterator
from typing import Final

from schemas.records import FailureKind
from transforms.parse.parser import ParseError

GZIP: Final = b"\x1f\x8b\x08"
_WITH_HEADER: Final = 16 + zlib.MAX_WBITS
_FIRST_STEP: Final = 1024
"""Steps double within a member, so that a file of many small ones is not copied for each."""
PIECE_BYTES: Final = 64 * 1024


def gunzipped(payload: bytes, most: int) -> tuple[bytes, bool]:
    """Return the first `most` bytes that gzip members hold, and whether none is cut off in them.

    Members stand one behind another; what stands behind them and is none is passed over.

    Raises:
        ParseError: `MALFORMED`, for it is no gzip.
    """
    content = bytearray()
    try:
        for piece in gunzipped_pieces(payload, min(most, PIECE_BYTES)) if most else ():
            content += piece
            if len(content) >= most:
                break
    except ParseError as error:
        if error.kind is not FailureKind.TRUNCATED:
            raise
        return bytes(content), False
    return bytes(content[:most]), True


def gunzipped_pieces(payload: bytes, most: int = PIECE_BYTES) -> Iterator[bytes]:
    """Yield all that gzip members hold, at most so many bytes at a time.

    Raises:
        ParseError: `MALFORMED`, for it is no gzip; `TRUNCATED` when the last member has no end.
    """
    packed = memoryview(payload)
    at = 0
    while at == 0 or payload.startswith(GZIP, at):
        stream = zlib.decompressobj(wbits=_WITH_HEADER)
        step = _FIRST_STEP
        while not stream.eof:
            taken = packed[at : at + step]
            try:
                piece = stream.decompress(taken, most)
            except zlib.error:
                raise ParseError(FailureKind.MALFORMED) from None
            if piece:
                yield piece
            elif not taken and not stream.eof:  # what is left in the stream would have come
                raise ParseError(FailureKind.TRUNCATED)
            at += len(taken) - len(stream.unused_data or stream.unconsumed_tail)  # or both are told
            step = min(2 * step, PIECE_BYTES)
