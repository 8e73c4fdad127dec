"""A cache that is bounded by memory and tells how often it helped."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_ENTRY_BYTES = 150
"""What CPython 3.11 needs for a dictionary's entry and the objects' headers, at most."""


class CacheUse(NamedTuple):
    """How often a cache was asked: what it knew, and what it had to find out."""

    hits: int
    misses: int


class BoundedCache(Generic[Key, Value]):
    """Remembers what `make` returns for each key; `weigh` tells the bytes that both of them need.

    There are two generations, each of at most half the memory. When the young one is full, the
    old one is forgotten; what is asked for again in time becomes young again.
    """

    def __init__(
        self, make: Callable[[Key], Value], weigh: Callable[[Key, Value], int], most_bytes: int
    ) -> None:
        self._make, self._weigh, self._most_young_bytes = make, weigh, most_bytes // 2
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}
        self._young_bytes = 0
        self._hits = self._misses = 0

    @property
    def use(self) -> CacheUse:
        """Return the counts since the cache was made; threads may lose a few of them."""
        return CacheUse(self._hits, self._misses)

    def get(self, key: Key) -> Value:
        """Return what `make` returns for the key; what it raises is not remembered."""
        value = self._young.get(key)
        if value is not None:
            self._hits += 1
            return value
        value = self._old.get(key)
        if value is None:
            self._misses += 1
            value = self._make(key)
            if not self._most_young_bytes:
                return value
        else:
            self._hits += 1
        weight = self._weigh(key, value) + _ENTRY_BYTES
        if self._young_bytes + weight > self._most_young_bytes:
            if weight > self._most_young_bytes:
                return value
            self._old, self._young, self._young_bytes = self._young, {}, 0
        self._young[key] = value
        self._young_bytes += weight
        return value
