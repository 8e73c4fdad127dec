"""Texts as a reader sees them: without characters that are invisible, and in plain letters.

A zero-width space, or U+FF20 for @, hides a mail address from every pattern and from no human. So
do the colours of a terminal and the zeros of UTF-16.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""A control sequence of a terminal, e.g. for a colour (ECMA-48 section 5.4)."""
_INVISIBLE = re.compile(rf"{SEQUENCE.pattern}|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
"""That, and characters that show nothing; tabs and breaks of lines and fields are none."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and for each of its characters the place in the text that was given."""

    text: str
    _places: Sequence[int] = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text that was given of a span, not empty, of the folded one."""
        return self._places[start], self._places[end - 1] + 1


def is_plain(text: str) -> bool:
    """Tell whether a text is seen as it is: of plain letters, all of them visible."""
    return text.isascii() and (text.isprintable() or _INVISIBLE.search(text) is None)


def fold(text: str) -> Folded:
    """Return a text without what shows nothing, and with what looks like ASCII as ASCII.

    What is left out are control characters and sequences, and Unicode's category Cf (zero-width and
    soft hyphen among them). What is changed is compatible with one character of ASCII (UAX #15,
    NFKC), as full-width forms are, or is a decimal digit of any script.
    """
    if is_plain(text):
        return Folded(text, range(len(text)))
    hidden = {place for each in _INVISIBLE.finditer(text) for place in range(*each.span())}
    characters, places = [], []
    for place, character in enumerate(text):
        if place in hidden:
            continue
        plain = character if character.isascii() else _plain(character)
        if plain:
            characters.append(plain)
            places.append(place)
    return Folded("".join(characters), places)


def _plain(character: str) -> str:
    """Return what a character beyond ASCII is seen as, empty for nothing."""
    if unicodedata.category(character) == "Cf":
        return ""
    compatible = unicodedata.normalize("NFKC", character)
    if len(compatible) == 1 and compatible.isascii():
        return compatible
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
