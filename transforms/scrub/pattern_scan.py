"""One pass of Hyperscan over a text, which tells which of many patterns could match in it.

It may name too many patterns, never too few:

- They are compiled with `HS_FLAG_PREFILTER`, which by Hyperscan's documentation matches a superset
  of what the pattern matches; whatever else differs between the two dialects is refused
  (`sought`).
- Texts beyond ASCII are scanned as bytes that stand for their characters' classes (`stand_ins`).
  For texts in which the two disagree on classes (some control characters) all patterns are named.
- Texts that are scanned together are joined by line breaks, which are no part of a word, as a
  text's start and end are not.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from transforms.scrub.hyperscan_database import Database, flags_for_lines
from transforms.scrub.loosening import between_breaks, loosened
from transforms.scrub.sought import OTHER_CLASSES, Sought, without_names
from transforms.scrub.stand_ins import StandIns

_SHORT = 300
_MOST_TOGETHER = 64
"""Characters of a text that is scanned together with others, and how many texts are."""
_MOST_ENDS = 500
"""Ends of matches in such a scan. More are as good as never there: each text is scanned alone then,
where a pattern is named once however often it matches."""
_WITHOUT_LINES = re.compile(rb"\(\?[a-z]*-[a-z]*m")


class PatternScan:
    """The scan for some patterns. Threads may share it.

    `PatternScan.of` makes it, if Hyperscan can.
    """

    def __init__(self, patterns: Sequence[Sought], database: Database) -> None:
        self._patterns = tuple(patterns)
        self._all = tuple(range(len(patterns)))
        self._in_ascii = database
        self._beyond_ascii: _BeyondAscii | None = None
        self._together: _JoinedScan | None = None

    @classmethod
    def of(cls, patterns: Sequence[Sought]) -> "PatternScan | None":
        """Return the scan, None if Hyperscan refuses one of the patterns."""
        database = _database(patterns, range(len(patterns)))
        return None if database is None else cls(patterns, database)

    def candidates(self, text: str) -> Sequence[int]:
        """Return the places, among all, of the patterns that could match in a text."""
        if _has_other_classes(text):
            return self._all
        if text.isascii():
            return self._in_ascii.numbers(text.encode())
        if self._beyond_ascii is None:
            self._beyond_ascii = _beyond_ascii(self._patterns)
        stand_ins, scan, unscanned = self._beyond_ascii
        payload = stand_ins.encode(text)
        if scan is None or payload is None:
            return self._all
        return sorted([*unscanned, *scan.numbers(payload)])

    def candidates_in_each(self, texts: Sequence[str]) -> list[Sequence[int]]:
        """Return for each text what `candidates` returns, in any order, and sooner.

        Short texts of ASCII are scanned together, in one pass over all of them.
        """
        if self._together is None:
            self._together = _JoinedScan(self._patterns)
        named: list[Sequence[int] | None] = [None] * len(texts)
        short = [place for place, text in enumerate(texts) if _may_be_joined(text)]
        for first in range(0, len(short), _MOST_TOGETHER):
            places = short[first : first + _MOST_TOGETHER]
            numbers = self._together.numbers([texts[place] for place in places])
            if numbers is not None:
                for place, each in zip(places, numbers, strict=True):
                    named[place] = each
        return [
            self.candidates(text) if numbers is None else numbers
            for text, numbers in zip(texts, named, strict=True)
        ]


def _may_be_joined(text: str) -> bool:
    return len(text) <= _SHORT and text.isascii() and not _has_other_classes(text)


def _has_other_classes(text: str) -> bool:
    return not text.isprintable() and OTHER_CLASSES.search(text) is not None


class _JoinedScan:
    """The scan of several texts of ASCII at once: where a match ends tells which one it is in."""

    def __init__(self, patterns: Sequence[Sought]) -> None:
        joined = [
            each._replace(
                expression=between_breaks(each.expression.decode("ascii")).encode("ascii"),
                flags=flags_for_lines(each.flags),
            )
            for each in patterns
        ]
        refused = any(_WITHOUT_LINES.search(each.expression) for each in patterns)
        self._database = None if refused else _database(joined, range(len(joined)))

    def numbers(self, texts: Sequence[str]) -> list[Sequence[int]] | None:
        """Return for each text the numbers of the patterns that could match in it.

        None where they cannot be told.
        """
        if self._database is None:
            return None
        ends = self._database.ends("\n".join(texts).encode(), _MOST_ENDS)
        if ends is None:
            return None
        named: list[Sequence[int]] = [()] * len(texts)
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0)) if ends else []
        for end, number in ends:
            place = bisect_right(starts, end) - 1
            if number not in named[place]:
                named[place] = [*named[place], number]
        return named


class _BeyondAscii(NamedTuple):
    """The scan of texts beyond ASCII, made when the first one comes."""

    stand_ins: StandIns
    scan: Database | None
    unscanned: tuple[int, ...]
    """Places of the patterns that it does not look for."""


def _beyond_ascii(patterns: Sequence[Sought]) -> _BeyondAscii:
    stand_ins = StandIns(each.readable for each in patterns)
    rewritten = {}
    for place, each in enumerate(patterns):
        expression = stand_ins.expression(each.readable)
        if expression is not None:
            readable = loosened(without_names(expression))
            rewritten[place] = each._replace(expression=readable.encode("ascii"))
    unscanned = tuple(place for place in range(len(patterns)) if place not in rewritten)
    scan = _database(list(rewritten.values()), list(rewritten))
    return _BeyondAscii(stand_ins, scan, unscanned)


def _database(patterns: Sequence[Sought], places: Sequence[int]) -> Database | None:
    """Return the database of the patterns, each told by its place; None if one is refused."""
    return Database.of(
        [each.expression for each in patterns], [each.flags for each in patterns], places
    )
