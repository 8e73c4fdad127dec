"""The base of this project's recognizers: patterns that mark only their `value` group."""

from functools import cache
from typing import ClassVar

import regex
from presidio_analyzer import (
    AnalysisExplanation,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts

_SECONDS_FOR_A_PATTERN = 5.0
"""A safety net, never reached by the linear patterns here; reaching it is an error, not a skip."""


class ValuePatternRecognizer(PatternRecognizer):
    """A Presidio recognizer whose patterns may name what is personal as the group `value`.

    What stands around the value (`password=`, `/home/`) is its context and stays readable. A
    pattern without that group marks its whole match. `accepts` has the last word on a match.
    """

    ENTITY: ClassVar[str]
    SCORED_PATTERNS: ClassVar[tuple[tuple[str, str, float], ...]]
    """Each pattern's name, regular expression and score (0 to 1, as Presidio has it)."""
    finds_only_by_patterns: ClassVar[bool] = True
    """Read by `PrefilteredAnalyzerEngine`: without a pattern's match there is no finding."""
    name: str
    patterns: list[Pattern]

    def __init__(self, supported_language: str = "en", name: str | None = None) -> None:
        super().__init__(
            supported_entity=self.ENTITY,
            name=name or type(self).__name__,
            supported_language=supported_language,
            patterns=[Pattern(*pattern) for pattern in self.SCORED_PATTERNS],
        )

    def accepts(self, value: str) -> bool:
        """Tell whether a matched value is what it looks like, e.g. by its checksum."""
        return bool(value)

    def places(
        self,
        text: str,
        pattern: Pattern,
        flags: int | None = None,
        timeout: float | None = _SECONDS_FOR_A_PATTERN,
    ) -> list[tuple[int, int]]:
        """Return where the values are that one of the patterns finds and `accepts` accepts.

        Raises:
            TimeoutError: the pattern took more than `timeout` seconds, so that nothing can be said
                of the text.
        """
        compiled, group = _compiled(pattern.regex, flags or self.global_regex_flags or 0)
        return [
            match.span(group)
            for match in compiled.finditer(text, timeout=timeout)
            if self.accepts(match[group])
        ]

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's signature
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002 - Presidio's signature
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Return a result for each of all patterns' `places`.

        Raises:
            TimeoutError: a pattern took too long, so that nothing can be said of the text.
        """
        results = [
            self._result(place, pattern)
            for pattern in self.patterns
            for place in self.places(text, pattern, regex_flags)
        ]
        return results if len(results) < 2 else EntityRecognizer.remove_duplicates(results)  # noqa: PLR2004 - one has no duplicate

    def _result(self, span: tuple[int, int], pattern: Pattern) -> RecognizerResult:
        return RecognizerResult(
            self.ENTITY,
            *span,
            pattern.score,
            analysis_explanation=AnalysisExplanation(self.name, pattern.score, pattern.name),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )


@cache
def _compiled(expression: str, flags: int) -> tuple[regex.Pattern[str], str | int]:
    """Return the compiled pattern, and the group that is the value."""
    pattern = regex.compile(expression, flags)
    return pattern, "value" if "value" in pattern.groupindex else 0
