"""What may be unpacked of one file, whatever in it is packed."""

from schemas.policy import MEBIBYTE, Limits
from schemas.records import FailureKind
from transforms.parse.parser import ParseError

_MAX_DEPTH = 3  # a .tar.gz in a .zip
_MAX_RATIO = 200
_ANY_RATIO_UP_TO = 4 * MEBIBYTE  # a minidump that is mostly zeros
_MAX_TOTAL_FILES = 4  # all of one file's members, in largest files


class Budget:
    """What may still be unpacked of one file: files, bytes, and containers in one another.

    `packed` is the file's size in bytes.
    """

    def __init__(self, limits: Limits, packed: int) -> None:
        by_ratio = max(_ANY_RATIO_UP_TO, _MAX_RATIO * packed)
        self._limits = limits
        self._bytes_left = min(by_ratio, _MAX_TOTAL_FILES * limits.max_file_bytes)
        self._files_left = limits.max_reports_per_file
        self._depth_left = _MAX_DEPTH

    def go_in(self) -> None:
        """Count a container that is entered.

        Raises:
            ParseError: `OVERSIZED`, for it is one too deep.
        """
        if not self._depth_left:
            raise ParseError(FailureKind.OVERSIZED)
        self._depth_left -= 1

    def go_out(self) -> None:
        """Count a container that is left."""
        self._depth_left += 1

    def bytes_allowed(self) -> int:
        """Return how large the next file may be."""
        return min(self._limits.max_file_bytes, self._bytes_left)

    def spend(self, content: bytes) -> None:
        """Count a file that was unpacked.

        Raises:
            ParseError: `OVERSIZED`, for it is too large or one too many.
        """
        if not self._files_left or len(content) > self.bytes_allowed():
            raise ParseError(FailureKind.OVERSIZED)
        self._files_left -= 1
        self._bytes_left -= len(content)
