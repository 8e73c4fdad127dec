"""Texts as a reader sees them: without characters that are invisible, and in plain letters.

A zero-width space, or U+FF20 for @, hides a mail address from every pattern and from no human.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and for each of its characters the place in the text that was given."""

    text: str
    _places: Sequence[int] = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text that was given of a span, not empty, of the folded one."""
        return self._places[start], self._places[end - 1] + 1


def fold(text: str) -> Folded:
    """Return a text without format characters, and with those that look like ASCII as ASCII.

    What is left out has Unicode's category Cf (zero-width and soft hyphen among them); what is
    changed is compatible with one character of ASCII (UAX #15, NFKC), as full-width forms are.
    """
    if text.isascii():
        return Folded(text, range(len(text)))
    characters, places = [], []
    for place, character in enumerate(text):
        if character.isascii():
            plain = character
        elif unicodedata.category(character) == "Cf":
            continue
        else:
            compatible = unicodedata.normalize("NFKC", character)
            plain = compatible if len(compatible) == 1 and compatible.isascii() else character
        characters.append(plain)
        places.append(place)
    return Folded("".join(characters), places)
