"""Folding: what a reader sees, with every character's place in the text that was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import CrashReport, Identity, IdentityKind
from transforms.scrub import Scrubber
from transforms.scrub.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("plain", "plain"),
        ("\uff4a\uff41\uff4e\uff45\uff20\uff45\uff0e\uff4f\uff52\uff47", "jane@e.org"),
        ("ja\u200bne\u00ad\ufeff", "jane"),
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


def test_an_identity_is_hidden_though_a_character_hides_it() -> None:
    nothing = Scrubber(lambda _: [])
    jane = Identity(IdentityKind.USER_NAME, "jane.q9x7")
    text = "by jane\u200b.q9\uff587!"
    assert nothing.scrub_text(text, [jane]).text == "by <USER_NAME>!"
    report = CrashReport("test", message=text, identities=(jane,))
    assert nothing.scrub_report(report).message == "by <USER_NAME>!"
