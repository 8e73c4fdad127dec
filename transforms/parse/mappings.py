"""The files that a process had mapped, and which of them an address lies in."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.parse.normalise import module_name


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where a part of a file lay in memory, and where the file's beginning did (`base`)."""

    start: int
    end: int
    base: int
    path: str = field(repr=False)


class Mappings:
    """Mapped files, found by address."""

    def __init__(self, mappings: Sequence[Mapping]) -> None:
        self._sorted = sorted(mappings, key=lambda mapping: mapping.start)
        self._starts = [mapping.start for mapping in self._sorted]

    def locate(self, address: int) -> tuple[str | None, int | None]:
        """Return the name of the file that an address lies in, and how far from its base."""
        at = bisect_right(self._starts, address) - 1
        if at < 0 or address >= self._sorted[at].end:
            return None, None
        name = module_name(self._sorted[at].path)
        return name, address - self._sorted[at].base if name else None
