"""What becomes of a text: its findings replaced by their types, or all of it withheld."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from sys import getsizeof
from typing import NamedTuple, Protocol, runtime_checkable

from schemas.records import Clean
from transforms.scrub.analyzer import ScrubError
from transforms.scrub.cache import NOT_KEPT, RECORD_BYTES, BoundedCache, CacheUse
from transforms.scrub.finding import Finding, FindInText
from transforms.scrub.folding import SEQUENCE, fold, is_plain
from transforms.scrub.identities import NOBODY, HiddenIdentities

CERTAIN = 1.0
WITHHELD = Clean("<withheld>")
"""Stands for a text that could not be scrubbed to its end."""
WITHHELD_TYPE = "WITHHELD"
"""The type of the finding that covers such a text."""
_LONGEST = 1_000_000
"""Characters of a text that is scrubbed at all; what parsers keep is far shorter."""
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*>")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

Find = Callable[[str], Sequence[Finding]]
"""Returns what is personal in a text, sorted; raises `ScrubError` when it cannot tell."""


@runtime_checkable
class FindsTogether(Protocol):
    """A `Find` that can look through several texts together."""

    def of_each(self, texts: Sequence[str]) -> Sequence[FindInText]:
        """Return for each text what finds in it what is personal; never fails itself."""
        ...


class ScrubbedText(NamedTuple):
    """A text with every finding replaced by `<TYPE>`, and the findings, sorted and apart.

    `start` and `end` of a finding are offsets into the text that was given.
    """

    text: Clean
    findings: tuple[Finding, ...] = ()


NOTHING = ScrubbedText(Clean(""))
"""Stands for a text that is not there."""


class TextScrubber:
    """Scrubs texts with one finder, and keeps what became of them in some memory.

    Texts that come together are looked through together, if `find` is one that `FindsTogether`.
    """

    def __init__(self, find: Find, cache_bytes: int) -> None:
        self._find = find
        self._find_in_each = find.of_each if isinstance(find, FindsTogether) else None
        self._cache = BoundedCache(self._scrubbed, _text_bytes, cache_bytes)

    @property
    def cache_use(self) -> CacheUse:
        """Return how often a text was scrubbed before, and how often not."""
        return self._cache.use

    def finish(self, text: str) -> ScrubbedText:
        """Return a text scrubbed.

        Raises:
            ScrubError: it could not be scrubbed to its end.
        """
        return self._cache.get(text)

    def scrub(self, text: str, identities: HiddenIdentities = NOBODY) -> ScrubbedText:
        """Return a text scrubbed, or withheld where that does not come to an end."""
        try:
            if identities is NOBODY or not (certain := certain_findings(text, identities)):
                return self._cache.get(text)
            return self._scrubbed(text, certain)
        except Exception:  # noqa: BLE001 - whatever it says may hold the text
            return withheld(text)

    def scrub_each(self, texts: Sequence[str]) -> list[ScrubbedText]:
        """Return for each text what `scrub` returns for it."""
        return self._cache.get_each(texts, self._scrub_new)

    def _scrub_new(self, texts: Sequence[str]) -> Iterator[ScrubbedText]:
        together: dict[str, FindInText] = {}
        if self._find_in_each is not None:
            plain = [text for text in texts if len(text) <= _LONGEST and is_plain(text)]
            together = dict(zip(plain, self._find_in_each(plain), strict=True))
        for text in texts:
            find = together.get(text) or partial(find_as_seen, self._find, text)
            try:
                yield scrubbed(text, find)
            except Exception:  # noqa: BLE001 - whatever it says may hold the text
                yield withheld(text)

    def _scrubbed(self, text: str, certain: Sequence[Finding] = ()) -> ScrubbedText:
        return scrubbed(text, partial(find_as_seen, self._find, text), certain)


def _text_bytes(text: str, scrubbed: ScrubbedText) -> int:
    if not scrubbed.findings:
        return getsizeof(text) + RECORD_BYTES
    if scrubbed.text == WITHHELD:
        return NOT_KEPT
    return getsizeof(text) + getsizeof(scrubbed.text) + RECORD_BYTES * (1 + len(scrubbed.findings))


def scrubbed(text: str, find: FindInText, certain: Sequence[Finding] = ()) -> ScrubbedText:
    """Return a text without what is found in it, nor what is certain to be personal.

    A terminal's colours are left out; control characters and broken Unicode become a space.

    Raises:
        ScrubError: it could not be scrubbed to its end.
    """
    if len(text) > _LONGEST:
        raise ScrubError
    found = find()
    findings = [each for each in found if says_something(text, each)] if found else []
    if certain:
        findings += certain
    if not findings:
        return ScrubbedText(Clean(_printable(text).strip()))
    findings = _joined(findings)
    parts, position = [], 0
    for entity, start, end, _ in findings:
        parts += [_printable(text[position:start]), f"<{entity}>"]
        position = end
    parts.append(_printable(text[position:]))
    return ScrubbedText(Clean("".join(parts).strip()), tuple(findings))


def withheld(text: str) -> ScrubbedText:
    """Return what stands for a text that could not be scrubbed."""
    return ScrubbedText(WITHHELD, (Finding(WITHHELD_TYPE, 0, len(text), CERTAIN),))


def find_as_seen(find: Find, text: str) -> Sequence[Finding]:
    """Return what is found in the text as it is, and as a reader sees it."""
    found = find(text)
    if is_plain(text):
        return found
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
    return _LETTER_OR_DIGIT.search(covered) is not None


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
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub(" ", SEQUENCE.sub("", text))
