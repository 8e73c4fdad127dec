"""Choosing at random, the same way for the same seed on every machine."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Weighted(Generic[Item]):
    """Items with weights, to choose one at a time quickly."""

    def __init__(self, weights: Sequence[tuple[Item, float]]) -> None:
        self.items = [item for item, _ in weights]
        self._sums = list(accumulate(weight for _, weight in weights))

    def choose(self, random: Random) -> Item:
        """Return one item, as likely as its weight says."""
        return random.choices(self.items, cum_weights=self._sums)[0]


def zipf(items: Sequence[Item], exponent: float, shift: float) -> Weighted[Item]:
    """Return items with the weights of the Zipf-Mandelbrot law: first items are most likely."""
    return Weighted([(item, (rank + shift) ** -exponent) for rank, item in enumerate(items)])


def happens(random: Random, probability: float) -> bool:
    """Tell whether something of the given probability happens this time."""
    return random.random() < probability


def random_uuid(random: Random) -> str:
    """Return a random UUID (version 4) in lower case."""
    bits = random.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | (0x4 << 76) | (0x2 << 62)
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
