"""The scan names each pattern that matches, whatever the pattern and the text: `regex` is asked."""

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transforms.scrub.pattern_scan import PatternScan
from transforms.scrub.sought import sought

ATOMS = st.sampled_from(
    [
        "a", "b", "1", "@", "-", ".", r"\d", r"\w", r"\s", "[ab]", "[^a@]", r"[\]b-]", r"\x61",
        r"\x20", r"\xe9", r"\.", r"\\", r"\\u00e9", "é", "[é-ñ]", r"[\x80-\uffff]", r"\b", r"\B",
        "^", "$", r"\A", r"\Z", "\n", "[[:digit:]]", "k", r"(*FAIL)",
    ]
)  # fmt: skip
REPETITIONS = st.sampled_from(
    ["", "", "", "?", "*", "+", "{2}", "{1,}", "{0,9}", "{2,64}", "*?", "+?", "{,2}", "++"]
)
GROUPS = st.sampled_from(
    ["(?:", "(?:", "(", "(?P<value>", "(?=", "(?!", "(?<=", "(?<!", "(?-i:", "(?i:", "(?-m:", "(?>"]
)


def sequences(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeated = st.builds(str.__add__, items, REPETITIONS)
    return st.lists(repeated, max_size=4).map("".join)


def groups(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    alternatives = st.lists(sequences(items), min_size=1, max_size=3).map("|".join)
    return st.builds(lambda opening, within: f"{opening}{within})", GROUPS, alternatives)


EXPRESSIONS = st.lists(sequences(st.recursive(ATOMS, groups)), min_size=1, max_size=2).map("|".join)
TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from("aabbB11@-. \n\\ek"), max_size=30),
        st.text(st.sampled_from("abé1\u212a"), max_size=5),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=100, deadline=None)
@given(EXPRESSIONS, TEXTS)
def test_a_pattern_is_named_wherever_it_matches_alone_and_among_others(
    expression: str, texts: list[str]
) -> None:
    flags = regex.IGNORECASE | regex.MULTILINE
    try:
        pattern = regex.compile(expression, flags)
    except regex.error:
        assume(False)
    looked_for = sought(expression, flags)
    assume(looked_for is not None)
    scan = PatternScan.of([looked_for])
    assume(scan is not None)
    together = scan.candidates_in_each(texts)
    for text, named in zip(texts, together, strict=True):
        if any(match[0] for match in pattern.finditer(text, timeout=5)):
            assert list(scan.candidates(text)) == [0]
            assert list(named) == [0]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"\d{3}\x20?", "id 123"),
        (r"(?:user|usr)\x3d?", "usr"),
        (r"[a-z]{2}\d{6}\xb0?", "AB123456"),
        (r"(?<!\w)?\d{6}", "a123456"),
        (r"(?:id=[[:digit:]]{0,4}|pw=[a-z]+)", "pw=secret"),
        (r"[\x80-\uffff]{2,}", "sk"),
        (r"\\u00e941", r"\u00e941"),
        (r"|\d{6}", "123456"),
        (r"a(*FAIL)|\d{6}", "123456"),
        (r"x(?:b|a*)", "x"),
        (r"ab{,3}c", "abbc"),
    ],
)
def test_what_is_read_otherwise_is_refused_or_named(expression: str, text: str) -> None:
    looked_for = sought(expression, regex.IGNORECASE)
    assert looked_for is None or list(PatternScan.of([looked_for]).candidates(text)) == [0]
