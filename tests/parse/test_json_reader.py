import json

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, RawReport
from transforms.parse import parse_payload
from transforms.parse.json_reader import integer, read_json, read_object, seconds, text
from transforms.parse.parser import ParseError

DOCUMENT = json.dumps({"a": [1, -2.5, True, None, "x\u00e9\\"], "b": {"c": "\U0001f600"}}).encode()


@pytest.mark.parametrize("length", range(1, len(DOCUMENT)))
def test_a_document_cut_anywhere_is_truncated(length):
    with pytest.raises(ParseError) as caught:
        read_json(DOCUMENT[:length])
    assert caught.value.kind is FailureKind.TRUNCATED


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b'{"a": }', FailureKind.MALFORMED),
        (b'{"a" 1}', FailureKind.MALFORMED),
        (b"{'a': 1}", FailureKind.MALFORMED),
        (b'{"a": 1} {"b": 2}', FailureKind.MALFORMED),
        (b'{"a": "\\x"}', FailureKind.MALFORMED),
        (b"[" * 100_000, FailureKind.MALFORMED),
        (b'{"a":' * 100_000, FailureKind.MALFORMED),
        (b"[" + b"9" * 10_000 + b"]", FailureKind.MALFORMED),
        (b"[" + b"[]," * 600_000 + b"[]]", FailureKind.OVERSIZED),
    ],
)
def test_what_cannot_be_read_is_rejected_by_its_kind(payload, kind):
    with pytest.raises(ParseError) as caught:
        read_json(payload)
    assert caught.value.kind is kind


def test_an_array_is_not_an_object():
    with pytest.raises(ParseError) as caught:
        read_object(b"[]")
    assert caught.value.kind is FailureKind.MALFORMED


def test_bytes_that_are_not_utf8_do_not_cost_the_document():
    assert read_json(b'{"a": "x\xffy"}') == {"a": "x\ufffdy"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        ("0x10", 16),
        ("16", 16),
        (2.0, 2),
        (2.5, None),
        (True, None),
        ("x", None),
        ([], None),
    ],
)
def test_integers_are_read_from_numbers_and_hexadecimal(value, expected):
    assert integer(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(" a ", "a"), ("  ", None), (7, "7"), (True, None), (None, None), ({}, None)],
)
def test_text_is_a_string_or_a_number(value, expected):
    assert text(value) == expected


@pytest.mark.parametrize("value", [1 << 128, -(1 << 128), 10**400, 1e308])
def test_an_integer_that_no_fact_can_have_is_none(value):
    assert integer((1 << 128) - 1) == (1 << 128) - 1
    assert integer(value) is None


@pytest.mark.parametrize(
    "document",
    [
        {"crash_id": "1", "json_dump": {"crash_info": {}, "threads": []}, "uptime": 10**400},
        {"crash_info": {}, "system_info": {}, "threads": [], "modules": [],
         "process_uptime": 10**400},
    ],
)  # fmt: skip
def test_a_number_beyond_what_a_float_holds_costs_no_report(document):
    (outcome,) = parse_payload(RawReport("x", json.dumps(document).encode()), Limits())
    assert isinstance(outcome, CrashReport)
    assert outcome.uptime_s is None


@pytest.mark.parametrize(
    ("value", "units", "told"),
    [
        (4, 1, 4.0), (0.5, 1, 0.5), (4_500, 1_000, 4.5), (0, 1, 0.0), (9.9e12, 1_000, 9.9e9),
        (True, 1, None), (-1, 1, None), ("4", 1, None), (None, 1, None), (1e10, 1, None),
        (1e13, 1_000, None), (10**400, 1_000, None), (float("nan"), 1, None),
    ],
)  # fmt: skip
def test_seconds_are_numbers_of_at_most_300_years(value, units, told):
    assert seconds(value, units) == told
