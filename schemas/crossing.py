"""How records cross barriers, behind which engines may hold whole collections in memory."""

import sys
from collections.abc import Iterable


class CrossingRecord:
    """A record of which millions cross barriers: pickled as its class and values alone.

    Texts of equal value, of which there are few, are one object again where they arrive: that takes
    half the memory.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes the record again."""
        return _arrived, (type(self), [getattr(self, name) for name in self.__slots__])


def _arrived(record: type[CrossingRecord], values: Iterable[object]) -> CrossingRecord:
    return record(*(sys.intern(each) if each.__class__ is str else each for each in values))
