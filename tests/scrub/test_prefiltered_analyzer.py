"""The scan before Presidio changes nothing but the time: plain Presidio is asked for comparison."""

from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts, NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import EmailRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from tests.scrub import test_other_labels as other
from tests.scrub.test_code_is_left_alone import LEFT_ALONE
from tests.scrub.test_recognizers import FOUND
from transforms.scrub.analyzer import load_analyzer
from transforms.scrub.pattern_scan import PatternScan
from transforms.scrub.prefiltered_analyzer import PrefilteredAnalyzerEngine

TEXTS = [
    *(text for text, _, _ in FOUND),
    *LEFT_ALONE,
    *other.VALUES,
    *(text for text, _ in other.IN_CONTEXT),
    *other.LEFT_ALONE,
]
PRESIDIOS_OWN = [
    "My card 4012888888881881 expires", "call (212) 555-0187 or +44 20 7946 0958",
    "SSN 219-09-9999",
    "DE89370400440532013000", "born 12/03/1984", "license H12234567", "jane@example.co.uk",
    "http://example.com/a", "10.1.2.3 and 2001:db8::1", "3c:22:fb:7a:90:1e", "nothing at all", "",
    "\x1c4012888888881881\x0b", "Jörg 4012888888881881", "x" * 3000, "passport 912803456",
]  # fmt: skip


def engines(registry: str) -> tuple[AnalyzerEngine, PrefilteredAnalyzerEngine]:
    if registry == "ours":
        return engines_of(load_analyzer().registry)
    return engines_of(
        RecognizerRegistryProvider(
            registry_configuration={"supported_languages": ["en"]}
        ).create_recognizer_registry()
    )


def engines_looking_for(*expressions: str) -> tuple[AnalyzerEngine, PrefilteredAnalyzerEngine]:
    recognizers = [
        PatternRecognizer(f"X{number}", patterns=[Pattern("x", each, 0.9)])
        for number, each in enumerate(expressions)
    ]
    return engines_of(RecognizerRegistry(recognizers))


def engines_of(
    recognizers: RecognizerRegistry,
) -> tuple[AnalyzerEngine, PrefilteredAnalyzerEngine]:
    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": ""}])
    return (
        AnalyzerEngine(registry=recognizers, nlp_engine=nlp),
        PrefilteredAnalyzerEngine(registry=recognizers, nlp_engine=nlp),
    )


def told(results: list[RecognizerResult]) -> list[tuple[object, ...]]:
    return sorted((r.entity_type, r.start, r.end, r.score) for r in results)


def by_place(finding: tuple[Any, ...]) -> tuple[object, ...]:
    return finding[1], finding[2], finding[0]


@pytest.fixture(scope="module", params=["ours", "presidio's"])
def both(request: pytest.FixtureRequest) -> tuple[AnalyzerEngine, PrefilteredAnalyzerEngine]:
    return engines(request.param)


def test_the_platform_of_the_tests_has_the_scan() -> None:
    assert PrefilteredAnalyzerEngine.available


def test_findings_spans_and_scores_are_presidios(
    both: tuple[AnalyzerEngine, PrefilteredAnalyzerEngine],
) -> None:
    plain, fast = both
    found = 0
    for text in TEXTS + PRESIDIOS_OWN:
        expected = told(plain.analyze(text, "en"))
        assert told(fast.analyze(text, "en")) == expected, text
        found += len(expected)
    assert found > 50


@pytest.mark.parametrize("before", ["", "q", '"', "é"])
def test_a_match_is_seen_however_deep_in_a_text_it_stands(
    both: tuple[AnalyzerEngine, PrefilteredAnalyzerEngine], before: str
) -> None:
    """Vectorscan 5.4.12 misses some matches beyond a text's first 14 characters.

    One was of `(?:\\b[A-Z]:|%SystemDrive%|\\bWindows)…`, a pattern since parted in two.
    """
    scan, shares = scan_and_patterns(both[1])
    for text in TEXTS + PRESIDIOS_OWN:
        matching = [(number, each) for number, each in shares if each.search(f" {text}")]
        for length in (3, 13, 15, 24, 31, 33, 48, 65, 130, 400):
            deep = f"{before * length} {text}"
            missed = {number for number, each in matching if each.search(deep)}
            missed -= set(scan.candidates(deep))
            assert not missed, deep


