"""Hyperscan, if there is one here that sees what it should, and its databases of expressions.

What was compiled is kept (`kept_databases`), since that takes seconds.
"""

import hashlib
import platform
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import regex

from transforms.scrub.kept_databases import keep, kept

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


class Database:
    """A compiled database, with the working memory that each thread needs for it."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._scan = database.scan
        self._local = threading.local()

    @classmethod
    def of(
        cls, expressions: Sequence[bytes], flags: Sequence[int], numbers: Sequence[int]
    ) -> "Database | None":
        """Return the database of some expressions, each with its flags and told by its number.

        None if Hyperscan refuses one of them.
        """
        asked = {"ids": list(numbers), "expressions": list(expressions), "flags": list(flags)}
        made_of = f"{_hyperscan.__version__} {platform.machine()} {sys.platform} {asked}"
        digest = hashlib.sha256(made_of.encode()).hexdigest()
        with suppress(_hyperscan.error):  # damaged, or of another kind of processor
            if (serialized := kept(digest)) is not None:
                return cls(_hyperscan.loadb(serialized, _hyperscan.HS_MODE_BLOCK))
        database = _hyperscan.Database()
        try:
            database.compile(**asked, elements=len(expressions))
        except _hyperscan.error:
            return None
        with suppress(_hyperscan.error):
            keep(digest, _hyperscan.dumpb(database))
        return cls(database)

    def numbers(self, payload: bytes) -> list[int]:
        """Return the numbers of the expressions that could match in a text's bytes."""
        found: list[int] = []
        self._tell(payload, _add_number, found)
        return found

    def ends(self, payload: bytes, most: int) -> list[tuple[int, int]] | None:
        """Return where matches could end, and the numbers of their expressions.

        None where there are more than `most`.
        """
        found: list[tuple[int, int]] = []

        def add(
            number: int, _start: int, end: int, _flags: int, found: list[tuple[int, int]]
        ) -> bool:
            found.append((end, number))
            return len(found) > most

        try:
            self._tell(payload, add, found)
        except _hyperscan.ScanTerminated:
            return None
        return found

    def _tell(self, payload: bytes, add: Callable[..., bool | None], found: list[Any]) -> None:
        try:
            scratch = self._local.scratch
        except AttributeError:
            scratch = self._local.scratch = _hyperscan.Scratch(self._database)
        self._scan(payload, add, 0, found, scratch)


def _add_number(number: int, _start: int, _end: int, _flags: int, found: list[int]) -> None:
    found.append(number)


def flags_of(flags: int) -> int:
    """Return Hyperscan's flags for some of `regex`: it tells at least what matches, each once."""
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


def flags_for_lines(flags: int) -> int:
    """Return the same flags, but each end of a match is told, and lines begin at breaks."""
    changed: int = flags & ~_hyperscan.HS_FLAG_SINGLEMATCH | _hyperscan.HS_FLAG_MULTILINE
    return changed
