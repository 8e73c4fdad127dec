"""Presidio's analyzer with one scan before it: the same findings, far sooner.

Presidio asks every recognizer about every text, though most texts hold nothing. Here one pass of
Hyperscan over the text tells which recognizers could find something, and Presidio itself, with
those alone, says what they find. The scan may name too many recognizers, never too few:

- Patterns are compiled with `HS_FLAG_PREFILTER`, which by Hyperscan's documentation matches a
  superset of what the pattern matches; whatever else differs between the two dialects is refused
  (`_scannable`), and its recognizer asked about every text.
- Texts beyond ASCII are scanned as bytes that stand for their characters' classes (`stand_ins`).
  Texts in which the two disagree on classes (some control characters) go to Presidio unscanned.
- A recognizer that finds things by other means than its patterns is asked about every text.

Nothing here is about what is looked for: any registry can be given. Needs the package
`hyperscan`; `PrefilteredAnalyzerEngine.available` tells whether this platform has it.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple, Protocol, runtime_checkable

import regex
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

from transforms.scrub.stand_ins import StandIns


def _hyperscan_of_this_platform() -> Any:
    """Return the module, None on platforms that have no wheel of it or cannot load it."""
    try:
        return import_module("hyperscan")
    except ImportError:
        return None


_hyperscan: Any = _hyperscan_of_this_platform()

_PHONE_NUMBER_HINT = r"\d(?:[-x()\[\]./~ ]{0,4}\d){3}"
"""Where phonenumbers may find a number: its matcher's candidates are digits with at most four of
these between them (`phonenumbermatcher._PATTERN`), and no region has numbers under four digits
(`possible_length` in its metadata)."""

_PHONE_NUMBER_HINT_BEYOND_ASCII = r"\d(?:\D{0,4}\d){3}"
"""The same with whatever else of Unicode may stand between the digits."""

_DIFFERENT = re.compile(r"[\x0b\x1c-\x1f]")
"""Characters that are of other classes for Hyperscan: `\\s` is the one that differs."""

_SAFE_ESCAPES = re.compile(r"\\(?:[bBdDsSwWAZnrt1-9]|x[0-7][0-9a-fA-F]|[^a-zA-Z0-9])")
_GROUP_NAME = re.compile(r"\(\?P<\w+>")
_UNKNOWN_GROUP = re.compile(r"\(\?(?!:|=|!|<=|<!|[ims]+\)|[ims]*(?:-[ims]+)?:)")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]|\\u(?!00[0-7])[0-9a-fA-F]{4}|\\x[89a-fA-F][0-9a-fA-F]")
_FOLDS_TO_ASCII = re.compile("[\u0130\u0131\u017f\u212a]|\\\\u(?:013[01]|017[fF]|212[aA])")
_SET = re.compile(r"\[\^?\]?[^\]]*\]")
_BACK_REFERENCE = re.compile(r"\\[1-9]")
_POSSESSIVE = re.compile(r"[*+?}]\+")
_KNOWN_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.UNICODE


_SHORT = 300
"""Characters of a text for which a pattern needs no time limit: even if its time grows with the
square of the length, it is far from any. The limit itself costs more than most patterns do."""

_Confirm = Callable[[str], Sequence[RecognizerResult]]


@runtime_checkable
class FindsPlaces(Protocol):
    """A recognizer that finds each pattern's places apart, so that no more than these is made.

    A promise too: its `analyze` returns a result with the pattern's score for each place.
    """

    def places(
        self, text: str, pattern: Pattern, flags: int | None = None, timeout: float | None = ...
    ) -> Sequence[tuple[int, int]]:
        """Return the start and the end of what one pattern finds; None is no time limit."""
        ...


class _Share(NamedTuple):
    """One recognizer with one of its patterns alone, and what the scan looks for in its place."""

    number: int
    recognizer: EntityRecognizer
    confirm: _Confirm
    """Returns what it finds in a text."""
    expression: bytes
    flags: int
    readable: str
    """The same as `regex` reads it."""


class _Plan:
    """How one set of recognizers is asked: which always, and the scan that names the others."""

    def __init__(
        self,
        recognizers: Sequence[EntityRecognizer],
        registered: list[EntityRecognizer],
        shares: Sequence[_Share],
        database: Any,
    ) -> None:
        self.recognizers = tuple(recognizers)
        self.registered = registered
        self.engines: dict[frozenset[int], AnalyzerEngine] = {}
        self.always = frozenset(range(len(recognizers))) - {share.number for share in shares}
        self._shares = tuple(shares)
        self._all_shares = tuple(range(len(shares)))
        self.no_recognizer_enhances = all(
            type(each).enhance_using_context is EntityRecognizer.enhance_using_context
            for each in recognizers
        )
        self._database = database
        self._beyond_ascii: _BeyondAscii | None = None
        self._local = threading.local()

    def found(self, text: str) -> dict[int, list[RecognizerResult]]:
        """Return what the recognizers that the scan serves find, by the recognizer's number."""
        found: dict[int, list[RecognizerResult]] = {}
        for candidate in self._candidates(text):
            share = self._shares[candidate]
            results = share.confirm(text)
            if results:
                found.setdefault(share.number, []).extend(results)
        return found

    def _candidates(self, text: str) -> Iterable[int]:
        if self._database is None or not (text.isprintable() or not _DIFFERENT.search(text)):
            return self._all_shares
        if text.isascii():
            return self._scan("ascii", self._database, text.encode())
        if self._beyond_ascii is None:
            self._beyond_ascii = _beyond_ascii(self._shares)
        stand_ins, database, unscanned = self._beyond_ascii
        payload = stand_ins.encode(text)
        if database is None or payload is None:
            return self._all_shares
        return sorted([*unscanned, *self._scan("beyond", database, payload)])

    def _scan(self, name: str, database: Any, payload: bytes) -> list[int]:
        candidates: list[int] = []
        try:
            scratch = vars(self._local)[name]
        except KeyError:
            scratch = vars(self._local)[name] = _hyperscan.Scratch(database)
        database.scan(payload, _add_number, 0, candidates, scratch)
        return candidates