@pytest.mark.parametrize("before", [1, 3, 13, 15, 24, 31, 33, 48, 65, 130, 300])
def test_a_match_is_seen_among_however_many_texts_it_stands(
    both: tuple[AnalyzerEngine, PrefilteredAnalyzerEngine], before: int
) -> None:
    scan, shares = scan_and_patterns(both[1])
    texts = TEXTS + PRESIDIOS_OWN
    for number in range(0, len(texts), 20):
        together = [each for text in texts[number : number + 20] for each in ("q" * before, text)]
        for text, named in zip(together, scan.candidates_in_each(together), strict=True):
            matching = {number for number, each in shares if each.search(text)}
            assert matching <= set(named), text


def scan_and_patterns(
    analyzer: PrefilteredAnalyzerEngine,
) -> tuple[PatternScan, list[tuple[int, regex.Pattern[str]]]]:
    """Return the scan for an analyzer's recognizers, and what it looks for, by number."""
    analyzer.analyze("start", "en")
    (plan,) = analyzer._plans.values()
    return plan.scan, [
        (number, regex.compile(share.sought.readable, share.recognizer.global_regex_flags))
        for number, share in enumerate(plan.shares)
        if isinstance(share.recognizer, PatternRecognizer)
    ]


PIECES = st.sampled_from(
    [
        *(text for text in TEXTS + PRESIDIOS_OWN if len(text) < 200),
        " ",
        "\n",
        "=",
        ":",
        "/",
        "-",
        "@",
        "::",
    ]
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=6).map("".join))
def test_any_text_gives_what_presidio_gives(
    both: tuple[AnalyzerEngine, PrefilteredAnalyzerEngine], text: str
) -> None:
    plain, fast = both
    expected = told(plain.analyze(text, "en"))
    assert told(fast.analyze(text, "en")) == expected
    assert [tuple(each) for each in fast.findings(text, "en")] == sorted(expected, key=by_place)


BEYOND_ASCII = st.text(
    alphabet=st.sampled_from("äßéñж\u0661\u00a0\u3000日…\u2019“”°\uff20\u017f\u0131😀\u0301")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, BEYOND_ASCII), max_size=6).map("".join))
def test_any_text_beyond_ascii_gives_what_presidio_gives(
    both: tuple[AnalyzerEngine, PrefilteredAnalyzerEngine], text: str
) -> None:
    plain, fast = both
    assert told(fast.analyze(text, "en")) == told(plain.analyze(text, "en"))


@pytest.mark.parametrize(
    "options",
    [
        {"entities": ["IP_ADDRESS", "EMAIL_ADDRESS"]},
        {"score_threshold": 0.75},
        {"context": ["card", "ip"]},
        {"allow_list": ["10.1.2.3"]},
        {"return_decision_process": True},
    ],
)
def test_every_option_means_what_it_means_to_presidio(
    both: tuple[AnalyzerEngine, PrefilteredAnalyzerEngine], options: dict[str, object]
) -> None:
    plain, fast = both
    for text in PRESIDIOS_OWN:
        assert told(fast.analyze(text, "en", **options)) == told(
            plain.analyze(text, "en", **options)
        )


def told_of_each(
    analyzer: PrefilteredAnalyzerEngine, texts: list[str]
) -> tuple[list[list[tuple[object, ...]]], list[list[tuple[object, ...]]]]:
    """Return what both ways find in texts that are scanned together."""
    return (
        [told(each) for each in analyzer.analyze_batch(texts, "en")],
        [sorted(map(tuple, find())) for find in analyzer.findings_of_each(texts, "en")],
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.one_of(PIECES, BEYOND_ASCII), max_size=3).map("".join), max_size=9))
def test_texts_that_are_scanned_together_give_what_presidio_gives_for_each(
    both: tuple[AnalyzerEngine, PrefilteredAnalyzerEngine], texts: list[str]
) -> None:
    plain, fast = both
    expected = [told(plain.analyze(text, "en")) for text in texts]
    assert told_of_each(fast, texts) == (expected, expected)


