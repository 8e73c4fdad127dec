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
"""Of a digest, with which those of all prefixes of a stack begin: only stacks with one root can
share a prefix."""

_PART = 16
"""Bytes that tell prefixes of one root apart."""

_QUICKLY = 1


def stack_digest(frames: Sequence[CleanFrame]) -> bytes:
    """Return a stack's digest, in which those of its prefixes are; of no stack nothing.

    It has a part for each depth without places, then as many with them.
    """
    of_names, of_places = hashlib.sha256(), hashlib.sha256()
    names, places = b"", b""
    for start, end in pairwise((0, *_DEPTHS)):
        if start < len(frames):
            of_names.update(_names(frames[start:end]))
            of_places.update(of_names.digest() + _places(frames[start:end]))
            names += of_names.digest()[:_PART]
            places += of_places.digest()[:_PART]
    return names + places


def prefix_digests(stack: bytes) -> tuple[bytes, ...]:
    """Return the digests of a stack's prefixes, given its own: one a level, the most exact last.

    The first ones are of modules, functions and files alone, the last ones of lines and offsets
    too, and each time the shortest prefix comes first. A stack that is shorter than a depth counts
    whole.
    """
    parts = [stack[start : start + _PART] for start in range(0, len(stack), _PART)]
    half = len(parts) // 2
    lacking = len(_DEPTHS) - half
    names, places = parts[:half], parts[half:]
    levels = (*names, *names[-1:] * lacking, *places, *places[-1:] * lacking)
    return tuple(stack[:ROOT_BYTES] + part for part in levels)


def deepest(frames: Sequence[CleanFrame]) -> Sequence[CleanFrame]:
    """Return the frames that a stack's digest stands for."""
    return frames[: _DEPTHS[-1]]


def frames_of(digest: bytes, packed: bytes) -> tuple[CleanFrame, ...]:
    """Return the frames that a prefix's digest stands for, of a packed stack that has the prefix.

    What the digest does not tell apart is not in them, so all such stacks give the same.

    Raises:
        ValueError: the stack has other prefixes.
    """
    frames = tuple(CleanFrame(*frame) for frame in json.loads(zlib.decompress(packed)))
    depth, has_places = _LEVELS[prefix_digests(stack_digest(frames)).index(digest)]
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
