"""Folding: what a reader sees, with every character's place in the text that was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import CrashReport, Identity, IdentityKind
from transforms.scrub import Scrubber, load_scrubber
from transforms.scrub.folding import fold, is_plain


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("plain", "plain"),
        ("\uff4a\uff41\uff4e\uff45\uff20\uff45\uff0e\uff4f\uff52\uff47", "jane@e.org"),
        ("ja\u200bne\u00ad\ufeff", "jane"),
        ("\x1b[1;31mja\x1b[0mne\x1b[K", "jane"),
        ("j\0a\0n\0e\0\n\t\0", "jane\n\t"),
        ("\u0661\u0669\u06f2.\u09e7\u09ec\u096e", "192.168"),
        ("\U0001d423ane \uff11\u3000\uff12", "jane 1 2"),
        ("M\u00fcller \u738b\u4f1f \ufb01", "M\u00fcller \u738b\u4f1f \ufb01"),
    ],
)
def test_what_looks_like_ascii_becomes_ascii(text: str, folded: str) -> None:
    assert fold(text).text == folded


@given(st.text(alphabet=st.sampled_from("ab\u200b\u00ad\uff41\u00fc\U0001d423"), min_size=1))
def test_every_folded_character_stands_for_its_own(text: str) -> None:
    folded = fold(text)
    for place in range(len(folded.text)):
        start, end = folded.span(place, place + 1)
        assert end == start + 1
        assert fold(text[start:end]).text == folded.text[place]


def test_a_text_is_plain_where_folding_changes_nothing() -> None:
    assert is_plain("a\tb\r\nc\x0b\x0c\x1c d")
    assert not any(map(is_plain, ("a\0b", "\x1b[0m", "\x7f", "\u00ad", "\uff41")))


def test_colours_of_a_terminal_hide_nothing_and_are_not_kept() -> None:
    text = "\x1b[31m4111111111111111\x1b[0m is \x1b[1mno\x1b[22mt valid"
    assert load_scrubber().scrub_text(text).text == "<CREDIT_CARD> is not valid"


def test_an_identity_is_hidden_though_a_character_hides_it() -> None:
    nothing = Scrubber(lambda _: [])
    jane = Identity(IdentityKind.USER_NAME, "jane.q9x7")
    text = "by jane\u200b.q9\uff587!"
    assert nothing.scrub_text(text, [jane]).text == "by <USER_NAME>!"
    report = CrashReport("test", message=text, identities=(jane,))
    assert nothing.scrub_report(report).message == "by <USER_NAME>!"


def test_a_sequence_that_is_cut_off_takes_nothing_of_a_placeholder() -> None:
    text = "\x1b[4111111111111111"
    assert load_scrubber().scrub_text(text).text == "[<CREDIT_CARD>"
