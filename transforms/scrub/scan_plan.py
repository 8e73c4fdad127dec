"""How a set of recognizers is asked: which of them always, and which where one scan says so.

A recognizer's patterns are its shares: the scan looks for each of them alone, and names those that
may find something in a text.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import partial
from typing import NamedTuple, Protocol, runtime_checkable

from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
)
from presidio_analyzer.predefined_recognizers import IbanRecognizer, PhoneRecognizer

from transforms.scrub.finding import Finder, Finding, finding_of
from transforms.scrub.pattern_scan import PatternScan
from transforms.scrub.sought import Sought, sought

_PHONE_NUMBER_HINT = r"\d(?:[-x()\[\]./~ ]{0,4}\d){3}"
"""Where phonenumbers may find a number: its matcher's candidates are digits with at most four of
these between them (`phonenumbermatcher._PATTERN`), and no region has numbers under four digits
(`possible_length` in its metadata)."""

_PHONE_NUMBER_HINT_BEYOND_ASCII = r"\d(?:\D{0,4}\d){3}"
"""The same with whatever else of Unicode may stand between the digits."""


@runtime_checkable
class HasFinders(Protocol):
    """A recognizer that finds what each pattern finds without making Presidio's results of it.

    A promise too: its `analyze` returns a result for each of these findings, and no other.
    """

    def finder(self, pattern: Pattern, flags: int | None = None) -> Finder:
        """Return what finds in texts what one pattern finds."""
        ...


class Share(NamedTuple):
    """One recognizer with one of its patterns alone, and what the scan looks for in its place."""

    number: int
    recognizer: EntityRecognizer
    thresholds: Mapping[str, float]
    """The least scores of its findings that count, where the engine's default is not meant."""
    confirm: Callable[[str], Sequence[RecognizerResult]]
    """Returns what it finds in a text."""
    find: Finder
    """Returns the same as findings."""
    sought: Sought


class ScanPlan:
    """How one set of recognizers is asked: which always, and the scan that names the others."""

    def __init__(
        self,
        recognizers: Sequence[EntityRecognizer],
        registered: list[EntityRecognizer],
        shares: Sequence[Share],
        scan: PatternScan | None,
    ) -> None:
        self.recognizers = tuple(recognizers)
        self.registered = registered
        self.engines: dict[frozenset[int], AnalyzerEngine] = {}
        self.always = frozenset(range(len(recognizers))) - {share.number for share in shares}
        self.shares = tuple(shares)
        self.scan = scan
        self.asks_patterns_alone = not self.always and all(
            type(each).enhance_using_context is EntityRecognizer.enhance_using_context
            for each in recognizers
        )
        """Whether the scan serves all, and none weighs the words around what it found."""

    def candidates(self, text: str) -> Sequence[Share]:
        """Return those that may find something, of the recognizers that the scan serves."""
        if self.scan is None:
            return ()
        return self._shares_at(self.scan.candidates(text))

    def candidates_in_each(self, texts: Sequence[str]) -> list[Sequence[Share]]:
        """Return for each text what `candidates` returns: they are scanned together."""
        if self.scan is None:
            return [()] * len(texts)
        return list(map(self._shares_at, self.scan.candidates_in_each(texts)))

    def _shares_at(self, places: Sequence[int]) -> Sequence[Share]:
        return [self.shares[place] for place in sorted(places)] if places else ()


def plan_of(
    recognizers: Sequence[EntityRecognizer],
    registered: list[EntityRecognizer],
    *,
    restricted: bool,
) -> ScanPlan:
    """Return the plan for some of the registered recognizers.

    `restricted` says that only some entities are asked for.
    """
    shares = [
        share
        for number, recognizer in enumerate(recognizers)
        if not (restricted and len(recognizer.supported_entities) > 1)
        for share in _shares(number, recognizer)
    ]
    scan = _scan_of(shares)
    if scan is None:
        refused = {share.number for share in shares if _scan_of([share]) is None}
        shares = [share for share in shares if share.number not in refused]
        scan = _scan_of(shares)
    return ScanPlan(recognizers, registered, shares if scan else (), scan)


def _scan_of(shares: Sequence[Share]) -> PatternScan | None:
    return PatternScan.of([share.sought for share in shares])


def _shares(number: int, recognizer: EntityRecognizer) -> list[Share]:
    """Return a recognizer's shares, none where it may find something without the scan's knowing."""
    if type(recognizer) is PhoneRecognizer:
        hint = sought(_PHONE_NUMBER_HINT, 0, beyond_ascii=_PHONE_NUMBER_HINT_BEYOND_ASCII)
        return [_asking(number, recognizer, hint)] if hint else []
    if not isinstance(recognizer, PatternRecognizer) or not _finds_by_patterns(recognizer):
        return []
    shares = []
    patterns: list[Pattern] = vars(recognizer)["patterns"]
    for registered in patterns:
        looked_for = sought(registered.regex, recognizer.global_regex_flags or 0)
        if looked_for is None:
            return []
        alone, pattern = copy(recognizer), copy(registered)
        vars(alone)["patterns"] = [pattern]
        shares.append(
            _finding(number, alone, alone.finder(pattern), looked_for)
            if isinstance(alone, HasFinders)
            else _asking(number, alone, looked_for)
        )
    return shares


def _asking(number: int, recognizer: PatternRecognizer | PhoneRecognizer, seek: Sought) -> Share:
    """Return the share of a recognizer that is asked as Presidio would."""
    confirm = partial(recognizer.analyze, entities=recognizer.supported_entities)

    def find(text: str) -> list[Finding]:
        return list(map(finding_of, confirm(text)))

    return Share(number, recognizer, recognizer.score_thresholds, confirm, find, seek)


def _finding(number: int, recognizer: PatternRecognizer, find: Finder, seek: Sought) -> Share:
    """Return the share of a recognizer's pattern that has a finder."""
    name, identifier = recognizer.to_dict()["name"], recognizer.id

    def confirm(text: str) -> list[RecognizerResult]:
        return [
            RecognizerResult(
                *found,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: identifier,
                },
            )
            for found in find(text)
        ]

    return Share(number, recognizer, recognizer.score_thresholds, confirm, find, seek)


def _finds_by_patterns(recognizer: PatternRecognizer) -> bool:
    """Tell whether a recognizer leaves the finding to its patterns, or promises to.

    A subclass with an `analyze` of its own promises it by `finds_only_by_patterns = True`.
    """
    if type(recognizer).analyze in {PatternRecognizer.analyze, IbanRecognizer.analyze}:
        return True
    return getattr(recognizer, "finds_only_by_patterns", False) is True
