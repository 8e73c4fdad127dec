"""Patterns as Hyperscan reads them, if it reads them as `regex` does.

Whatever differs between the two dialects is refused.
"""

import re
from typing import NamedTuple

import regex

from transforms.scrub.hyperscan_database import flags_of
from transforms.scrub.loosening import BACK_REFERENCE, loosened

OTHER_CLASSES = re.compile(r"[\x0b\x1c-\x1f]")
"""Characters that are of other classes for Hyperscan: `\\s` is the one that differs."""

_SAFE_ESCAPES = re.compile(r"\\(?:[bBdDsSwWAZnrt1-9]|x[0-7][0-9a-fA-F]|[^a-zA-Z0-9])")
_GROUP_NAME = re.compile(r"\(\?P<\w+>")
_UNKNOWN_GROUP = re.compile(r"\(\*|\(\?(?!:|=|!|<=|<!|[ims]+\)|[ims]*(?:-[ims]+)?:)")
_BEYOND_ASCII = r"[^\x00-\x7f]|\\u(?!00[0-7])[0-9a-fA-F]{4}|\\x[89a-fA-F][0-9a-fA-F]"
_NOT_ASCII = re.compile(rf"(?P<backslash>\\\\)|{_BEYOND_ASCII}")
_WIDE_RANGE = re.compile(rf"-(?:{_BEYOND_ASCII})")
"""It may hold letters that are the same as one of ASCII where case is ignored: U+212A, as `k`."""
_FOLDS_TO_ASCII = re.compile("[\u0130\u0131\u017f\u212a]|\\\\u(?:013[01]|017[fF]|212[aA])")
_SET = re.compile(r"\[\^?\]?[^\]]*\]")
_POSSESSIVE = re.compile(r"[*+?}]\+")
_CLASS_BY_NAME = re.compile(r"\[:\^?\w+:\]")
_OTHER_BRACE = re.compile(r"\{(?!\d+(?:,\d*)?\})")
"""`{,3}`, or how many errors there may be: to Hyperscan these are characters."""
_KNOWN_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.UNICODE


class Sought(NamedTuple):
    """A pattern as Hyperscan reads it in ASCII text, and as `regex` reads it in any."""

    expression: bytes
    flags: int
    readable: str


def sought(expression: str, flags: int, beyond_ascii: str | None = None) -> Sought | None:
    """Return an expression and its flags for Hyperscan, None where the dialects may disagree.

    It matches, anywhere in ASCII text without any of `OTHER_CLASSES`, at least when `expression`
    does. `beyond_ascii` is looked for in other texts, if that is another expression.
    """
    unreadable = (_FOLDS_TO_ASCII, _WIDE_RANGE, _CLASS_BY_NAME)
    if flags & ~_KNOWN_FLAGS or any(each.search(expression) for each in unreadable):
        return None
    ascii_only = _NOT_ASCII.sub(
        lambda found: found["backslash"] or r"\xff", without_names(expression)
    )
    skeleton = _SET.sub("x", _SAFE_ESCAPES.sub("x", ascii_only.replace(r"\xff", "x")))
    different = (_UNKNOWN_GROUP, _POSSESSIVE, _OTHER_BRACE)
    if "\\" in skeleton or any(each.search(skeleton) for each in different):
        return None
    readable = expression if beyond_ascii is None else beyond_ascii
    return Sought(loosened(ascii_only).encode("ascii"), flags_of(flags), readable)


def without_names(expression: str) -> str:
    """Return an expression whose groups have no names, and no numbers where none is asked for."""
    group = "(" if BACK_REFERENCE.search(expression) else "(?:"
    return _GROUP_NAME.sub(group, expression)
