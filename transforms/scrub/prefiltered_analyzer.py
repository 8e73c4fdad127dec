"""Presidio's analyzer with one scan before it: the same findings, far sooner.

Presidio asks every recognizer about every text, though most texts hold nothing. Here one pass of
Hyperscan over the text (`pattern_scan`) tells which recognizers could find something, and Presidio
itself, with those alone, says what they find. A recognizer that finds things by other means than
its patterns, or has a pattern that the scan cannot look for, is asked about every text.

Nothing here is about what is looked for: any registry can be given. Needs the package
`hyperscan`; `PrefilteredAnalyzerEngine.available` tells whether this platform has it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from typing import Any, NamedTuple, Protocol, runtime_checkable

from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    LemmaContextAwareEnhancer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import IbanRecognizer, PhoneRecognizer

from transforms.scrub.finding import Finding, by_place, finding_of
from transforms.scrub.pattern_scan import AVAILABLE, PatternScan, Sought, sought

_PHONE_NUMBER_HINT = r"\d(?:[-x()\[\]./~ ]{0,4}\d){3}"
"""Where phonenumbers may find a number: its matcher's candidates are digits with at most four of
these between them (`phonenumbermatcher._PATTERN`), and no region has numbers under four digits
(`possible_length` in its metadata)."""

_PHONE_NUMBER_HINT_BEYOND_ASCII = r"\d(?:\D{0,4}\d){3}"
"""The same with whatever else of Unicode may stand between the digits."""

Finder = Callable[[str], Sequence[Finding]]
"""Returns what is found in a text."""


@runtime_checkable
class HasFinders(Protocol):
    """A recognizer that finds what each pattern finds without making Presidio's results of it.

    A promise too: its `analyze` returns a result for each of these findings, and no other.
    """

    def finder(self, pattern: Pattern, flags: int | None = None) -> Finder:
        """Return what finds in texts what one pattern finds."""
        ...


class _Share(NamedTuple):
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


class _Plan:
    """How one set of recognizers is asked: which always, and the scan that names the others."""

    def __init__(
        self,
        recognizers: Sequence[EntityRecognizer],
        registered: list[EntityRecognizer],
        shares: Sequence[_Share],
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

    def candidates(self, text: str) -> Sequence[_Share]:
        """Return those that may find something, of the recognizers that the scan serves."""
        if self.scan is None:
            return ()
        named = self.scan.candidates(text)
        return [self.shares[place] for place in sorted(named)] if named else ()


class PrefilteredAnalyzerEngine(AnalyzerEngine):
    """A drop-in for Presidio's `AnalyzerEngine`: same arguments, same findings, same scores.

    Recognizers may be added to and removed from its registry at any time; a recognizer's patterns
    and thresholds are read when it is first used.
    """

    available = AVAILABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[object, ...], _Plan] = {}

    def analyze(  # type: ignore[override]  # Presidio's parameters, the rarer ones unnamed
        self,
        text: str,
        language: str,
        entities: list[str] | None = None,
        **options: Any,
    ) -> list[RecognizerResult]:
        """Return what Presidio's `AnalyzerEngine.analyze` returns for the same arguments."""
        if options.get("ad_hoc_recognizers") or self.log_decision_process or not self.available:
            return list(super().analyze(text, language, entities, **options))
        plan = self._plan(language, entities)
        found = [
            (share.number, result)
            for share in plan.candidates(text)
            for result in share.confirm(text)
        ]
        if not found and not plan.always:
            return []
        if not options and self._only_places_matter(plan):
            return self._finished(plan, found)
        finders = plan.always.union(number for number, _ in found)
        engine = self._engine_of(plan, finders, language)
        return list(engine.analyze(text, language, **options))

    def findings(self, text: str, language: str) -> list[Finding]:
        """Return what `analyze` returns for a text, sorted by place, and sooner."""
        if self.log_decision_process or not self.available:
            return _findings_of(self.analyze(text, language))
        plan = self._plan(language, None)
        if not self._only_places_matter(plan):
            return _findings_of(self.analyze(text, language))
        kept = []
        default: float = self.default_score_threshold
        for share in plan.candidates(text):
            least = share.thresholds
            for found in share.find(text):
                score = found.score
                if score and score >= (self._least_score(least, found.type) if least else default):
                    kept.append(found)
        return kept if len(kept) < 2 else _without_contained(kept)  # noqa: PLR2004 - one has no duplicate

    def analyze_batch(
        self, texts: Iterable[str], language: str, entities: list[str] | None = None
    ) -> list[list[RecognizerResult]]:
        """Return for each text what `analyze` returns, in the texts' order."""
        return [self.analyze(text, language, entities) for text in texts]

    def _plan(self, language: str, entities: list[str] | None) -> _Plan:
        asked = (language, None if entities is None else tuple(entities))
        plan = self._plans.get(asked)
        if plan is None or plan.registered != self.registry.recognizers:
            recognizers = self.registry.get_recognizers(
                language=language, entities=entities, all_fields=not entities
            )
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            plan = _plan_of(recognizers, list(self.registry.recognizers), restricted=bool(entities))
            self._plans[asked] = plan
        return plan

    def _only_places_matter(self, plan: _Plan) -> bool:
        """Tell whether the scan serves all, and no score can change by the words around.

        There are none where nothing reads the language.
        """
        return (
            plan.asks_patterns_alone
            and type(self.nlp_engine) is NoOpNlpEngine
            and type(self.context_aware_enhancer) is LemmaContextAwareEnhancer
        )

    def _finished(
        self, plan: _Plan, found: Sequence[tuple[int, RecognizerResult]]
    ) -> list[RecognizerResult]:
        """Do what `AnalyzerEngine.analyze` does after asking the recognizers, context apart."""
        kept = [
            result
            for number, result in found
            if result.score
            and result.score
            >= self._least_score(plan.recognizers[number].score_thresholds, result.entity_type)
        ]
        for result in kept:
            vars(result)["analysis_explanation"] = None  # as Presidio does, against its own type
        return kept if len(kept) < 2 else _without_duplicates(kept)  # noqa: PLR2004 - one has no duplicate

    def _least_score(self, thresholds: Mapping[str, float], entity: str) -> float:
        return thresholds.get(entity, thresholds.get("default", self.default_score_threshold))

    def _engine_of(self, plan: _Plan, finders: frozenset[int], language: str) -> AnalyzerEngine:
        engine = plan.engines.get(finders)
        if engine is None:
            if len(plan.engines) >= _MOST_ENGINES:
                plan.engines.clear()
            engine = plan.engines[finders] = AnalyzerEngine(
                registry=RecognizerRegistry(
                    [plan.recognizers[number] for number in sorted(finders)],
                    self.registry.global_regex_flags,
                    [language],
                ),
                nlp_engine=self.nlp_engine,
                app_tracer=self.app_tracer,
                default_score_threshold=self.default_score_threshold,
                supported_languages=[language],
            )
            engine.context_aware_enhancer = self.context_aware_enhancer
        return engine