class _BeyondAscii(NamedTuple):
    """The scan of texts beyond ASCII, made when the first one comes."""

    stand_ins: StandIns
    database: Any
    unscanned: tuple[int, ...]
    """Places of the shares that the database has not."""


def _beyond_ascii(shares: Sequence[_Share]) -> _BeyondAscii:
    stand_ins = StandIns(share.readable for share in shares)
    rewritten = {}
    for place, share in enumerate(shares):
        expression = stand_ins.expression(share.readable)
        if expression is not None:
            rewritten[place] = share._replace(expression=_without_names(expression).encode("ascii"))
    database = _compiled(list(rewritten.values()), list(rewritten))
    return _BeyondAscii(
        stand_ins, database, tuple(place for place in range(len(shares)) if place not in rewritten)
    )


def _add_number(number: int, _start: int, _end: int, _flags: int, found: list[int]) -> None:
    found.append(number)


class PrefilteredAnalyzerEngine(AnalyzerEngine):
    """A drop-in for Presidio's `AnalyzerEngine`: same arguments, same findings, same scores.

    Recognizers may be added to and removed from its registry at any time; a recognizer's patterns
    are read when it is first used.
    """

    available = _hyperscan is not None

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
        found = plan.found(text)
        if not found and not plan.always:
            return []
        if not options and not plan.always and self._words_around_do_not_matter(plan):
            return self._finished(plan, found)
        engine = self._engine_of(plan, plan.always.union(found), language)
        return list(engine.analyze(text, language, **options))

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

    def _words_around_do_not_matter(self, plan: _Plan) -> bool:
        """Tell whether no score can change by context: there are no words to find it in."""
        return (
            type(self.nlp_engine) is NoOpNlpEngine
            and type(self.context_aware_enhancer) is LemmaContextAwareEnhancer
            and plan.no_recognizer_enhances
        )

    def _finished(
        self, plan: _Plan, found: Mapping[int, list[RecognizerResult]]
    ) -> list[RecognizerResult]:
        """Do what `AnalyzerEngine.analyze` does after asking the recognizers, context apart."""
        kept = [
            result
            for number, results in sorted(found.items())
            for result in results
            if result.score
            and result.score >= self._threshold(plan.recognizers[number], result.entity_type)
        ]
        for result in kept:
            vars(result)["analysis_explanation"] = None  # as Presidio does, against its own type
        return kept if len(kept) < 2 else _without_duplicates(kept)  # noqa: PLR2004 - one has no duplicate

    def _threshold(self, recognizer: EntityRecognizer, entity: str) -> float:
        thresholds: Mapping[str, float] = recognizer.score_thresholds
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
    database = _compiled(shares)
    if database is None:
        refused = {share.number for share in shares if _compiled([share]) is None}
        shares = [share for share in shares if share.number not in refused]
        database = _compiled(shares)
    return _Plan(recognizers, registered, shares if database else (), database)


