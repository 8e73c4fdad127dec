"""Presidio's analyzer with the recognizers of `schemas/recognizers.yaml`, offline and fail-closed.

No language model is loaded: names in running text are found through the report's own identities.
"""

import logging
from dataclasses import dataclass
from importlib.resources import as_file, files

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

import transforms.scrub.recognizers  # noqa: F401 - Presidio finds recognizers by class name
from transforms.scrub.prefiltered_analyzer import PrefilteredAnalyzerEngine

_LOGGER = logging.getLogger(__name__)
_LANGUAGE = "en"
_SCORE_THRESHOLD = 0.4
"""Drops what Presidio itself calls weak: patterns that mean nothing without the words around."""


class ScrubError(Exception):
    """A text that could not be scrubbed to its end. Carries nothing of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is personal in a text: from `start` up to but not including `end`; score 0 to 1."""

    type: str
    start: int
    end: int
    score: float


class _RefuseToSkip(logging.Filter):
    """Turns Presidio's "timed out, skipping" into an error: a recognizer is never left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "timed out" in record.msg:
            raise ScrubError
        return True


_REFUSE_TO_SKIP = _RefuseToSkip()


def load_analyzer() -> AnalyzerEngine:
    """Return the analyzer; takes about a second, so keep one a process.

    Presidio's recognizers ask tldextract for the public suffixes, which would fetch them over the
    network: it is pinned to the list in its package.
    """
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    with as_file(files("schemas") / "recognizers.yaml") as registry:
        recognizers = RecognizerRegistryProvider(conf_file=registry).create_recognizer_registry()
    if not PrefilteredAnalyzerEngine.available:
        _LOGGER.warning("no hyperscan for this platform: scrubbing is right, but far slower")
    analyzer = PrefilteredAnalyzerEngine(
        registry=recognizers,
        nlp_engine=NoOpNlpEngine(models=[{"lang_code": _LANGUAGE, "model_name": ""}]),
        default_score_threshold=_SCORE_THRESHOLD,
    )
    logging.getLogger("presidio-analyzer").addFilter(_REFUSE_TO_SKIP)
    return analyzer


def find_entities(analyzer: AnalyzerEngine, text: str) -> list[Finding]:
    """Return what is personal in a text, sorted by place; findings of two types may overlap.

    Raises:
        ScrubError: a recognizer failed or did not finish.
    """
    try:
        results = analyzer.analyze(text, language=_LANGUAGE)
    except Exception:  # noqa: BLE001 - whatever it says may hold the text
        raise ScrubError from None
    if not results:
        return []
    findings = [Finding(each.entity_type, each.start, each.end, each.score) for each in results]
    return sorted(findings, key=lambda finding: (finding.start, finding.end, finding.type))
