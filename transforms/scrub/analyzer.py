"""Presidio's analyzer with the recognizers of `schemas/recognizers.yaml`, offline and fail-closed.

Without a language model, names in running text are found through the report's own identities alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import as_file, files
from typing import Any

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerResult
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

import transforms.scrub.recognizers  # noqa: F401 - Presidio finds recognizers by class name
from schemas.policy import NO_MODEL
from transforms.scrub.finding import Finding, FindInText, by_place, finding_of
from transforms.scrub.models import load_model
from transforms.scrub.prefiltered_analyzer import PrefilteredAnalyzerEngine

_LOGGER = logging.getLogger(__name__)
_LANGUAGE = "en"
_SCORE_THRESHOLD = 0.4
"""Drops what Presidio itself calls weak: patterns that mean nothing without the words around."""


class ScrubError(Exception):
    """A text that could not be scrubbed to its end. Carries nothing of it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is taken for personal: who says so of which place, and how sure it is.

    `pattern` is the name of the recognizer's pattern, None if it has none. `score` is
    `original_score` with what `context_word`, a word near it, adds to it.
    """

    finding: Finding
    recognizer: str
    pattern: str | None = None
    original_score: float = 1.0
    context_word: str | None = None


class _RefusesToSkip(logging.Logger):
    """Turns Presidio's "timed out" and "skipping" into errors: nothing is ever left out.

    A filter would not be asked where a program has turned its logging off.
    """

    def warning(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Log a warning, unless it tells of something that was not read."""
        if any(word in str(msg).lower() for word in ("timed out", "skipping")):
            raise ScrubError
        super().warning(msg, *args, **kwargs)


SLOW = "no hyperscan here, or one that misses matches: scrubbing is right, but far slower"


@cache
def _warn_of_slowness() -> None:
    """Say once in a process that it is slow."""
    _LOGGER.warning(SLOW)


def slowness() -> str | None:
    """Return why scrubbing is slow on this platform, None where it is not."""
    return None if PrefilteredAnalyzerEngine.available else SLOW


def load_analyzer(model: str = NO_MODEL) -> PrefilteredAnalyzerEngine:
    """Return the analyzer, with a language model; takes a second or more, so keep one a process.

    Presidio's recognizers ask tldextract for the public suffixes, which would fetch them over the
    network: it is pinned to the list in its package.

    Raises:
        ModelError: the language model is not here, or cannot be loaded.
    """
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    with as_file(files("schemas") / "recognizers.yaml") as registry:
        recognizers = RecognizerRegistryProvider(conf_file=registry).create_recognizer_registry()
    engine, readers = load_model(model, _LANGUAGE)
    recognizers.add_nlp_recognizer(engine)
    for reader in readers:
        recognizers.add_recognizer(reader)
    if not PrefilteredAnalyzerEngine.available:
        _warn_of_slowness()
    analyzer = PrefilteredAnalyzerEngine(
        registry=recognizers,
        nlp_engine=engine,
        default_score_threshold=_SCORE_THRESHOLD,
    )
    logging.getLogger("presidio-analyzer").__class__ = _RefusesToSkip
    return analyzer


def find_entities(analyzer: PrefilteredAnalyzerEngine, text: str) -> Sequence[Finding]:
    """Return what is personal in a text, sorted by place; findings of two types may overlap.

    Raises:
        ScrubError: a recognizer failed or did not finish.
    """
    return _finished(partial(analyzer.findings, text, _LANGUAGE))


class EntityFinder:
    """Finds with one analyzer what `find_entities` finds, in single texts and in several."""

    def __init__(self, analyzer: PrefilteredAnalyzerEngine) -> None:
        self._analyzer = analyzer

    def __call__(self, text: str) -> Sequence[Finding]:
        """Return what is personal in a text; raises `ScrubError` as `find_entities` does."""
        return find_entities(self._analyzer, text)

    def of_each(self, texts: Sequence[str]) -> list[FindInText]:
        """Return for each text what finds in it what is personal; they are scanned together."""
        try:
            found = self._analyzer.findings_of_each(texts, _LANGUAGE)
        except Exception:  # noqa: BLE001 - whatever it says may hold a text
            return [partial(self, text) for text in texts]
        return [partial(_finished, find) for find in found]


def _finished(find: FindInText) -> Sequence[Finding]:
    try:
        return find()
    except Exception:  # noqa: BLE001 - whatever it says may hold the text
        raise ScrubError from None


def find_reasons(analyzer: AnalyzerEngine, text: str) -> list[Reason]:
    """Return why `find_entities` finds what it finds, one for each finding, in its order.

    Raises:
        ScrubError: a recognizer failed or did not finish.
    """
    try:
        results = analyzer.analyze(text, language=_LANGUAGE, return_decision_process=True)
    except Exception:  # noqa: BLE001 - whatever it says may hold the text
        raise ScrubError from None
    return sorted(map(_reason, results), key=lambda reason: by_place(reason.finding))


def _reason(result: RecognizerResult) -> Reason:
    name = result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
    told = result.analysis_explanation
    if told is None:
        return Reason(finding_of(result), name, original_score=result.score)
    return Reason(
        finding_of(result),
        name,
        told.pattern_name,
        told.original_score,
        told.supportive_context_word or None,
    )