def _compiled(shares: Sequence[_Share], places: Sequence[int] | None = None) -> Any:
    """Return the database of the shares, each told by its place; None if one is refused."""
    database = _hyperscan.Database()
    try:
        database.compile(
            ids=list(places or range(len(shares))),
            expressions=[share.expression for share in shares],
            flags=[share.flags for share in shares],
            elements=len(shares),
        )
    except _hyperscan.error:
        return None
    return database


def _shares(number: int, recognizer: EntityRecognizer) -> list[_Share]:
    """Return a recognizer's shares, none where it may find something without the scan's knowing."""
    if type(recognizer) is PhoneRecognizer:
        hints = _PHONE_NUMBER_HINT.encode(), _hyperscan_flags(0), _PHONE_NUMBER_HINT_BEYOND_ASCII
        return [_Share(number, recognizer, _asking(recognizer), *hints)]
    if not isinstance(recognizer, PatternRecognizer) or not _finds_by_patterns(recognizer):
        return []
    shares = []
    for pattern in recognizer.to_dict()["patterns"]:
        scannable = _scannable(pattern["regex"], recognizer.global_regex_flags or 0)
        if scannable is None:
            return []
        alone = copy(recognizer)
        vars(alone)["patterns"] = alone_patterns = [Pattern.from_dict(pattern)]
        alone.analyze("", alone.supported_entities)  # compiles the pattern now, not at first use
        confirm = (
            _placing(alone, alone.places, *alone_patterns)
            if isinstance(alone, FindsPlaces)
            else _asking(alone)
        )
        shares.append(_Share(number, alone, confirm, *scannable, pattern["regex"]))
    return shares


def _asking(recognizer: PatternRecognizer | PhoneRecognizer) -> _Confirm:
    return partial(recognizer.analyze, entities=recognizer.supported_entities)


def _placing(
    recognizer: PatternRecognizer,
    places: Callable[..., Sequence[tuple[int, int]]],
    pattern: Pattern,
) -> _Confirm:
    """Return what makes results of a pattern's places, without the explanation of each."""
    (entity,) = recognizer.supported_entities
    score, name, identifier = pattern.score, recognizer.to_dict()["name"], recognizer.id

    def confirm(text: str) -> Sequence[RecognizerResult]:
        is_short = len(text) <= _SHORT
        found = places(text, pattern, timeout=None) if is_short else places(text, pattern)
        return [
            RecognizerResult(
                entity,
                start,
                end,
                score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: identifier,
                },
            )
            for start, end in found
        ]

    return confirm


def _finds_by_patterns(recognizer: PatternRecognizer) -> bool:
    """Tell whether a recognizer leaves the finding to its patterns, or promises to.

    A subclass with an `analyze` of its own promises it by `finds_only_by_patterns = True`.
    """
    if type(recognizer).analyze in {PatternRecognizer.analyze, IbanRecognizer.analyze}:
        return True
    return getattr(recognizer, "finds_only_by_patterns", False) is True


def _scannable(expression: str, flags: int) -> tuple[bytes, int] | None:
    """Return an expression and its flags for Hyperscan, None where the dialects may disagree.

    It matches, anywhere in ASCII text without the `_DIFFERENT`, at least when `expression` does.
    """
    if flags & ~_KNOWN_FLAGS or _FOLDS_TO_ASCII.search(expression):
        return None
    ascii_only = _NOT_ASCII.sub(r"\\xff", _without_names(expression))
    skeleton = _SET.sub("x", _SAFE_ESCAPES.sub("x", ascii_only.replace(r"\xff", "x")))
    if "\\" in skeleton or _UNKNOWN_GROUP.search(skeleton) or _POSSESSIVE.search(skeleton):
        return None
    return ascii_only.encode("ascii"), _hyperscan_flags(flags)


def _without_names(expression: str) -> str:
    group = "(" if _BACK_REFERENCE.search(expression) else "(?:"
    return _GROUP_NAME.sub(group, expression)


def _hyperscan_flags(flags: int) -> int:
    found: int = (
        _hyperscan.HS_FLAG_PREFILTER
        | _hyperscan.HS_FLAG_SINGLEMATCH
        | _hyperscan.HS_FLAG_ALLOWEMPTY
    )
    for mine, theirs in (
        (regex.IGNORECASE, _hyperscan.HS_FLAG_CASELESS),
        (regex.MULTILINE, _hyperscan.HS_FLAG_MULTILINE),
        (regex.DOTALL, _hyperscan.HS_FLAG_DOTALL),
    ):
        if flags & mine:
            found |= theirs
    return found
