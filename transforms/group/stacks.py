"""Digests of a stack's prefixes, so that many crashes can share a stack without carrying it."""

import hashlib
from collections.abc import Sequence

from schemas.records import CleanFrame, ScrubbedCrash

_DEPTHS = (3, 8, 20)
"""Deeper prefixes tell more and are shared by fewer: the deepest that enough share is shown."""

_DIGEST_BYTES = 16


def stack_prefixes(crash: ScrubbedCrash) -> list[tuple[bytes, tuple[CleanFrame, ...]]]:
    """Return the digest and the frames of the stack's prefixes, the shortest first.

    A stack that is shorter than a depth counts whole; no stack gives nothing.
    """
    lengths = sorted({min(depth, len(crash.frames)) for depth in _DEPTHS} - {0})
    return [(_digest(crash.frames[:length]), crash.frames[:length]) for length in lengths]


def _digest(frames: Sequence[CleanFrame]) -> bytes:
    digest = hashlib.sha256()
    for frame in frames:
        for part in (frame.module, frame.function, frame.file, frame.line, frame.offset):
            encoded = b"-" if part is None else f"+{part}".encode()
            digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.digest()[:_DIGEST_BYTES]
