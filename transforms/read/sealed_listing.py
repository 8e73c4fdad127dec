"""A listing on its way to workers: sealed, since the names of files may tell of people.

Chunks are sealed with AES-GCM (NIST SP 800-38D). They travel in the job's description, or where all
workers are on one machine in a file there: engines make many copies of a description.
"""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from transforms.aggregate import keyed_hash

Place = tuple[int, int]
"""Where a sealed chunk is in its file: the offset of its first byte, and its size in bytes."""

_NONCE_BYTES = 12


class SealError(Exception):
    """A sealed chunk that this key does not open; carries nothing of it."""


class ListingSeal:
    """Seals the chunks of a listing, and opens them, under a key derived from the one given."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(keyed_hash(key, "listing"))

    def close(self, chunk: bytes) -> bytes:
        """Return a sealed chunk; never the same one twice."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, chunk, None)

    def open(self, sealed: bytes) -> bytes:
        """Return the chunk.

        Raises:
            SealError: another key sealed it, or it was changed.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            raise SealError("a chunk of the listing cannot be opened with this key") from None


def write_sealed(chunks: Iterable[bytes], folder: Path) -> tuple[Path, list[Place]]:
    """Write sealed chunks to a new file in a folder; return its path, and each one's place.

    Raises:
        OSError: the folder cannot be written.
    """
    descriptor, path = tempfile.mkstemp(prefix="listing-", dir=folder)
    places, start = [], 0
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            places.append((start, file.write(chunk)))
            start += len(chunk)
    return Path(path), places


def read_sealed(path: Path, place: Place) -> bytes:
    """Return the sealed chunk at a place.

    Raises:
        OSError: the file is not there any more.
    """
    start, size = place
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)
