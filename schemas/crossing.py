"""How records cross barriers, behind which engines may hold whole collections in memory."""

import pickle
from functools import lru_cache
from typing import TypeVar

_KEPT = 1 << 17
"""Shared records that a process remembers; each takes about a kilobyte, packed and unpacked."""

Shared = TypeVar("Shared", bound="SharedRecord")


class CrossingRecord:
    """A record of which millions cross barriers: pickled as its class and values alone."""

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes the record again."""
        return type(self), tuple(getattr(self, name) for name in self.__slots__)


class SharedRecord:
    """A part that many crossing records have in common: packed once, one object where it arrives.

    That spares most of the time and of the memory that its texts would take in each of them.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes the record again, or finds it."""
        return _arrived, (type(self), _packed(self))


@lru_cache(_KEPT)
def _packed(record: SharedRecord) -> bytes:
    return pickle.dumps(tuple(getattr(record, name) for name in record.__slots__))


@lru_cache(_KEPT)
def _arrived(record: type[Shared], packed: bytes) -> Shared:
    return record(*pickle.loads(packed))  # noqa: S301 - our own
