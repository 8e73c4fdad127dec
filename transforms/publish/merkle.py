"""The Merkle tree hash of an append-only log (RFC 9162, section 2.1): SHA-256, domains kept apart.

Any change to an earlier entry changes the root hash of every later state of the log.
"""

import hashlib
from dataclasses import dataclass
from functools import reduce


@dataclass(frozen=True, slots=True)
class MerkleTree:
    """The tree of a log, as much of it as its root hash and its next entries need.

    `subtrees` are the root hashes of the full trees, powers of two, that the log falls into from
    its beginning on, each as large as can be: one for each bit that is set in `size`.
    """

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    def with_entry(self, entry: bytes) -> "MerkleTree":
        """Return the tree of the log with one entry more."""
        subtrees, hashed = list(self.subtrees), hashlib.sha256(b"\x00" + entry).digest()
        full = self.size
        while full % 2:
            hashed = _node(subtrees.pop(), hashed)
            full //= 2
        return MerkleTree(self.size + 1, (*subtrees, hashed))

    def root_hash(self) -> bytes:
        """Return the root hash (32 bytes)."""
        if not self.subtrees:
            return hashlib.sha256(b"").digest()
        # The RFC splits at the largest power of two below the size, again and again: so the
        # smallest subtree, which is last, is the innermost.
        return reduce(lambda right, left: _node(left, right), reversed(self.subtrees))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
