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
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NamedTuple

import regex

from transforms.scrub.kept_databases import keep, kept
from transforms.scrub.loosening import loosened
from transforms.scrub.stand_ins import StandIns


def _hyperscan_of_this_platform() -> Any:
    """Return the module, None on platforms that have no wheel of it or cannot load it."""
    try:
        return import_module("hyperscan")
    except ImportError:
        return None


_hyperscan: Any = _hyperscan_of_this_platform()

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
_KNOWN_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.UNICODE


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

    @classmethod
    def of(cls, patterns: Sequence[Sought]) -> "PatternScan | None":
        """Return the scan, None if Hyperscan refuses one of the patterns."""
        database = _compiled(patterns, range(len(patterns)))
        return None if database is None else cls(patterns, database)

    def candidates(self, text: str) -> Sequence[int]:
        """Return the places, among all, of the patterns that could match in a text."""
        if text.isascii():
            if text.isprintable() or not _DIFFERENT.search(text):
                return self._in_ascii.numbers(text.encode())
            return self._all
        if _DIFFERENT.search(text):
            return self._all
        if self._beyond_ascii is None:
            self._beyond_ascii = _beyond_ascii(self._patterns)
        stand_ins, scan, unscanned = self._beyond_ascii
        payload = stand_ins.encode(text)
        if scan is None or payload is None:
            return self._all
        return sorted([*unscanned, *scan.numbers(payload)])


class _Scan:
    """A compiled database, with the working memory that each thread needs for it."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._scan = database.scan
        self._local = threading.local()

    def numbers(self, payload: bytes) -> list[int]:
        """Return the numbers of the patterns that could match in a text's bytes."""
        found: list[int] = []
        try:
            scratch = self._local.scratch
        except AttributeError:
            scratch = self._local.scratch = _hyperscan.Scratch(self._database)
        self._scan(payload, _add_number, 0, found, scratch)
        return found


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
    if "\\" in skeleton or _UNKNOWN_GROUP.search(skeleton) or _POSSESSIVE.search(skeleton):
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
