"""How far a local run has come, told across processes: numbers only, in small mapped files.

Beam's local runner reports metrics after the run, and its workers may be processes of their own.
So each worker process adds to a 16-byte file of its own in a folder that the launcher reads.
"""

import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path

_COUNTS = struct.Struct("<QQ")
_PREFIX = "progress-"


@dataclass(frozen=True, slots=True)
class Progress:
    """Reports read so far, and how many of them were rejected."""

    read: int
    rejected: int


class ProgressWriter:
    """Adds this process's counts to its file in `folder`."""

    def __init__(self, folder: Path) -> None:
        path = folder / f"{_PREFIX}{os.getpid()}"
        if not path.exists():
            path.write_bytes(bytes(_COUNTS.size))
        with path.open("r+b") as file:
            self._mapped = mmap.mmap(file.fileno(), _COUNTS.size)

    def add(self, read: int, rejected: int) -> None:
        """Add counts of reports; cheap enough to be called once a file."""
        before_read, before_rejected = _COUNTS.unpack_from(self._mapped)
        _COUNTS.pack_into(self._mapped, 0, before_read + read, before_rejected + rejected)


def read_progress(folder: Path) -> Progress:
    """Return the sum over all processes that have written to `folder` so far."""
    counts = [
        _COUNTS.unpack(data)
        for data in (path.read_bytes() for path in folder.glob(f"{_PREFIX}*"))
        if len(data) == _COUNTS.size
    ]
    return Progress(sum(read for read, _ in counts), sum(rejected for _, rejected in counts))
