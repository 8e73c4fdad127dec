"""Envelopes: an event, an attached minidump, both, or neither."""

import json

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, RawReport
from tests.parse.minidump_builder import small_minidump
from tests.parse.reading import read_one
from transforms.parse import parse_payload

EVENT = {
    "event_id": "fc6d8c0c43fc4630ad850ee518f1b9d0",
    "timestamp": 1_767_607_200,
    "release": "painter@7.2",
    "user": {"id": "I-1"},
    "contexts": {"os": {"name": "Linux", "version": "6.1"}},
}
CRASH = EVENT | {"exception": {"values": [{"type": "KeyError", "value": "boom"}]}}


def envelope(*items: tuple[dict[str, object], bytes], with_length: bool = True) -> bytes:
    lines = [
        json.dumps({"event_id": EVENT["event_id"], "sent_at": "2026-01-05T10:00:00Z"}).encode()
    ]
    for headers, content in items:
        told = headers | {"length": len(content)} if with_length else headers
        lines += [json.dumps(told).encode(), content]
    return b"\n".join(lines) + b"\n"


def event(content: dict[str, object]) -> tuple[dict[str, object], bytes]:
    return {"type": "event"}, json.dumps(content).encode()


def attachment(content: bytes) -> tuple[dict[str, object], bytes]:
    headers: dict[str, object] = {
        "type": "attachment",
        "attachment_type": "event.minidump",
        "filename": "a.dmp",
    }
    return headers, content


SESSION: tuple[dict[str, object], bytes] = ({"type": "session"}, b'{"sid": "7"}')


@pytest.mark.parametrize("with_length", [True, False])
def test_the_event_of_an_envelope_is_read(with_length: bool) -> None:
    report = read_one(envelope(SESSION, event(CRASH), with_length=with_length))
    assert isinstance(report, CrashReport)
    assert (report.format, report.product, report.version) == ("sentry_envelope", "painter", "7.2")
    assert (report.exception_type, report.message) == ("KeyError", "boom")


def test_a_minidump_tells_what_crashed_and_its_event_tells_who() -> None:
    report = read_one(envelope(event(EVENT), attachment(small_minidump())))
    assert isinstance(report, CrashReport)
    assert (report.product, report.install_id) == ("painter", "i-1")
    assert (report.os_name, report.reason) == ("Windows", "EXCEPTION_ACCESS_VIOLATION")
    assert report.report_id == EVENT["event_id"]


def test_a_minidump_alone_is_a_report() -> None:
    report = read_one(envelope(attachment(small_minidump())))
    assert isinstance(report, CrashReport)
    assert report.reason == "EXCEPTION_ACCESS_VIOLATION"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (envelope(SESSION), FailureKind.NOT_A_CRASH),
        (envelope(event(EVENT | {"level": "info", "message": "hello"})), FailureKind.NOT_A_CRASH),
        (envelope(attachment(b"MDMP")), FailureKind.TRUNCATED),
        (envelope(({"type": "event"}, b"{]")), FailureKind.MALFORMED),
        (envelope(event(CRASH))[:-40], FailureKind.TRUNCATED),
    ],
)
def test_an_envelope_without_a_crash_is_one_failure(payload: bytes, kind: FailureKind) -> None:
    failure = read_one(payload)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.format) == (kind, "sentry_envelope")


BROKEN = b'{"type": "attachment", "length": 5, ]'


@pytest.mark.parametrize(
    "broken",
    [
        BROKEN + b"\na\n{b}",  # its length is told, over the end of a line
        BROKEN.replace(b"5", b"900") + b"\na\nb",
        b"{]\npart\nof it",
        b"{]\n" + json.dumps({"type": "error", "message": "no headers"}).encode(),
        b"[]\n{}",
        b"\x00\xff\n\x00\n\x00",
    ],
)
def test_an_item_with_broken_headers_costs_one_failure_and_itself(broken: bytes) -> None:
    first, second = envelope(SESSION), envelope(event(CRASH)).split(b"\n", 1)[1]
    report, failure = parse_payload(RawReport("x", first + broken + b"\n" + second), Limits())
    assert isinstance(report, CrashReport)
    assert (report.exception_type, report.message) == ("KeyError", "boom")
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.format) == (FailureKind.MALFORMED, "sentry_envelope")


def test_an_item_with_broken_headers_beside_no_crash_is_one_failure() -> None:
    failure = read_one(envelope(SESSION) + BROKEN + b"\nabcde\n" + b'{"type": "session"}\n{}\n')
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.MALFORMED


def test_an_item_that_holds_headers_is_passed_over_by_the_length_of_broken_ones() -> None:
    inside = b'{"type": "event"}\n{}'
    broken = b'{"type": "attachment", "length": %d, ]\n' % len(inside) + inside + b"\n"
    rest = envelope(event(CRASH)).split(b"\n", 1)[1]
    report, _ = parse_payload(RawReport("x", envelope(SESSION) + broken + rest), Limits())
    assert isinstance(report, CrashReport)
    assert report.exception_type == "KeyError"


def test_lines_of_events_are_still_lines_of_events() -> None:
    events = [CRASH | {"event_id": f"{n:032x}", "type": "error"} for n in range(3)]
    payload = b"\n".join(json.dumps(each).encode() for each in events)
    assert len(list(parse_payload(RawReport("x", payload), Limits()))) == 3
