"""The Merkle tree hash of an append-only log (RFC 9162, section 2.1): SHA-256, domains kept apart.

Any change to an earlier entry changes the root hash of every later state of the log.
"""

import hashlib
from collections.abc import Sequence


def root_hash(entries: Sequence[bytes]) -> bytes:
    """Return the root hash (32 bytes) of a log with these entries, in their order."""
    if not entries:
        return hashlib.sha256(b"").digest()
    hashes = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    while len(hashes) > 1:
        # Pairing neighbours level by level, an odd one carried up, splits at the largest power of
        # two below the size, as the recursive definition of the RFC does.
        pairs = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(hashes[::2], hashes[1::2], strict=False)
        ]
        hashes = pairs + hashes[len(pairs) * 2 :]
    return hashes[0]
