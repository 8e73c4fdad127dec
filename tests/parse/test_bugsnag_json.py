"""Bugsnag: one event, a payload of several, and frames of scripts and of native code."""

import json
from functools import partial

import pytest

from schemas.records import CrashReport, Failure, Frame, Identity, IdentityKind
from tests.parse.reading import read_all, read_one, read_report

EVENT = {
    "id": "E-1",
    "severityReason": {"type": "unhandledException"},
    "exceptions": [
        {"errorClass": "Wrapper", "message": "outside", "stacktrace": [{"method": "wrap"}]},
        {
            "errorClass": "TypeError",
            "message": "no such brush",
            "stacktrace": [
                {"method": "paint", "file": "https://x.test/a.js?token=sekret", "lineNumber": 7,
                 "inProject": True, "code": {"7": "sekret"}},
                {"method": "<anonymous>", "file": "lib/b.js", "lineNumber": 9, "inProject": False},
            ],
        },
    ],
    "app": {"id": "org.example.painter", "version": "7.2", "releaseStage": "beta",
            "binaryArch": "arm64", "duration": 4000},
    "device": {"id": "D-1", "osName": "android", "osVersion": "14", "time": "2026-01-05T10:00:00Z",
               "runtimeVersions": {"osBuild": "UP1A.1 dev-keys"}, "hostname": "jane-box"},
    "user": {"id": "u-1", "name": "Jane Q", "email": "jq@example.org"},
    "breadcrumbs": [{"name": "sekret"}],
    "metaData": {"custom": {"note": "sekret"}},
}  # fmt: skip


read = partial(read_report, "bugsnag_json")


def test_the_facts_of_an_event_are_read() -> None:
    report = read(EVENT)
    assert (report.format, report.product, report.version) == (
        "bugsnag_json", "org.example.painter", "7.2",
    )  # fmt: skip
    assert (report.channel, report.report_id, report.install_id) == ("beta", "E-1", "d-1")
    assert (report.os_name, report.os_version, report.os_build) == ("Android", "14", "UP1A.1")
    assert (report.arch, report.uptime_s) == ("arm64", 4.0)
    assert (report.exception_type, report.message) == ("TypeError", "no such brush")
    assert report.frames == (
        Frame(None, "paint", "https://x.test/a.js", 7, None, in_app=True),
        Frame(None, None, "lib/b.js", 9, None, in_app=False),
    )


def test_code_breadcrumbs_and_metadata_are_not_kept() -> None:
    report = read(EVENT)
    kept = str([getattr(report, name) for name in CrashReport.__slots__ if name != "identities"])
    assert "sekret" in json.dumps(EVENT)
    assert "sekret" not in kept + str([frame.file for frame in report.frames])


def test_the_people_of_an_event_are_its_identities() -> None:
    assert {
        Identity(IdentityKind.USER_NAME, "Jane Q"),
        Identity(IdentityKind.USER_NAME, "jq@example.org"),
        Identity(IdentityKind.HOST_NAME, "jane-box"),
        Identity(IdentityKind.DEVICE_ID, "u-1"),
    } <= set(read(EVENT).identities)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (
            {"machoFile": "/a/Painter", "machoLoadAddress": "0x1000", "frameAddress": "0x1042",
             "method": "0x1042"},
            Frame("Painter", offset=0x42),
        ),
        (
            {"file": "/data/app/libpaint.so", "loadAddress": "0x1000", "frameAddress": "0x1010",
             "lineNumber": 16, "method": "paint"},
            Frame("libpaint.so", "paint", offset=0x10),
        ),
        ({"frameAddress": "0x1042"}, Frame()),
        ({"frameAddress": "0x42", "machoFile": "A", "machoLoadAddress": "0x99"}, Frame("A")),
    ],
)  # fmt: skip
def test_native_frames_are_module_and_offset(frame: object, expected: Frame) -> None:
    thrown = {"errorClass": "SIGSEGV", "stacktrace": [frame]}
    report = read(EVENT | {"exceptions": [thrown]})
    assert (report.frames, report.reason) == ((expected,), "SIGSEGV")


def test_every_event_of_a_payload_is_a_report() -> None:
    payload = {"apiKey": "k", "payloadVersion": "5", "events": [EVENT, EVENT | {"id": "E-2"}]}
    assert [each.report_id for each in read_all(payload) if isinstance(each, CrashReport)] == [
        "E-1", "E-2",
    ]  # fmt: skip


def test_an_event_inside_a_report_of_the_cocoa_notifier_is_read() -> None:
    assert read({"report": {}, "user": {"event": EVENT}}).exception_type == "TypeError"


@pytest.mark.parametrize(
    ("language", "expected"), [("androidApiLevel", "Inner"), ("python", "Outer"), ("ruby", "Outer")]
)
def test_the_root_cause_counts_but_where_the_language_links_what_was_handled(
    language: str, expected: str
) -> None:
    exceptions = [{"errorClass": "Outer"}, {"errorClass": "Inner"}]
    device = {"runtimeVersions": {language: "3"}}
    assert read(EVENT | {"exceptions": exceptions, "device": device}).exception_type == expected


def test_a_cause_without_frames_has_those_of_what_it_caused() -> None:
    outer = {"errorClass": "Outer", "stacktrace": [{"method": "wrap"}]}
    report = read(EVENT | {"exceptions": [outer, {"errorClass": "Inner"}]})
    assert (report.exception_type, report.frames) == ("Inner", (Frame(function="wrap"),))


def test_a_thread_tells_the_frames_that_its_exception_lacks() -> None:
    threads = [
        {"stacktrace": [{"method": "idle"}]},
        {"errorReportingThread": True, "stacktrace": [{"method": "paint"}]},
    ]
    report = read(EVENT | {"exceptions": [{"errorClass": "E"}], "threads": threads})
    assert report.frames == (Frame(function="paint"),)


def test_what_is_no_whole_event_is_rejected_by_its_kind() -> None:
    for payload, kind in (
        (json.dumps(EVENT)[:-5].encode(), "truncated"),
        (json.dumps(EVENT).encode() + b"]", "malformed"),
        (b'{"exceptions": [], "errorClass": 1}', "not_a_crash"),
    ):
        failure = read_one(payload)
        assert isinstance(failure, Failure)
        assert (failure.kind.value, failure.format) == (kind, "bugsnag_json")


@pytest.mark.parametrize("name", ["app", "device", "user", "metaData", "severityReason"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]]])
def test_a_field_of_another_type_never_stops_the_reading(name: str, value: object) -> None:
    assert read(EVENT | {name: value}).exception_type == "TypeError"
