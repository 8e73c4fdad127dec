"""One pass of Hyperscan over a text, which tells which of many patterns could match in it.

It may name too many patterns, never too few:

- They are compiled with `HS_FLAG_PREFILTER`, which by Hyperscan's documentation matches a superset
  of what the pattern matches; whatever else differs between the two dialects is refused
  (`sought`).
- Texts beyond ASCII are scanned as bytes that stand for their characters' classes (`stand_ins`).
  For texts in which the two disagree on classes (some control characters) all patterns are named.
"""

import hashlib
import platform
import re
import sys
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import accumulate
from typing import Any, NamedTuple

import regex

from transforms.scrub.kept_databases import keep, kept
from transforms.scrub.loosening import between_breaks, loosened
from transforms.scrub.stand_ins import StandIns

_ONCE_MISSED = ((rb"[b@]a\b", b"q" * 16 + b"@a"), (rb"x[a-f0-9]*1", b"q" * 56 + b"x1"))
"""Expressions, and texts that they match in, which Vectorscan 5.4.12 does not see on x86-64."""


def _trustworthy_hyperscan() -> Any:
    """Return the module, None on platforms that have no wheel of it, or one that misses matches."""
    try:
        module = import_module("hyperscan")
    except ImportError:
        return None
    return module if all(_sees(module, *each) for each in _ONCE_MISSED) else None


def _sees(module: Any, expression: bytes, text: bytes) -> bool:
    database, seen = module.Database(), list[int]()
    with suppress(module.error):  # not for this kind of processor
        database.compile(expressions=[expression], ids=[0], flags=[0], elements=1)
        scratch = module.Scratch(database)
        database.scan(text, lambda number, *_: seen.append(number), scratch=scratch)
    return bool(seen)


_hyperscan: Any = _trustworthy_hyperscan()

AVAILABLE = _hyperscan is not None

_DIFFERENT = re.compile(r"[\x0b\x1c-\x1f]")
"""Characters that are of other classes for Hyperscan: `\\s` is the one that differs."""

_SAFE_ESCAPES = re.compile(r"\\(?:[bBdDsSwWAZnrt1-9]|x[0-7][0-9a-fA-F]|[^a-zA-Z0-9])")
_GROUP_NAME = re.compile(r"\(\?P<\w+>")
_UNKNOWN_GROUP = re.compile(r"\(\?(?!:|=|!|<=|<!|[ims]+\)|[ims]*(?:-[ims]+)?:)")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]|\\u(?!00[0-7])[0-9a-fA-F]{4}|\\x[89a-fA-F][0-9a-fA-F]")
_FOLDS_TO_ASCII = re.compile("[\u0130\u0131\u017f\u212a]|\\\\u(?:013[01]|017[fF]|212[aA])")
_SET = re.compile(r"\[\^?\]?[^\]]*\]")
_BACK_REFERENCE = re.compile(r"\\[1-9]")
_POSSESSIVE = re.compile(r"[*+?}]\+")
_OTHER_BRACE = re.compile(r"\{(?!\d+(?:,\d*)?\})")
"""`{,3}`, or how many errors there may be: to Hyperscan these are characters."""
_WITHOUT_LINES = re.compile(rb"\(\?[a-z]*-[a-z]*m")
_KNOWN_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.UNICODE


_SHORT = 300
_MOST_TOGETHER = 64
"""Characters of a text that is scanned together with others, and how many texts are."""
_MOST_ENDS = 2_000
"""Ends of matches in such a scan. More are as good as never there: each text is scanned alone then,
where a pattern is named once however often it matches."""


class Sought(NamedTuple):
    """A pattern as Hyperscan reads it in ASCII text, and as `regex` reads it in any."""

    expression: bytes
    flags: int
    readable: str


class PatternScan:
    """The scan for some patterns. Threads may share it.

    `PatternScan.of` makes it, if Hyperscan can.
    """

    def __init__(self, patterns: Sequence[Sought], database: Any) -> None:
        self._patterns = tuple(patterns)
        self._all = tuple(range(len(patterns)))
        self._in_ascii = _Scan(database)
        self._beyond_ascii: _BeyondAscii | None = None
        self._together: _JoinedScan | None = None

    @classmethod
    def of(cls, patterns: Sequence[Sought]) -> "PatternScan | None":
        """Return the scan, None if Hyperscan refuses one of the patterns."""
        database = _compiled(patterns, range(len(patterns)))
        return None if database is None else cls(patterns, database)

    def candidates(self, text: str) -> Sequence[int]:
        """Return the places, among all, of the patterns that could match in a text."""
        if not text.isprintable() and _DIFFERENT.search(text):
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
            for place, numbers in zip(
                places, self._together.numbers([texts[place] for place in places]), strict=False
            ):
                named[place] = numbers
        return [
            self.candidates(text) if numbers is None else numbers
            for text, numbers in zip(texts, named, strict=True)
        ]


def _may_be_joined(text: str) -> bool:
    return (
        len(text) <= _SHORT
        and text.isascii()
        and (text.isprintable() or _DIFFERENT.search(text) is None)
    )


