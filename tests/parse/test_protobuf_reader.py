import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import FailureKind
from tests.parse.protobuf_builder import message, tag, varint
from transforms.parse.parser import ParseError
from transforms.parse.protobuf_reader import read_fields, read_message


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        (b"", []),
        (b"\x08\x96\x01", [(1, 150)]),
        (b"\x12\x07testing", [(2, b"testing")]),
        (b"\x0d\x01\x00\x00\x80", [(1, 0x80000001)]),
        (b"\x09" + b"\xff" * 8, [(1, (1 << 64) - 1)]),
        (b"\x08" + b"\xff" * 9 + b"\x01", [(1, (1 << 64) - 1)]),
        (b"\xc2\x0c\x00\x08\x01", [(200, b""), (1, 1)]),
    ],
)
def test_each_type_of_field_is_read(payload, fields):
    assert list(read_fields(payload)) == fields


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"\x08", FailureKind.TRUNCATED),
        (b"\x08\x96", FailureKind.TRUNCATED),
        (b"\x80", FailureKind.TRUNCATED),
        (b"\x12\x08testing", FailureKind.TRUNCATED),
        (b"\x12" + b"\xff" * 9 + b"\x01", FailureKind.TRUNCATED),
        (b"\x0d\x01\x00\x00", FailureKind.TRUNCATED),
        (b"\x09" + b"\xff" * 7, FailureKind.TRUNCATED),
        (b"\x00\x01", FailureKind.MALFORMED),
        (b"\x02\x01a", FailureKind.MALFORMED),
        (tag(1, 3) + tag(1, 4), FailureKind.MALFORMED),
        (tag(1, 4), FailureKind.MALFORMED),
        (tag(1, 6) + b"\0" * 8, FailureKind.MALFORMED),
        (tag(1, 7) + b"\0" * 8, FailureKind.MALFORMED),
        (b"\x08" + b"\xff" * 9 + b"\x02", FailureKind.MALFORMED),
        (b"\x08" + b"\xff" * 10 + b"\x01", FailureKind.MALFORMED),
    ],
)
def test_what_is_no_field_is_rejected_by_its_kind(payload, kind):
    with pytest.raises(ParseError) as error:
        list(read_fields(payload))
    assert error.value.kind is kind


def test_only_what_is_asked_for_is_kept():
    read = read_message(message((1, 5), (2, "a"), (2, "b"), (3, "c"), (1, 6)), 9, frozenset({1, 2}))
    assert (read.numbers, read.contents, read.whole) == ({1: 6}, {2: [b"a"]}, True)
    assert read.text(3) is None


@pytest.mark.parametrize(("max_fields", "whole"), [(3, True), (2, False)])
def test_a_message_of_too_many_fields_is_not_whole(max_fields, whole):
    assert read_message(message((1, 1), (2, 2), (3, 3)), max_fields).whole is whole


def test_a_message_that_is_cut_off_has_what_stood_before():
    read = read_message(message((1, "kept"), (2, "lost"))[:-1], 9)
    assert (read.text(1), read.text(2), read.whole) == ("kept", None, False)


@settings(max_examples=100)
@given(st.integers(0, (1 << 64) - 1), st.binary(max_size=300))
def test_what_is_written_is_read_back(number, content):
    assert list(read_fields(message((7, number), (3000, content)))) == [
        (7, number),
        (3000, content),
    ]


@settings(max_examples=200)
@given(st.binary(max_size=64))
def test_random_bytes_are_read_or_rejected(payload):
    try:
        fields = list(read_fields(payload))
    except ParseError:
        return
    assert len(fields) <= len(payload) // 2


def test_a_negative_number_takes_ten_bytes():
    assert varint(-1) == b"\xff" * 9 + b"\x01"
