"""Stacks by digests of their prefixes, so that many crashes share a stack without carrying it."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from itertools import pairwise

from schemas.records import CleanFrame

_DEPTHS = (3, 8, 20)
"""Deeper prefixes tell more and are shared by fewer: the deepest that enough share is shown."""

ROOT_BYTES = 16
"""Of the digest of the shortest prefix, with which those of all longer ones begin."""

_QUICKLY = 1


def stack_digests(frames: Sequence[CleanFrame]) -> tuple[bytes, ...]:
    """Return the digests of the stack's prefixes, the shortest first; no stack gives nothing.

    A stack that is shorter than a depth counts whole. Each digest begins with the one before it.
    """
    digest, told, digests = hashlib.sha256(), b"", []
    lengths = sorted({min(depth, len(frames)) for depth in _DEPTHS} - {0})
    for start, end in pairwise([0, *lengths]):
        digest.update(_encoded(frames[start:end]))
        told += digest.digest()[:ROOT_BYTES]
        digests.append(told)
    return tuple(digests)


def deepest(frames: Sequence[CleanFrame]) -> Sequence[CleanFrame]:
    """Return the frames that the last of the stack's digests stands for."""
    return frames[: _DEPTHS[-1]]


def frames_of(digest: bytes, packed: bytes) -> tuple[CleanFrame, ...]:
    """Return the frames that a digest stands for, of a packed stack whose digest begins with it."""
    frames = json.loads(zlib.decompress(packed))
    depth = _DEPTHS[len(digest) // ROOT_BYTES - 1]
    return tuple(CleanFrame(*frame) for frame in frames[:depth])


def pack_frames(frames: Sequence[CleanFrame]) -> bytes:
    """Return what digests tell apart of frames, in little space; `frames_of` unpacks them."""
    return zlib.compress(_encoded(frames), _QUICKLY)


def _encoded(frames: Sequence[CleanFrame]) -> bytes:
    return json.dumps(
        [(each.module, each.function, each.file, each.line, each.offset) for each in frames]
    ).encode()
