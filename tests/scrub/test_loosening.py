"""Loosened expressions match in every text in which the given ones do."""

import hyperscan
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.scrub.loosening import between_breaks, loosened

FLAGS = (
    hyperscan.HS_FLAG_PREFILTER
    | hyperscan.HS_FLAG_SINGLEMATCH
    | hyperscan.HS_FLAG_ALLOWEMPTY
    | hyperscan.HS_FLAG_CASELESS
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"(?<![\w@])ab", r"(?:\A|[^\w@])ab"),
        (r"(?<![^(])ab", r"(?:\A|[(])ab"),
        (r"(?<!\d)a|b", r"(?:\A|\D)a|b"),
        (r"(?<!\d|x-)a", r"(?:\A|\D)a"),
        (r"(?-i:(?<!\w)a(?:b|c))d", r"(?-i:(?:\A|\W)a(?:b|c))d"),
        (r"a{1,64}b{2,3}c", r"a{1,}b{2,3}c"),
        (r"(?<!(?:ab){1,64}|\d)c", r"(?<!(?:ab){1,64}|\d)c"),
        (r"ab{2,9}", r"ab{2}"),
        (r"ab+?c*(?!d)", r"ab"),
        (r"a(?:b+|c(?P<d>[de]{3,}|f+)+)", r"a(?:b|c(?P<d>[de]{3}|f))"),
        (r"a(?:b+|c*)", r"a"),
        (r"a(?:b+|c){2,}(?=d)", r"a(?:b+|c){2}"),
        (r"a+\b|b+$|c+(?<=c)", r"a+\b|b+$|c+(?<=c)"),
        (r"(a+)b\1+", r"(a+)b\1+"),
        (r"a*|b", r"a*|b"),
        (r"a(?i)", r"a(?i)"),
        (r"[+]+\+{3}", r"[+]+\+{3}"),
    ],
)
def test_what_stands_before_counts_and_what_need_not_be_there_are_loosened(
    expression: str, expected: str
) -> None:
    assert loosened(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        r"(?-i:(?<!\w)a)+b",  # the second `a` has no character of its own before it
        r"(?-i:(?<!\w)a)?b",
        r"(?:(?<!\w)a){2}",
        r"(?<!ab)c",
        r"",
        r"|a",
        r"(?-i:|a)b",
        r"(?<!)a",
        r"a(?<!\w)b",
        r"a(?!b{1,64}c)d",  # less would be refused by less
        r"(?<!(?:ab){1,64})c",
        r"[{1,64}]\{1,64}",
    ],
)
def test_what_would_match_less_stays(expression: str) -> None:
    assert loosened(expression) == expression


@pytest.mark.parametrize(
    ("expression", "expected"),
    [(r"\Aa\Z|b", "^a$|b"), (r"[\A]\\A\b(?:\Z|c)", r"[\A]\\A\b(?:$|c)")],
)
def test_between_breaks_a_text_is_a_line(expression: str, expected: str) -> None:
    assert between_breaks(expression) == expected


EXPRESSIONS = (
    r"(?<![\w@.])(?:ab|a-){1,20}b", r"(?<!\d)a{1,9}@b|-a", r"(?-i:(?<![^b@]|a-)a(?:b|1){0,30})\b",
    r"(?-i:(?<!\w)a)+1", r"(?<![a-z])1{2,40}(?!b{1,20}|\d)", r"\b(?<!-)1a{3,12}", r"(?<!-)(a)b?\1",
    r"(?<![\]\-1])B{1,10}", r"@(?!b{1,12}a)\w{1,9}", r"(?<!a)(?<!-)b{1,9}$",
    r"1(?:a{2,5}|b(?:1|@+)?)+(?!b)", r"@(?:a|-*)b{2,}?1?", r"(?:^|-)[ab]{3,}\b", r"1+(?<!11)",
)  # fmt: skip
DATABASE = hyperscan.Database()
DATABASE.compile(
    ids=list(range(len(EXPRESSIONS))),
    expressions=[loosened(each).encode() for each in EXPRESSIONS],
    flags=[FLAGS] * len(EXPRESSIONS),
    elements=len(EXPRESSIONS),
)
SCRATCH = hyperscan.Scratch(DATABASE)
PATTERNS = [regex.compile(each, regex.IGNORECASE) for each in EXPRESSIONS]


@settings(max_examples=2000, deadline=None)
@given(st.text(st.sampled_from("aabbB1@-. ]"), max_size=40))
def test_wherever_an_expression_matches_its_loosened_form_is_seen(text: str) -> None:
    seen: list[int] = []
    DATABASE.scan(text.encode(), lambda number, *_: seen.append(number), scratch=SCRATCH)
    matching = {number for number, each in enumerate(PATTERNS) if each.search(text)}
    assert matching <= set(seen)
