"""The modules that a process had loaded, and which of them an address lies in."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Module:
    """A loaded module: its path, where it lies in memory, and its file's version."""

    path: str = field(repr=False)
    base: int
    size: int
    version: str | None = field(default=None, repr=False)


class Modules:
    """The modules of one process, in their order: the first of a minidump is its executable."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self.in_order = tuple(modules)
        self._sorted = sorted(modules, key=lambda module: module.base)
        self._bases = [module.base for module in self._sorted]
        self._end = max((module.base + module.size for module in modules), default=0)

    def containing(self, address: int) -> Module | None:
        """Return the module that an address lies in, None if none does."""
        if address >= self._end:
            return None
        position = bisect_right(self._bases, address) - 1
        if position < 0:
            return None
        module = self._sorted[position]
        return module if address - module.base < module.size else None
