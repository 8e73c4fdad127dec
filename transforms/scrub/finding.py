"""What is found in a text: its type and its place, but nothing of what it says."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from presidio_analyzer import RecognizerResult


class Finding(NamedTuple):
    """What is personal in a text: from `start` up to but not including `end`; score 0 to 1."""

    type: str
    start: int
    end: int
    score: float


Finder = Callable[[str], Sequence[Finding]]
"""Returns what is found in a text."""

FindInText = Callable[[], Sequence[Finding]]
"""Returns what is found in the one text that it is for."""


def finding_of(result: RecognizerResult) -> Finding:
    """Return what a result of Presidio's says of a text, without who says it and why."""
    return Finding(result.entity_type, result.start, result.end, result.score)


def by_place(finding: Finding) -> tuple[int, int, str]:
    """Return what findings are sorted by."""
    return finding.start, finding.end, finding.type
