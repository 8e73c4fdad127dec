"""A cache that is bounded by memory and tells how often it helped."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

RECORD_BYTES = 80
"""A small record with slots, such as a finding."""
NOT_KEPT = 1 << 60
"""Weighs more than any cache holds."""
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
        else:
            self._hits += 1
        return self._kept(key, value)

    def get_each(
        self, keys: Sequence[Key], make_each: Callable[[Sequence[Key]], Iterable[Value]]
    ) -> list[Value]:
        """Return what `get` returns for each key; `make_each` makes all that are not known."""
        known: dict[Key, Value] = {}
        unknown: list[Key] = []
        for key in dict.fromkeys(keys):
            value = self._young.get(key)
            if value is None:
                value = self._old.get(key)
                if value is None:
                    unknown.append(key)
                    continue
                self._kept(key, value)
            known[key] = value
        self._hits += len(keys) - len(unknown)
        self._misses += len(unknown)
        for key, value in zip(unknown, make_each(unknown), strict=True):
            known[key] = self._kept(key, value)
        return [known[key] for key in keys]

    def _kept(self, key: Key, value: Value) -> Value:
        if not self._most_young_bytes:
            return value
        weight = self._weigh(key, value) + _ENTRY_BYTES
        if self._young_bytes + weight > self._most_young_bytes:
            if weight > self._most_young_bytes:
                return value
            self._old, self._young, self._young_bytes = self._young, {}, 0
        self._young[key] = value
        self._young_bytes += weight
        return value
