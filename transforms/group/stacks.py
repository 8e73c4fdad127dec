"""Stacks by digests of their prefixes, so that many crashes share a stack without carrying it."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from schemas.records import CleanFrame

_DEPTHS = (3, 8, 20)
"""Deeper prefixes tell more and are shared by fewer: the deepest that enough share is shown."""

_LEVELS = (*((depth, False) for depth in _DEPTHS), *((depth, True) for depth in _DEPTHS))
"""Depths of prefixes, first without places, then with them: a line or an offset differs with every
build of a library, and tells most where enough share it."""

ROOT_BYTES = 8
"""With which all digests of a stack begin: only stacks with one root can share a prefix."""

_OWN_BYTES = 16

_QUICKLY = 1


def stack_digests(frames: Sequence[CleanFrame]) -> tuple[bytes, ...]:
    """Return the digests of the stack's prefixes, one a level; no stack gives nothing.

    The first ones are of modules, functions and files alone, the last ones of lines and offsets
    too, and each time the shortest prefix comes first. A stack that is shorter than a depth counts
    whole. All begin with the same root.
    """
    if not frames:
        return ()
    coarse, exact = hashlib.sha256(), hashlib.sha256()
    named: list[bytes] = []
    placed: list[bytes] = []
    for start, end in pairwise((0, *_DEPTHS)):
        if start < len(frames):
            coarse.update(_names(frames[start:end]))
            exact.update(coarse.digest() + _places(frames[start:end]))
        named.append(coarse.digest())
        placed.append(exact.digest())
    root = named[0][-ROOT_BYTES:]
    return tuple(root + digest[:_OWN_BYTES] for digest in (*named, *placed))


def deepest(frames: Sequence[CleanFrame]) -> Sequence[CleanFrame]:
    """Return the frames that a stack's digests stand for."""
    return frames[: _DEPTHS[-1]]


def frames_of(digest: bytes, packed: bytes) -> tuple[CleanFrame, ...]:
    """Return the frames that a digest stands for, of a packed stack that has it among its own.

    What the digest does not tell apart is not in them, so all such stacks give the same.

    Raises:
        ValueError: the stack has other digests.
    """
    frames = tuple(CleanFrame(*frame) for frame in json.loads(zlib.decompress(packed)))
    depth, has_places = _LEVELS[stack_digests(frames).index(digest)]
    if has_places:
        return frames[:depth]
    return tuple(replace(frame, line=None, offset=None) for frame in frames[:depth])


def pack_frames(frames: Sequence[CleanFrame]) -> bytes:
    """Return what digests tell apart of frames, in little space; `frames_of` unpacks them."""
    rows = [(each.module, each.function, each.file, each.line, each.offset) for each in frames]
    return zlib.compress(json.dumps(rows).encode(), _QUICKLY)


def _names(frames: Sequence[CleanFrame]) -> bytes:
    return json.dumps([(each.module, each.function, each.file) for each in frames]).encode()


def _places(frames: Sequence[CleanFrame]) -> bytes:
    return json.dumps([(each.line, each.offset) for each in frames]).encode()
