"""Plain Presidio as benchmarks compare with it: asked for the same, in its own way."""

from presidio_analyzer import AnalyzerEngine


def plain_presidio(like: AnalyzerEngine) -> AnalyzerEngine:
    """Return Presidio's own analyzer with another's recognizers, language and threshold."""
    return AnalyzerEngine(
        registry=like.registry,
        nlp_engine=like.nlp_engine,
        default_score_threshold=like.default_score_threshold,
    )
