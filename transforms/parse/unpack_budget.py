"""What may be unpacked of one file, whatever in it is packed."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from schemas.policy import MEBIBYTE, Limits
from schemas.records import FailureKind
from transforms.parse.parser import ParseError

_MAX_DEPTH = 3  # a .tar.gz in a .zip
_MAX_RATIO = 200
_ANY_RATIO_UP_TO = 4 * MEBIBYTE  # a minidump that is mostly zeros
_MAX_TOTAL_FILES = 4  # all of one file's members, in largest files


@dataclass(slots=True)
class _Left:
    """What is left for a file, and so for all that it holds."""

    files: int
    bytes: int


class Budget:
    """What may still be unpacked of one file: files, bytes, and containers in one another.

    `packed` is the file's size in bytes.
    """

    def __init__(self, limits: Limits, packed: int) -> None:
        by_ratio = max(_ANY_RATIO_UP_TO, _MAX_RATIO * packed)
        most = min(by_ratio, _MAX_TOTAL_FILES * limits.max_file_bytes)
        self._left = _Left(limits.max_reports_per_file, most)
        self._max_file_bytes = limits.max_file_bytes
        self._depth_left = _MAX_DEPTH

    def inside(self) -> "Budget":
        """Return the budget of a container that is entered: the same one, less deep.

        Raises:
            ParseError: `OVERSIZED`, for it is one too deep.
        """
        if not self._depth_left:
            raise ParseError(FailureKind.OVERSIZED)
        inner = copy(self)
        inner._depth_left -= 1  # noqa: SLF001 - of the same class
        return inner

    def bytes_allowed(self) -> int:
        """Return how large the next file may be."""
        return max(0, min(self._max_file_bytes, self._left.bytes))

    def spend(self, pieces: Iterable[bytes]) -> bytes:
        """Return a file that is unpacked piece by piece, and count each piece as it comes.

        So what is refused, or breaks off, is spent too: it was work all the same. Once there was
        too much in all, nothing more is unpacked.

        Raises:
            ParseError: `OVERSIZED`, for it is too large or one too many; else as the pieces do.
        """
        if not self._left.files or self._left.bytes < 0:
            raise ParseError(FailureKind.OVERSIZED)
        self._left.files -= 1
        allowed = self.bytes_allowed()
        taken = []
        for piece in pieces:
            taken.append(piece)
            self._left.bytes -= len(piece)
            allowed -= len(piece)
            if allowed < 0:
                raise ParseError(FailureKind.OVERSIZED)
        return b"".join(taken)