class _Scan:
    """A compiled database, with the working memory that each thread needs for it."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._scan = database.scan
        self._local = threading.local()

    def numbers(self, payload: bytes) -> list[int]:
        """Return the numbers of the patterns that could match in a text's bytes."""
        found: list[int] = []
        self.tell(payload, _add_number, found)
        return found

    def tell(self, payload: bytes, add: Callable[..., bool | None], found: list[Any]) -> None:
        """Let `add` note in `found` what could match in a text's bytes, until it tells to stop."""
        try:
            scratch = self._local.scratch
        except AttributeError:
            scratch = self._local.scratch = _hyperscan.Scratch(self._database)
        self._scan(payload, add, 0, found, scratch)


class _JoinedScan:
    """The scan of several texts of ASCII in one pass: where a match ends tells the text it is in.

    Between them stands a line break, which is no part of a word, as a text's start and end are not.
    """

    def __init__(self, patterns: Sequence[Sought]) -> None:
        joined = [
            each._replace(
                expression=between_breaks(each.expression.decode("ascii")).encode("ascii"),
                flags=each.flags & ~_hyperscan.HS_FLAG_SINGLEMATCH | _hyperscan.HS_FLAG_MULTILINE,
            )
            for each in patterns
            if not _WITHOUT_LINES.search(each.expression)
        ]
        whole = len(joined) == len(patterns)
        database = _compiled(joined, range(len(joined))) if whole else None
        self._scan = None if database is None else _Scan(database)

    def numbers(self, texts: Sequence[str]) -> list[Sequence[int]]:
        """Return for each text the numbers of the patterns that could match in it.

        Nothing at all is returned where they cannot be told.
        """
        if self._scan is None:
            return []
        ends: list[tuple[int, int]] = []
        try:
            self._scan.tell("\n".join(texts).encode(), _add_end, ends)
        except _hyperscan.ScanTerminated:
            return []
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
    scan: _Scan | None
    unscanned: tuple[int, ...]
    """Places of the patterns that it does not look for."""


def _beyond_ascii(patterns: Sequence[Sought]) -> _BeyondAscii:
    stand_ins = StandIns(each.readable for each in patterns)
    rewritten = {}
    for place, each in enumerate(patterns):
        expression = stand_ins.expression(each.readable)
        if expression is not None:
            readable = loosened(_without_names(expression))
            rewritten[place] = each._replace(expression=readable.encode("ascii"))
    database = _compiled(list(rewritten.values()), rewritten)
    unscanned = tuple(place for place in range(len(patterns)) if place not in rewritten)
    return _BeyondAscii(stand_ins, None if database is None else _Scan(database), unscanned)


def _add_number(number: int, _start: int, _end: int, _flags: int, found: list[int]) -> None:
    found.append(number)


def _add_end(number: int, _start: int, end: int, _flags: int, ends: list[tuple[int, int]]) -> bool:
    """Note where a pattern's match ends; tell whether there are too many to go on."""
    ends.append((end, number))
    return len(ends) > _MOST_ENDS


def _compiled(patterns: Sequence[Sought], places: Iterable[int]) -> Any:
    """Return the database of the patterns, each told by its place; None if one is refused."""
    asked = {
        "ids": list(places),
        "expressions": [each.expression for each in patterns],
        "flags": [each.flags for each in patterns],
    }
    made_of = f"{_hyperscan.__version__} {platform.machine()} {sys.platform} {asked}"
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    with suppress(_hyperscan.error):  # damaged, or of another kind of processor
        if (serialized := kept(digest)) is not None:
            return _hyperscan.loadb(serialized, _hyperscan.HS_MODE_BLOCK)
    database = _hyperscan.Database()
    try:
        database.compile(**asked, elements=len(patterns))
    except _hyperscan.error:
        return None
    with suppress(_hyperscan.error):
        keep(digest, _hyperscan.dumpb(database))
    return database


def sought(expression: str, flags: int, beyond_ascii: str | None = None) -> Sought | None:
    """Return an expression and its flags for Hyperscan, None where the dialects may disagree.

    It matches, anywhere in ASCII text without the `_DIFFERENT`, at least when `expression` does.
    `beyond_ascii` is looked for in other texts, if that is another expression.
    """
    if flags & ~_KNOWN_FLAGS or _FOLDS_TO_ASCII.search(expression):
        return None
    ascii_only = _NOT_ASCII.sub(r"\\xff", _without_names(expression))
    skeleton = _SET.sub("x", _SAFE_ESCAPES.sub("x", ascii_only.replace(r"\xff", "x")))
    others = (_UNKNOWN_GROUP, _POSSESSIVE, _OTHER_BRACE)
    if "\\" in skeleton or any(other.search(skeleton) for other in others):
        return None
    readable = expression if beyond_ascii is None else beyond_ascii
    return Sought(loosened(ascii_only).encode("ascii"), _hyperscan_flags(flags), readable)


def _without_names(expression: str) -> str:
    group = "(" if _BACK_REFERENCE.search(expression) else "(?:"
    return _GROUP_NAME.sub(group, expression)


def _hyperscan_flags(flags: int) -> int:
    found: int = (
        _hyperscan.HS_FLAG_PREFILTER
        | _hyperscan.HS_FLAG_SINGLEMATCH
        | _hyperscan.HS_FLAG_ALLOWEMPTY
    )
    for mine, theirs in (
        (regex.IGNORECASE, _hyperscan.HS_FLAG_CASELESS),
        (regex.MULTILINE, _hyperscan.HS_FLAG_MULTILINE),
        (regex.DOTALL, _hyperscan.HS_FLAG_DOTALL),
    ):
        if flags & mine:
            found |= theirs
    return found
