"""Presidio's analyzer with one scan before it: the same findings, far sooner.

Presidio asks every recognizer about every text, though most texts hold nothing. Here one pass of
Hyperscan over the text (`pattern_scan`) tells which recognizers could find something, and Presidio
itself, with those alone, says what they find. A recognizer that finds things by other means than
its patterns, or has a pattern that the scan cannot look for, is asked about every text.

Nothing here is about what is looked for: any registry can be given. Needs the package
`hyperscan`; `PrefilteredAnalyzerEngine.available` tells whether this platform has it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    LemmaContextAwareEnhancer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from transforms.scrub.finding import Finding, by_place, finding_of
from transforms.scrub.hyperscan_database import AVAILABLE
from transforms.scrub.scan_plan import ScanPlan, Share, plan_of

_MOST_PLANS = 16
_MOST_ENGINES = 1024


class PrefilteredAnalyzerEngine(AnalyzerEngine):
    """A drop-in for Presidio's `AnalyzerEngine`: same arguments, same findings, same scores.

    Recognizers may be added to and removed from its registry at any time; a recognizer's patterns
    and thresholds are read when it is first used.
    """

    available = AVAILABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[object, ...], ScanPlan] = {}

    def analyze(  # type: ignore[override]  # Presidio's parameters, the rarer ones unnamed
        self,
        text: str,
        language: str,
        entities: list[str] | None = None,
        **options: Any,
    ) -> list[RecognizerResult]:
        """Return what Presidio's `AnalyzerEngine.analyze` returns for the same arguments."""
        if options.get("ad_hoc_recognizers") or not self._may_scan:
            return list(super().analyze(text, language, entities, **options))
        plan = self._plan(language, entities)
        return self._analyzed(text, plan.candidates(text), plan, language, options)

    def analyze_batch(
        self, texts: Iterable[str], language: str, entities: list[str] | None = None
    ) -> list[list[RecognizerResult]]:
        """Return for each text what `analyze` returns, in the texts' order, and sooner."""
        each_text = list(texts)
        if not self._may_scan:
            return [self.analyze(text, language, entities) for text in each_text]
        plan = self._plan(language, entities)
        return [
            self._analyzed(text, candidates, plan, language, {})
            for text, candidates in zip(each_text, plan.candidates_in_each(each_text), strict=True)
        ]

    @property
    def _may_scan(self) -> bool:
        return self.available and not self.log_decision_process

    def _analyzed(
        self,
        text: str,
        candidates: Sequence[Share],
        plan: ScanPlan,
        language: str,
        options: Mapping[str, Any],
    ) -> list[RecognizerResult]:
        found = [(share.number, result) for share in candidates for result in share.confirm(text)]
        if not found and not plan.always:
            return []
        if not options and self._only_places_matter(plan):
            return self._finished(plan, found)
        finders = plan.always.union(number for number, _ in found)
        engine = self._engine_of(plan, finders, language)
        return list(engine.analyze(text, language, **options))

    def findings(self, text: str, language: str) -> list[Finding]:
        """Return what `analyze` returns for a text, sorted by place, and sooner."""
        plan = self._plan_of_places(language)
        if plan is None:
            return _findings_of(self.analyze(text, language))
        return self._confirmed(plan.candidates(text), text)

    def findings_of_each(
        self, texts: Sequence[str], language: str
    ) -> list[Callable[[], list[Finding]]]:
        """Return for each text what returns, or raises, what `findings` does for it.

        The texts are scanned together.
        """
        plan = self._plan_of_places(language)
        if plan is None:
            return [partial(self.findings, text, language) for text in texts]
        named = plan.candidates_in_each(texts)
        return [
            partial(self._confirmed, candidates, text) if candidates else list
            for candidates, text in zip(named, texts, strict=True)
        ]

    def _plan_of_places(self, language: str) -> ScanPlan | None:
        """Return the plan by which findings are told without results; None if there is none."""
        if not self._may_scan:
            return None
        plan = self._plan(language, None)
        return plan if self._only_places_matter(plan) else None

    def _confirmed(self, candidates: Sequence[Share], text: str) -> list[Finding]:
        """Return what those that may find something in a text do find, sorted by place."""
        kept = []
        default: float = self.default_score_threshold
        for share in candidates:
            least = share.thresholds
            for found in share.find(text):
                score = found.score
                if score and score >= (self._least_score(least, found.type) if least else default):
                    kept.append(found)
        return kept if len(kept) < 2 else _without_contained(kept)  # noqa: PLR2004 - one has no duplicate

    def _plan(self, language: str, entities: list[str] | None) -> ScanPlan:
        asked = (language, None if entities is None else tuple(entities))
        plan = self._plans.get(asked)
        if plan is None or plan.registered != self.registry.recognizers:
            recognizers = self.registry.get_recognizers(
                language=language, entities=entities, all_fields=not entities
            )
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            plan = plan_of(recognizers, list(self.registry.recognizers), restricted=bool(entities))
            self._plans[asked] = plan
        return plan

    def _only_places_matter(self, plan: ScanPlan) -> bool:
        """Tell whether the scan serves all, and no score can change by the words around.

        There are none where nothing reads the language.
        """
        return (
            plan.asks_patterns_alone
            and type(self.nlp_engine) is NoOpNlpEngine
            and type(self.context_aware_enhancer) is LemmaContextAwareEnhancer
        )

    def _finished(
        self, plan: ScanPlan, found: Sequence[tuple[int, RecognizerResult]]
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

    def _engine_of(self, plan: ScanPlan, finders: frozenset[int], language: str) -> AnalyzerEngine:
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
