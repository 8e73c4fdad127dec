"""Presidio around the registry: offline, and never skipping a recognizer in silence."""

import logging
import re
import socket
from itertools import accumulate, pairwise

import presidio_analyzer.pattern_recognizer
import pytest
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer
from presidio_analyzer.predefined_recognizers import EmailRecognizer

from transforms.scrub import ScrubError
from transforms.scrub.analyzer import find_entities, load_analyzer
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

VALUE = "jane.q9x7"


def test_no_recognizer_asks_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    analyzer = load_analyzer()
    analyzer.registry.add_recognizer(EmailRecognizer())
    assert find_entities(analyzer, "jane@example.co.uk")


def test_a_recognizer_that_fails_fails_the_text_without_a_word_of_it() -> None:
    class Broken(EntityRecognizer):
        def load(self) -> None: ...

        def analyze(self, text: str, *_: object, **__: object) -> list[object]:
            raise KeyError(text)

    analyzer = load_analyzer()
    analyzer.registry.add_recognizer(Broken(supported_entities=["X"]))
    with pytest.raises(ScrubError) as error:
        find_entities(analyzer, VALUE)
    assert VALUE not in str(error.value)
    assert error.value.__suppress_context__


@pytest.mark.parametrize("level", [logging.NOTSET, logging.CRITICAL])
def test_a_pattern_that_presidio_would_skip_fails_the_text_though_logging_is_off(
    level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Pattern("slow", r"(a|aa|a?)+(b|c\1)+$", 0.9)
    analyzer = load_analyzer()
    analyzer.registry.add_recognizer(
        PatternRecognizer(supported_entity="X", patterns=[slow], name="Slow")
    )
    monkeypatch.setattr(presidio_analyzer.pattern_recognizer, "REGEX_TIMEOUT_SECONDS", 0.0001)
    monkeypatch.setattr(logging.root.manager, "disable", level)
    with pytest.raises(ScrubError):
        find_entities(analyzer, "a" * 30_000 + "c" * 10)


def test_findings_are_told_in_the_order_of_the_text() -> None:
    findings = find_entities(load_analyzer(), "10.1.2.3 jane@example.org 10.1.2.4")
    assert [(each.type, each.start, each.end) for each in findings] == [
        ("IP_ADDRESS", 0, 8),
        ("EMAIL_ADDRESS", 9, 25),
        ("IP_ADDRESS", 26, 34),
    ]


def test_every_recognizer_of_the_project_is_in_the_registry() -> None:
    registered = {type(each) for each in load_analyzer().registry.recognizers}
    written = {
        each for each in descendants(ValuePatternRecognizer) if hasattr(each, "SCORED_PATTERNS")
    }
    assert len(written) > 20
    assert written <= registered


def descendants(kind: type) -> set[type]:
    return {kind}.union(*map(descendants, kind.__subclasses__()))


def test_no_pattern_of_the_project_takes_long_on_hostile_text() -> None:
    analyzer = load_analyzer()
    hostile = ["a@" * 2000, "a." * 4000, "/home/" * 800, "0:" * 3000, "1 " * 4000, "%2F" * 3000]
    hostile += [
        "password=" * 800,
        "-----BEGIN A-----" * 500,
        "host " * 1000,
        "x" * 8000,
        '"' * 8000,
    ]
    for text in hostile:
        find_entities(analyzer, text)


def test_a_match_in_which_the_value_took_no_part_is_marked_whole() -> None:
    class Half(ValuePatternRecognizer):
        ENTITY = "X"
        SCORED_PATTERNS = (("half", r"\bname=(?P<value>\w+)|\bjane\.\w+", 0.9),)

    (pattern,) = Half().patterns
    found = Half().finder(pattern)(f"name=mary {VALUE}")
    assert [(each.start, each.end) for each in found] == [(5, 9), (10, 19)]
    assert Half().analyze(VALUE, ["X"])


def test_a_pattern_that_names_a_value_names_it_in_each_alternative() -> None:
    def alternatives(expression: str) -> list[str]:
        outside = re.sub(
            r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", lambda each: "." * len(each[0]), expression
        )
        depths = accumulate(
            outside, lambda depth, sign: depth + "(".count(sign) - ")".count(sign), initial=0
        )
        ends = [
            at
            for at, (sign, depth) in enumerate(zip(outside, depths, strict=False))
            if sign == "|" and not depth
        ]
        return [expression[start:end] for start, end in pairwise([0, *ends, len(expression)])]

    lacking = [
        pattern.name
        for each in load_analyzer().registry.recognizers
        if isinstance(each, ValuePatternRecognizer)
        for pattern in each.patterns
        if "(?P<value>" in pattern.regex
        and not all("(?P<value>" in part for part in alternatives(pattern.regex))
    ]
    assert lacking == []
