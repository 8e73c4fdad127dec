import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse import word_search
from transforms.parse.parser import ParseError
from transforms.parse.word_search import WordSearch

WORDS = (b"user=", b"users", b"logon server", b"u\0s\0e\0r\0")
TEXT = st.lists(
    st.sampled_from([*WORDS, b"USER", b"user", b"\xdcser", b"\0", b"\n", b" ", b"s"])
).map(b"".join)


@pytest.fixture
def without_hyperscan(monkeypatch):
    monkeypatch.setattr(word_search, "_hyperscan", None)


def test_words_are_found_in_any_case():
    found = WordSearch(WORDS).places(b"Users, LOGON Server u\0S\0e\0r\0 \xdcser")
    assert found == {1: [0], 2: [7], 3: [20]}


@pytest.mark.usefixtures("without_hyperscan")
def test_words_are_found_without_hyperscan():
    assert WordSearch(WORDS).places(b"a User=b uSErs") == {0: [2], 1: [9]}


@given(TEXT)
def test_both_ways_find_the_same(payload):
    fast = WordSearch(WORDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_search, "_hyperscan", None)
        plain = WordSearch(WORDS)
    assert fast.places(payload) == plain.places(payload)


def test_no_place_beyond_the_most_is_left_out_unseen():
    words = WordSearch(WORDS)
    found = words.places(b"user=" * 200_000 + b"users")
    assert {number: len(places) for number, places in found.items()} == {0: 200_000, 1: 1}
    with pytest.raises(ParseError):
        words.places(b"user=" * 200_001)
