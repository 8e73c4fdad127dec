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

from transforms.scrub.finding import Finder, Finding

_SECONDS_FOR_A_PATTERN = 5.0
"""A safety net, never reached by the linear patterns here; reaching it is an error, not a skip."""

_SHORT = 300
"""Characters of a text for which a pattern needs no time limit: even if its time grows with the
square of the length, it is far from any. The limit itself costs more than most patterns do. That no
pattern's time grows faster is what a test looks for."""


class _UncheckedPattern(Pattern):
    """A pattern that is not compiled to see whether it can be, which takes a process a second.

    It can: a test compiles them all.
    """

    def __init__(self, name: str, regex: str, score: float) -> None:
        self.name, self.regex, self.score = name, regex, score
        self.compiled_regex = self.compiled_with_flags = None


class ValuePatternRecognizer(PatternRecognizer):
    """A Presidio recognizer whose patterns may name what is personal as the group `value`.

    What stands around the value (`password=`, `/home/`) is its context and stays readable. A
    pattern without that group marks its whole match, and so does one whose group took no part in
    the match. `accepts` has the last word on a match.
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
            patterns=[_UncheckedPattern(*pattern) for pattern in self.SCORED_PATTERNS],
        )

    def accepts(self, value: str) -> bool:
        """Tell whether a matched value is what it looks like, e.g. by its checksum."""
        return bool(value)

    def finder(self, pattern: Pattern, flags: int | None = None) -> Finder:
        """Return what finds the values that a pattern finds and `accepts` accepts.

        What it returns raises `TimeoutError` where the pattern takes too long, so that nothing can
        be said of the text.
        """
        expression, flags = pattern.regex, flags or self.global_regex_flags or 0
        accepts, entity, score = self.accepts, self.ENTITY, pattern.score

        def find(text: str) -> list[Finding]:
            found = []
            compiled, group = _compiled(expression, flags)  # at first use: few of all are needed
            limit = None if len(text) <= _SHORT else _SECONDS_FOR_A_PATTERN
            for match in compiled.finditer(text, timeout=limit):
                value, part = match[group], group
                if value is None:
                    value, part = match[0], 0
                if accepts(value):
                    start, end = match.span(part)
                    found.append(Finding(entity, start, end, score))
            return found

        return find

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's signature
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002 - Presidio's signature
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Return a result for each of what the patterns' finders find.

        Raises:
            TimeoutError: a pattern took too long, so that nothing can be said of the text.
        """
        results = [
            self._result(finding, pattern)
            for pattern in self.patterns
            for finding in self.finder(pattern, regex_flags)(text)
        ]
        return results if len(results) < 2 else EntityRecognizer.remove_duplicates(results)  # noqa: PLR2004 - one has no duplicate

    def _result(self, finding: Finding, pattern: Pattern) -> RecognizerResult:
        return RecognizerResult(
            *finding,
            analysis_explanation=AnalysisExplanation(self.name, pattern.score, pattern.name),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )


@cache
def _compiled(expression: str, flags: int) -> tuple[regex.Pattern[str], int]:
    """Return the compiled pattern, and the number of the group that is the value."""
    pattern = regex.compile(expression, flags)
    return pattern, pattern.groupindex.get("value", 0)