def _without_duplicates(results: list[RecognizerResult]) -> list[RecognizerResult]:
    """Return what Presidio's `remove_duplicates` does: sorted by type, without what is contained.

    Only findings of one type can be each other's duplicates.
    """
    if len({result.entity_type for result in results}) < len(results):
        return list(EntityRecognizer.remove_duplicates(results))
    return sorted(results, key=lambda result: result.entity_type)


def _without_contained(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that Presidio's `remove_duplicates` leaves, sorted by place.

    One within another of the same type that is as sure goes.
    """
    kept: list[Finding] = []
    reaching: list[Finding] = []
    for finding in sorted(set(findings), key=lambda each: (each.start, -each.end, -each.score)):
        entity, start, end, score = finding
        reaching = [other for other in reaching if other.end > start]
        if not any(
            end <= other.end and entity == other.type and score <= other.score for other in reaching
        ):
            kept.append(finding)
            reaching.append(finding)
    return sorted(kept, key=by_place)


def _findings_of(results: Iterable[RecognizerResult]) -> list[Finding]:
    return sorted(map(finding_of, results), key=by_place)


_MOST_PLANS = 16
_MOST_ENGINES = 1024


def _plan_of(
    recognizers: Sequence[EntityRecognizer],
    registered: list[EntityRecognizer],
    *,
    restricted: bool,
) -> _Plan:
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
    return _Plan(recognizers, registered, shares if scan else (), scan)


def _scan_of(shares: Sequence[_Share]) -> PatternScan | None:
    return PatternScan.of([share.sought for share in shares])


def _shares(number: int, recognizer: EntityRecognizer) -> list[_Share]:
    """Return a recognizer's shares, none where it may find something without the scan's knowing."""
    if type(recognizer) is PhoneRecognizer:
        hint = sought(_PHONE_NUMBER_HINT, 0, beyond_ascii=_PHONE_NUMBER_HINT_BEYOND_ASCII)
        return [_asking(number, recognizer, hint)] if hint else []
    if not isinstance(recognizer, PatternRecognizer) or not _finds_by_patterns(recognizer):
        return []
    shares = []
    for told in recognizer.to_dict()["patterns"]:
        looked_for = sought(told["regex"], recognizer.global_regex_flags or 0)
        if looked_for is None:
            return []
        pattern = Pattern.from_dict(told)
        alone = copy(recognizer)
        vars(alone)["patterns"] = [pattern]
        alone.analyze("", alone.supported_entities)  # compiles the pattern now, not at first use
        shares.append(
            _finding(number, alone, alone.finder(pattern), looked_for)
            if isinstance(alone, HasFinders)
            else _asking(number, alone, looked_for)
        )
    return shares


def _asking(number: int, recognizer: PatternRecognizer | PhoneRecognizer, seek: Sought) -> _Share:
    """Return the share of a recognizer that is asked as Presidio would."""
    confirm = partial(recognizer.analyze, entities=recognizer.supported_entities)

    def find(text: str) -> list[Finding]:
        return list(map(finding_of, confirm(text)))

    return _Share(number, recognizer, recognizer.score_thresholds, confirm, find, seek)


def _finding(number: int, recognizer: PatternRecognizer, find: Finder, seek: Sought) -> _Share:
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

    return _Share(number, recognizer, recognizer.score_thresholds, confirm, find, seek)


def _finds_by_patterns(recognizer: PatternRecognizer) -> bool:
    """Tell whether a recognizer leaves the finding to its patterns, or promises to.

    A subclass with an `analyze` of its own promises it by `finds_only_by_patterns = True`.
    """
    if type(recognizer).analyze in {PatternRecognizer.analyze, IbanRecognizer.analyze}:
        return True
    return getattr(recognizer, "finds_only_by_patterns", False) is True
