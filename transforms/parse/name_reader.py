"""Reads a mangled name from front to end, within bounds that a hostile one would go over."""

import re
from typing import Final

MOST_CHARS: Final = 2_048
"""Of what is read, for parts of a name may stand for longer ones before them."""
_MOST_LEVELS: Final = 48
"""Of parts in one another. Real names have few; a hostile one would end in a RecursionError."""
_MOST_STEPS: Final = 1_024


class NotUnderstoodError(ValueError):
    """A name that is not mangled by the rules, or by one that is not known here."""


class NameReader:
    """A place in a name, and what may be taken from there."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self._level = 0
        self._steps = 0

    def take(self, *codes: str) -> bool:
        """Go past the first of the codes that stands here; tell whether there is one."""
        for code in codes:
            if self.text.startswith(code, self.at):
                self.at += len(code)
                return True
        return False

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go past what the pattern matches here, and return it."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def next(self) -> str:
        """Go past one letter and return it; a LookupError if there is none."""
        self.at += 1
        return self.text[self.at - 1]

    def here(self, count: int = 1) -> str:
        """Return the letters that stand here."""
        return self.text[self.at : self.at + count]

    def part(self, length: int) -> str:
        """Go past a part of so many letters and return it; it is whole, and not empty."""
        part = self.here(length)
        if not part or len(part) != length:
            raise NotUnderstoodError
        self.at += length
        return part

    def enter(self) -> None:
        """Begin a part in another, which `leave` ends."""
        self._level += 1
        self._steps += 1
        if self._level > _MOST_LEVELS or self._steps > _MOST_STEPS:
            raise NotUnderstoodError

    def leave(self, name: str) -> str:
        """End a part, and return its name if it is not too long."""
        self._level -= 1
        return short_enough(name)


def short_enough(name: str) -> str:
    """Return the name if it is not too long, and else end with `NotUnderstoodError`."""
    if len(name) > MOST_CHARS:
        raise NotUnderstoodError
    return name
