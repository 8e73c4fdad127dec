"""What becomes of one text: its findings replaced by their types, or all of it withheld."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas.records import Clean
from transforms.scrub.analyzer import ScrubError
from transforms.scrub.finding import Finding
from transforms.scrub.folding import SEQUENCE, fold, is_plain
from transforms.scrub.identities import HiddenIdentities

CERTAIN = 1.0
WITHHELD = Clean("<withheld>")
"""Stands for a text that could not be scrubbed to its end."""
WITHHELD_TYPE = "WITHHELD"
"""The type of the finding that covers such a text."""
_LONGEST = 1_000_000
"""Characters of a text that is scrubbed at all; what parsers keep is far shorter."""
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*>")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

Find = Callable[[str], Sequence[Finding]]
"""Returns what is personal in a text, sorted; raises `ScrubError` when it cannot tell."""


class ScrubbedText(NamedTuple):
    """A text with every finding replaced by `<TYPE>`, and the findings, sorted and apart.

    `start` and `end` of a finding are offsets into the text that was given.
    """

    text: Clean
    findings: tuple[Finding, ...] = ()


NOTHING = ScrubbedText(Clean(""))
"""Stands for a text that is not there."""


def scrubbed(find: Find, text: str, certain: Sequence[Finding] = ()) -> ScrubbedText:
    """Return a text without what is found in it, nor what is certain to be personal.

    A terminal's colours are left out; control characters and broken Unicode become a space.

    Raises:
        ScrubError: it could not be scrubbed to its end.
    """
    if len(text) > _LONGEST:
        raise ScrubError
    found = find(text) if is_plain(text) else find_folded(find, text)
    findings = [each for each in found if says_something(text, each)] if found else []
    if certain:
        findings += certain
    if not findings:
        return ScrubbedText(Clean(_printable(text).strip()))
    findings = _joined(findings)
    parts, position = [], 0
    for finding in findings:
        parts += [_printable(text[position : finding.start]), f"<{finding.type}>"]
        position = finding.end
    parts.append(_printable(text[position:]))
    return ScrubbedText(Clean("".join(parts).strip()), tuple(findings))


def withheld(text: str) -> ScrubbedText:
    """Return what stands for a text that could not be scrubbed."""
    return ScrubbedText(WITHHELD, (Finding(WITHHELD_TYPE, 0, len(text), CERTAIN),))


def find_folded(find: Find, text: str) -> Sequence[Finding]:
    """Return what is found in the text as it is, and as a reader sees it."""
    found = find(text)
    folded = fold(text)
    if folded.text == text:
        return found
    seen = [
        Finding(each.type, *folded.span(each.start, each.end), each.score)
        for each in find(folded.text)
    ]
    return [*found, *seen]


def certain_findings(text: str, identities: HiddenIdentities) -> tuple[Finding, ...]:
    """Return where a report's identities occur in a text, as it is or as a reader sees it."""
    found = {(span.type, span.start, span.end) for span in identities.spans(text)}
    if not is_plain(text) and (folded := fold(text)).text != text:
        found |= {
            (span.type, *folded.span(span.start, span.end))
            for span in identities.spans(folded.text)
        }
    return tuple(Finding(*each, CERTAIN) for each in sorted(found))


def says_something(text: str, finding: Finding) -> bool:
    """Tell whether a finding covers more than placeholders of earlier findings."""
    covered = text[finding.start : finding.end]
    if "<" in covered:
        covered = _PLACEHOLDER.sub("", covered)
    return covered.isalnum() or any(map(str.isalnum, covered))


def _joined(findings: list[Finding]) -> list[Finding]:
    """Return findings sorted and apart: those that overlap become one, of the longest's type."""
    if len(findings) < 2:  # noqa: PLR2004 - one overlaps with none
        return findings
    joined: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.start, -each.end, each.type)):
        if joined and finding.start < joined[-1].end:
            last = joined.pop()
            longest = max(last, finding, key=lambda each: each.end - each.start)
            end = max(last.end, finding.end)
            finding = Finding(longest.type, last.start, end, max(last.score, finding.score))  # noqa: PLW2901
        joined.append(finding)
    return joined


def _printable(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        text = _UNPRINTABLE.sub(" ", SEQUENCE.sub("", text))
    return text
