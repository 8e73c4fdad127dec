"""gzip is read as far as was asked for, whoever wrote it."""

import gzip

import pytest

from schemas.records import FailureKind
from transforms.parse.gzip_reader import gunzipped, gunzipped_pieces
from transforms.parse.parser import ParseError

MEMBERS = gzip.compress(b"a" * 5_000) + gzip.compress(b"") + gzip.compress(b"b" * 5_000)
WHOLE = b"a" * 5_000 + b"b" * 5_000


@pytest.mark.parametrize("behind", [b"", b"\0" * 700, b"no gzip"])
def test_members_are_one_content_and_what_follows_them_is_none(behind: bytes) -> None:
    assert gunzipped(MEMBERS + behind, 99_999) == (WHOLE, True)


@pytest.mark.parametrize("most", [0, 1, 4_999, 5_000, 5_001, 9_999])
def test_no_more_is_returned_than_was_asked_for(most: int) -> None:
    assert gunzipped(MEMBERS, most)[0] == WHOLE[:most]


@pytest.mark.parametrize("most", [1, 7, 4_999, 5_000, 99_999])
def test_pieces_are_no_larger_than_asked_for_and_together_the_whole(most: int) -> None:
    pieces = list(gunzipped_pieces(MEMBERS, most))
    assert b"".join(pieces) == WHOLE
    assert 1 <= min(map(len, pieces)) <= max(map(len, pieces)) <= most


def test_every_cut_is_told() -> None:
    whole = gzip.compress(bytes(range(256)) * 20)
    for length in range(1, len(whole)):
        content, ends = gunzipped(whole[:length], 99_999)
        assert not ends
        assert (bytes(range(256)) * 20).startswith(content)


def test_what_is_no_gzip_is_told() -> None:
    with pytest.raises(ParseError) as raised:
        gunzipped(b"\x1f\x8bno gzip at all", 4)
    assert raised.value.kind is FailureKind.MALFORMED


def test_a_hundred_thousand_members_are_not_copied_for_each() -> None:
    # Two megabytes: copied for each member, they would be a hundred gigabytes.
    assert gunzipped(gzip.compress(b"") * 100_000 + gzip.compress(b"x"), 9) == (b"x", True)
