import json
from datetime import UTC, datetime

import pytest

from schemas.policy import Limits
from schemas.records import (
    CrashReport,
    Failure,
    FailureKind,
    Identity,
    IdentityKind,
    RawReport,
    Stage,
)
from tests.parse.reading import read_all, read_one
from transforms.parse import PARSERS, parse_payload, recognized_format, registry

EVENT = {
    "event_id": "9ec79c33ec9942ab8353589fcb2e04dc",
    "platform": "python",
    "release": "shop@1.2.3",
    "exception": {"values": [{"type": "ValueError", "value": "no"}]},
}


def event(**changes: object) -> bytes:
    return json.dumps(EVENT | changes).encode()


def kinds(payload: bytes, **limits: int) -> list[str]:
    return [r.kind.value if isinstance(r, Failure) else "ok" for r in read_all(payload, **limits)]


def test_every_parser_has_a_format_of_its_own():
    assert len({parser.FORMAT for parser in PARSERS}) == len(PARSERS)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"hello", "unknown_format"),
        (b"{}", "unknown_format"),
        (b"[1, 2]", "unknown_format"),
        (b"\x1f\x8b\x08\x00rest", "unknown_format"),
        (b'{"ver": "1.0", "ptype": "browser"}', "unknown_format"),
        (b'{"level":"info"}\n{"level":"info"}\n', "unknown_format"),
    ],
)
def test_a_file_that_is_no_crash_is_one_failure(payload, kind):
    assert kinds(payload) == [kind]
    assert recognized_format(payload) is None


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: json.dumps(json.loads(text), indent=2).replace("\n", "\r\n").encode(),
    ],
)
def test_content_is_recognized_in_every_encoding(encode):
    payload = encode(event().decode())
    assert recognized_format(payload) == "sentry_event"
    assert kinds(payload) == ["ok"]


def test_each_line_is_a_report_and_a_bad_line_is_one_failure():
    good = event()
    payload = b"\n".join([good, good[:40], b"", b"{broken}", b'{"level": "info"}', good, b"text"])
    assert kinds(payload) == ["ok", "truncated", "malformed", "unknown_format", "ok", "malformed"]


def test_a_broken_first_line_does_not_cost_the_rest():
    assert kinds(b"\n".join([event()[:-5], event(), event()])) == ["truncated", "ok", "ok"]


def test_an_array_of_events_is_read_like_lines():
    payload = json.dumps([EVENT, {"no": "event"}, EVENT]).encode()
    assert recognized_format(payload) == "sentry_event"
    assert kinds(payload) == ["ok", "unknown_format", "ok"]
    assert kinds(payload[:-10]) == ["truncated"]


def test_lines_beyond_the_limit_are_one_failure():
    assert kinds(b"\n".join([event()] * 5), max_reports_per_file=3) == ["ok"] * 3 + ["oversized"]


def test_a_report_carries_identities_of_its_own_line_only():
    first, second = read_all(event(server_name="host-aq") + b"\n" + event(server_name="host-bq"))
    assert first.identities == (Identity(IdentityKind.HOST_NAME, "host-aq"),)
    assert second.identities == (Identity(IdentityKind.HOST_NAME, "host-bq"),)


def test_identities_are_found_in_what_is_not_kept():
    report = read_one(event(breadcrumbs=[{"message": "cd /home/ywzqk/src"}]))
    assert Identity(IdentityKind.USER_NAME, "ywzqk") in report.identities
    assert "ywzqk" not in repr([report.message, report.frames])


def test_the_time_of_the_file_stands_in_for_one_that_the_report_lacks():
    at = datetime(2026, 1, 2, tzinfo=UTC)
    (without,) = parse_payload(RawReport("x", event(), at), Limits())
    (with_own,) = parse_payload(RawReport("x", event(timestamp=1_700_000_000), at), Limits())
    assert without.received_at == at
    assert with_own.received_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_long_text_and_deep_stacks_are_cut_and_marked():
    frames = [{"function": f"f{number}"} for number in range(500)]
    long = {"type": "T", "value": "m" * 10_000, "stacktrace": {"frames": frames}}
    report = read_one(event(exception=[long]), max_frames=10, max_text_chars=64)
    assert report.truncated
    assert report.message == "m" * 64
    assert [frame.function for frame in report.frames] == [f"f{n}" for n in range(499, 489, -1)]


def test_a_small_report_is_not_marked_as_cut():
    report = read_one(event())
    assert not report.truncated


def test_text_that_utf8_cannot_hold_is_replaced():
    report = read_one(event(release="shop@1\ud8002\x00"))
    assert report.version == "1\ufffd2\ufffd"


def test_an_error_in_a_parser_costs_one_failure_and_keeps_its_text(monkeypatch):
    class Broken:
        FORMAT = "broken"

        def sniff(self, payload: bytes) -> bool:
            return payload.startswith(b"BROKEN")

        def parse(self, raw, limits):
            raise KeyError(raw.payload)
            yield limits

    monkeypatch.setattr(registry, "OTHER_PARSERS", (Broken(),))
    failures = read_all(b"BROKEN jane.doe")
    assert failures == [Failure(Stage.PARSE, FailureKind.PARSER_ERROR, "broken")]
    assert "jane" not in repr(failures)


@pytest.mark.parametrize("number", [-1, 1 << 63, 1 << 64, 10**30])
def test_numbers_that_no_column_can_hold_are_dropped(number: int) -> None:
    frame = {"function": "f", "lineno": number, "instruction_addr": hex(max(number, 0))}
    value = {"type": "E", "value": "v", "stacktrace": {"frames": [frame | {"image_addr": "0x0"}]}}
    payload = json.dumps({"event_id": "e", "exception": {"values": [value]}}).encode()
    report = read_one(payload)
    assert isinstance(report, CrashReport)
    for told in (report.frames[0].line, report.frames[0].offset):
        assert told is None or 0 <= told < 1 << 63
