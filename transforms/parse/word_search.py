"""Where words stand in bytes: one pass of Hyperscan, or a plain search a word without it.

Both find the same. A mebibyte of memory takes a few tenths of a millisecond with Hyperscan, and
some fifteen milliseconds without, for a hundred words that begin in two dozen ways.
"""

import re
import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from schemas.records import FailureKind
from transforms.parse.parser import ParseError

_hyperscan: Any = import_module("hyperscan") if find_spec("hyperscan") else None
"""None on platforms that have no wheel of it."""

_MOST_PLACES: Final = 200_000
"""Of one word: it bounds what a hostile file can cost."""


_STEM_BYTES: Final = 4
"""Words share their beginnings, so a plain search looks for those first."""


class WordSearch:
    """Words in lower case that may stand in any ASCII case; none may begin or overlap another."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._words = tuple(words)
        self._lengths = tuple(map(len, words))
        self._stems = {
            stem: re.compile(b"|".join(re.escape(word) for word in self._starting(stem)))
            for stem in {word[:_STEM_BYTES] for word in words}
        }
        self._local = threading.local()
        self._database: Any = None if _hyperscan is None else _compiled(self._words)

    def places(self, payload: bytes) -> dict[int, list[int]]:
        """Return by its number each word that occurs, and where, in order.

        Raises:
            ParseError: `OVERSIZED`, for one occurs more than 200,000 times.
        """
        found = None if self._database is None else self._scan(payload)
        return self._plainly(payload.lower()) if found is None else found

    def _starting(self, stem: bytes) -> list[bytes]:
        return [word for word in self._words if word.startswith(stem)]

    def _plainly(self, lowered: bytes) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        numbers = {word: number for number, word in enumerate(self._words)}
        for stem, pattern in self._stems.items():
            first = lowered.find(stem)
            for match in pattern.finditer(lowered, first) if first >= 0 else ():
                places = found.setdefault(numbers[match.group()], [])
                if len(places) == _MOST_PLACES:
                    raise ParseError(FailureKind.OVERSIZED)
                places.append(match.start())
        return found

    def _scan(self, payload: bytes) -> dict[int, list[int]] | None:
        """Return what `places` does, None if that is too much: such a pass is ended early."""
        found: dict[int, list[int]] = {}
        lengths = self._lengths
        room = iter(range(_MOST_PLACES))

        def take(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            found.setdefault(number, []).append(end - lengths[number])
            return next(room, None) is None

        try:
            self._database.scan(payload, match_event_handler=take, scratch=self._scratch())
        except _hyperscan.ScanTerminated:
            return None
        return found

    def _scratch(self) -> Any:
        """Return the working memory of this thread."""
        if not hasattr(self._local, "scratch"):
            self._local.scratch = _hyperscan.Scratch(self._database)
        return self._local.scratch


def _compiled(words: Sequence[bytes]) -> Any:
    database = _hyperscan.Database()
    database.compile(
        ids=list(range(len(words))),
        expressions=[re.escape(word).replace(b"\0", rb"\x00") for word in words],
        flags=[_hyperscan.HS_FLAG_CASELESS] * len(words),
        elements=len(words),
    )
    return database
