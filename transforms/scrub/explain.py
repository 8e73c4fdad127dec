"""Why a text is scrubbed as it is: for each finding the recognizers, patterns and scores behind it.

Nothing here carries a value: only places, names of recognizers and patterns, and numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from schemas.policy import NO_MODEL
from schemas.records import Clean, Identity
from transforms.scrub.analyzer import (
    EntityFinder,
    Reason,
    ScrubError,
    find_reasons,
    load_analyzer,
)
from transforms.scrub.finding import Finding
from transforms.scrub.folding import fold
from transforms.scrub.identities import HiddenIdentities, as_seen
from transforms.scrub.scrubber import Scrubber
from transforms.scrub.text_scrubber import WITHHELD, certain_findings, says_something

IDENTITY = "identity of the report"
"""Stands for a recognizer where a report's own user, host or device recurs in its text."""

UNFINISHED = "a recognizer that failed or took too long"
"""Stands for a recognizer where a text is withheld."""


class Place(NamedTuple):
    """A place in a text as editors tell it: line and column, both from 1, in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ExplainedFinding:
    """A finding, where it begins and where its last character is, and why it is one."""

    finding: Finding
    first: Place
    last: Place
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ExplainedText:
    """A scrubbed text and all that was found in it, by place."""

    text: Clean
    findings: tuple[ExplainedFinding, ...]


class Explainer:
    """Scrubs like a scrubber, and tells why; slower, for people who ask.

    `find_reasons` tells why the scrubber finds what it finds in a text, and raises `ScrubError`
    when it cannot tell.
    """

    def __init__(self, scrubber: Scrubber, find_reasons: Callable[[str], Sequence[Reason]]) -> None:
        self._scrubber, self._find_reasons = scrubber, find_reasons

    def explain(self, text: str, identities: Iterable[Identity] = ()) -> ExplainedText:
        """Return the text scrubbed, and for each finding its place and reasons.

        Raises:
            ScrubError: it could not be finished; carries nothing of the text.
        """
        known = tuple(identities)
        scrubbed = self._scrubber.scrub_text(text, known)
        certain: tuple[Finding, ...] = ()
        try:
            certain = certain_findings(text, HiddenIdentities.of(known, as_seen([text])))
            found = self._folded_reasons(text)
        except ScrubError:
            if scrubbed.text != WITHHELD:
                raise
            found = [Reason(finding, UNFINISHED) for finding in scrubbed.findings]
        reasons = [
            *(Reason(finding, IDENTITY) for finding in certain),
            *(each for each in found if says_something(text, each.finding)),
        ]
        return ExplainedText(
            scrubbed.text, tuple(_explained(text, each, reasons) for each in scrubbed.findings)
        )

    def _folded_reasons(self, text: str) -> list[Reason]:
        """Return the reasons in the text as it is, and in what a reader sees of it."""
        reasons = list(self._find_reasons(text))
        folded = fold(text)
        if folded.text == text:
            return reasons
        for seen in self._find_reasons(folded.text):
            start, end = folded.span(seen.finding.start, seen.finding.end)
            reason = replace(seen, finding=seen.finding._replace(start=start, end=end))
            if reason not in reasons:
                reasons.append(reason)
        return reasons


def load_explainer(model: str = NO_MODEL) -> Explainer:
    """Return an explainer of what `load_scrubber`'s scrubber of single texts does.

    Raises:
        ModelError: the language model is not here, or cannot be loaded.
    """
    analyzer = load_analyzer(model)
    find = EntityFinder(analyzer)
    return Explainer(Scrubber(find, find_in_prose=find), partial(find_reasons, analyzer))


def place_of(text: str, offset: int) -> Place:
    r"""Return the place of a character; a line ends with `\n`."""
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - before.rfind("\n"))


def _explained(text: str, finding: Finding, reasons: Iterable[Reason]) -> ExplainedFinding:
    within = sorted(
        (each for each in reasons if _is_within(each.finding, finding)),
        key=lambda each: (each.finding.start, -each.finding.end, each.recognizer),
    )
    return ExplainedFinding(
        finding, place_of(text, finding.start), place_of(text, finding.end - 1), tuple(within)
    )


def _is_within(part: Finding, whole: Finding) -> bool:
    return whole.start <= part.start and part.end <= whole.end