@pytest.mark.parametrize(
    "expression",
    [
        r"\Aab", r"ab\Z", r"^ab", r"ab$", r"\Aab?\Z", r"^(?:ab|$)", r"(?<!\n)ab", r"(?<=\n)ab",
        r"ab(?!\n)", r"a\nb", r"\s\s", r"(?-m:^ab)", r"(?<!\s)a{2,9}", r"\bab\b", r"b*", r"a.b",
    ],
)  # fmt: skip
def test_a_text_begins_and_ends_where_it_does_alone_though_others_stand_beside_it(
    expression: str,
) -> None:
    plain, fast = engines_looking_for(expression, "cab")
    texts = [
        "ab", "", "cab", "\nab", "abc", "ab\n", "a", "b", "a\nb", " ", " \n", "\n", "aaa", "ab",
    ]  # fmt: skip
    expected = [told(plain.analyze(text, "en")) for text in texts]
    assert any(expected)
    assert told_of_each(fast, texts) == (expected, expected)


def test_texts_with_more_matches_than_are_told_at_once_give_what_presidio_gives() -> None:
    plain, fast = engines_looking_for("a", "aa?b?", "b", "c")
    texts = ["ab" * 150] * 20 + ["c", ""]
    expected = [told(plain.analyze(text, "en")) for text in texts]
    assert told_of_each(fast, texts) == (expected, expected)


class Odd(EntityRecognizer):
    """Finds by other means than patterns."""

    def load(self) -> None: ...

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's
        nlp_artifacts: NlpArtifacts,
    ) -> list[RecognizerResult]:
        assert nlp_artifacts is not None
        return [RecognizerResult("ODD", 0, 1, 0.9)] if len(text) % 2 else []


def test_a_recognizer_that_the_scan_cannot_serve_is_asked_about_every_text() -> None:
    plain, fast = engines("ours")
    fast.registry.add_recognizer(Odd(supported_entities=["ODD"]))
    for text in ("odd", "even", "10.1.2.3!"):
        assert told(fast.analyze(text, "en")) == told(plain.analyze(text, "en"))
    assert told(fast.analyze("odd", "en")) == [("ODD", 0, 1, 0.9)]


@pytest.mark.parametrize(
    "expression",
    [
        r"(?V1)[\w--\d]{5}", r"\p{Lu}{4}", r"(?P<a>x)y(?P=a)", r"\d++1?x?", "\N{KELVIN SIGN}elvin",
        r"ab{,3}c", r"(?:abce){e<=1}", r"[[:upper:]]*D",
    ],
)  # fmt: skip
def test_a_pattern_that_hyperscan_reads_otherwise_is_never_skipped(expression: str) -> None:
    plain, fast = engines("ours")
    recognizer = PatternRecognizer("X", patterns=[Pattern("x", expression, 0.9)])
    fast.registry.add_recognizer(recognizer)
    for text in ("abcde", "ABCD", "xyx", "a 123", "kelvin"):
        assert told(fast.analyze(text, "en")) == told(plain.analyze(text, "en"))


def test_recognizers_may_come_and_go() -> None:
    _, fast = engines("ours")
    assert not fast.analyze("QQ-1234", "en")
    fast.registry.add_recognizer(
        PatternRecognizer("TICKET", patterns=[Pattern("t", r"QQ-\d{4}", 0.9)], name="Ticket")
    )
    assert told(fast.analyze("QQ-1234", "en")) == [("TICKET", 0, 7, 0.9)]
    fast.registry.remove_recognizer("Ticket")
    assert not fast.analyze("QQ-1234", "en")


def test_thresholds_of_recognizers_are_kept() -> None:
    plain, fast = engines("ours")
    recognizer = EmailRecognizer()
    recognizer.score_thresholds = {"EMAIL_ADDRESS": 1.0}
    fast.registry.add_recognizer(recognizer)
    assert told(fast.analyze("a@example.org", "en")) == told(plain.analyze("a@example.org", "en"))
