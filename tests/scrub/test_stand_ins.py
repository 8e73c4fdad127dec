"""Bytes that stand for characters: patterns tell the same of them as of the characters."""

import hyperscan
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.scrub.stand_ins import StandIns

ATOMS = [
    r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", r"[^\W\d_]", r"[\w.-]", r"[^\w-]", r"[\w-.]",
    r"[^a-z]", r"[a-z]", r".", r"[\u2019']", r"[^“”\s]", r"°", r"[^\x00-\x7f]", r"x?\b.", r"\B.",
]  # fmt: skip
FLAGS = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_DOTALL
STAND_INS = StandIns(ATOMS)


def scan_for(expressions: list[str]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[each.encode("ascii") for each in expressions],
        ids=list(range(len(expressions))),
        flags=[FLAGS | hyperscan.HS_FLAG_PREFILTER] * len(expressions),
        elements=len(expressions),
    )
    return database


def matched(database: hyperscan.Database, scratch: hyperscan.Scratch, payload: bytes) -> set[int]:
    found: list[int] = []
    database.scan(
        payload,
        match_event_handler=lambda number, *_: found.append(number),
        scratch=scratch,
        context=None,
    )
    return set(found)


def test_every_character_of_the_basic_plane_is_matched_where_regex_matches_it() -> None:
    classes = ATOMS[:17]
    database = scan_for([STAND_INS.expression(each) or "" for each in classes])
    scratch = hyperscan.Scratch(database)
    compiled = [regex.compile(each, regex.IGNORECASE | regex.DOTALL) for each in classes]
    told, untold = 0, []
    for code in range(0x80, 0x10000):
        payload = STAND_INS.encode(chr(code))
        if payload is None:
            untold.append(code)
            continue
        told += 1
        expected = {number for number, each in enumerate(compiled) if each.search(chr(code))}
        assert matched(database, scratch, payload) == expected, hex(code)
    assert told > 60_000
    assert {0x130, 0x131, 0x17F, 0x212A} <= set(untold)


TEXTS = st.text(alphabet=st.sampled_from("ab1_ .-'äж\u0661\u00a0日…\u2019“°"), max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=4).map("".join), TEXTS)
def test_a_pattern_is_never_missed(expression: str, text: str) -> None:
    rewritten = STAND_INS.expression(expression)
    payload = STAND_INS.encode(text)
    if rewritten is None or not payload:
        return
    database = scan_for([rewritten])
    if regex.search(expression, text, regex.IGNORECASE | regex.DOTALL):
        assert matched(database, hyperscan.Scratch(database), payload)


@pytest.mark.parametrize("expression", ["ñ", r"[é]", r"[\u4e00-\u9fff]", r"[[:alpha:]]", r"[\b]"])
def test_what_bytes_cannot_tell_is_refused(expression: str) -> None:
    assert StandIns([expression]).expression(expression) is None
