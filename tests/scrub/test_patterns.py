"""Each pattern can be compiled, and none runs away, its time growing with each letter of a text."""

import re
from collections.abc import Iterable

import regex
from presidio_analyzer import Pattern

from transforms.scrub.analyzer import load_analyzer

SECONDS = 1.0
"""Thousands of times what a pattern needs, and far less than one that runs away takes."""
SIGNS = (" ", "=", ": ", "_key=", ':"', "://", "/")
FILLERS = ("a", "aB", "a1", "A", "1", "a ", "a.", "a-", "0f", "%41", "'", "a=", "Ab ", "a@")
RUNAWAY = r"key (?:[a-z]{1,24}\d{0,4}){1,8}(?!\w)"
NAME = re.compile(r"\(\?P<\w+>|\\[a-zA-Z]|\(\?[-i]+:|\[[^\]]*\]")


def words_of(expression: str) -> list[str]:
    """Return some words that stand in an expression, the first among them, and none."""
    words = list(dict.fromkeys(re.findall(r"[A-Za-z]{2,}", NAME.sub("", expression))))
    return ["", *words[:: max(1, len(words) // 2)]]


def runs_away(expression: str, flags: int) -> bool:
    compiled = regex.compile(expression, flags)
    texts = (
        f"{word}{sign}{filler * 60}"[:60] + "_"
        for word in words_of(expression)
        for sign in SIGNS
        for filler in FILLERS
    )
    try:
        for text in texts:
            for _ in compiled.finditer(text, timeout=SECONDS):
                pass
    except TimeoutError:
        return True
    return False


def patterns_of_the_registry() -> Iterable[tuple[Pattern, int]]:
    for recognizer in load_analyzer().registry.recognizers:
        for each in getattr(recognizer, "patterns", ()):
            yield each, recognizer.global_regex_flags


def test_every_pattern_is_one_that_presidio_would_take() -> None:
    patterns = [each for each, _ in patterns_of_the_registry()]
    assert len(patterns) > 200
    for each in patterns:  # Presidio's own compiles it, and refuses what cannot be
        assert vars(Pattern(each.name, each.regex, each.score)).keys() == vars(each).keys()


def test_a_pattern_that_runs_away_is_caught() -> None:
    assert runs_away(RUNAWAY, regex.IGNORECASE)


def test_no_pattern_of_the_registry_runs_away() -> None:
    patterns = list(patterns_of_the_registry())
    assert len(patterns) > 200
    assert [each.name for each, flags in patterns if runs_away(each.regex, flags)] == []
