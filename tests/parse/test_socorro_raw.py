"""Socorro's raw crashes: annotations, and what Java or Kotlin threw."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.policy import Limits
from schemas.records import (
    CrashReport,
    Failure,
    FailureKind,
    Frame,
    Identity,
    IdentityKind,
    RawReport,
    Stage,
)
from tests.parse.reading import read_all, read_one
from transforms.parse import parse_payload, recognized_format

RAW: dict[str, Any] = {
    "ProductName": "Editor",
    "Version": "20.1",
    "version": "20.1",
    "BuildID": "20240506070809",
    "ReleaseChannel": "nightly",
    "ProcessType": "content",
    "Vendor": "Example",
    "MozCrashReason": "assertion failed: width > 0",
    "URL": "https://example.org/jane",
    "Comments": "it was jane who did it",
    "Email": "jane@example.org",
    "TelemetryClientId": "1B9E7C50-0000-4000-8000-00000000C0DE",
    "CrashTime": "1714972089",
    "StartupTime": "1714972029",
    "UptimeTS": "59.5",
    "OS": "Windows NT",
    "OSVersion": "10.0.22631",
    "CPUArchitecture": "amd64",
    "submitted_timestamp": "2024-05-06T05:09:00.500000+00:00",
    "uuid": "0aa1bb22-cc33-4d44-9e55-66ff77240506",
    "metadata": {"collector_notes": []},
}
FRAMES = [
    {
        "module": "org.example.Page",
        "function": "load",
        "filename": "Page.kt",
        "lineno": 7,
        "in_app": True,
    },
    {
        "module": "android.os.Looper",
        "function": "loop",
        "filename": "Looper.java",
        "lineno": 9,
        "in_app": True,
    },
    {"module": "org.example.Main", "function": "main"},
]
EXCEPTION = {
    "exception": {
        "values": [
            {
                "stacktrace": {
                    "type": "IllegalStateException",
                    "module": "java.lang",
                    "value": "not attached",
                    "frames": FRAMES,
                }
            }
        ]
    }
}
TRACE = (
    "java.lang.IllegalStateException: not attached\n"
    "\tat org.example.Page.load(Page.kt:7)\n"
    "\tat android.os.Looper.loop(Looper.java:9)\n"
)
EXPECTED = (
    Frame("org.example.Page", "load", "Page.kt", 7, in_app=True),
    Frame("android.os.Looper", "loop", "Looper.java", 9, in_app=False),
    Frame("org.example.Main", "main"),
)


def results(document: object) -> list[CrashReport | Failure]:
    return read_all(document, max_frames=3)


def read(**changes: object) -> CrashReport:
    changed = {name: value for name, value in {**RAW, **changes}.items() if value is not None}
    (report,) = results(changed)
    assert isinstance(report, CrashReport)
    return report


def test_the_facts_of_a_raw_crash_are_read():
    report = read()
    assert report.format == "socorro_raw"
    assert (report.product, report.version, report.channel) == ("Editor", "20.1", "nightly")
    assert (report.process_type, report.arch) == ("content", "x86_64")
    assert (report.os_name, report.os_version) == ("Windows", "11")
    assert report.message == "assertion failed: width > 0"
    assert report.report_id == "0aa1bb22-cc33-4d44-9e55-66ff77240506"
    assert report.install_id == "1b9e7c50-0000-4000-8000-00000000c0de"
    assert report.received_at == datetime(2024, 5, 6, 5, 9, 0, 500000, tzinfo=UTC)
    assert report.uptime_s == 59.5
    assert (report.reason, report.frames, report.truncated) == (None, (), False)


def test_addresses_and_comments_are_not_kept_and_mail_is_hidden():
    report = read()
    assert Identity(IdentityKind.USER_NAME, "jane") in report.identities
    kept = [getattr(report, name) for name in report.__slots__ if name != "identities"]
    assert "jane" in json.dumps(RAW)
    assert "jane" not in str(kept)


@pytest.mark.parametrize("exception", [EXCEPTION, json.dumps(EXCEPTION)], ids=["object", "text"])
def test_a_java_exception_is_read_with_its_frames(exception):
    report = read(JavaException=exception, JavaStackTrace="other.Error\n\tat a.B.c(D.java:1)")
    assert report.frames == EXPECTED
    assert report.exception_type == report.reason == "java.lang.IllegalStateException"
    assert report.message == "assertion failed: width > 0"
    assert read(JavaException=exception, MozCrashReason=None).message == "not attached"


def test_a_java_stack_trace_in_text_is_read():
    report = read(JavaStackTrace=TRACE, MozCrashReason=None)
    assert [(frame.module, frame.line) for frame in report.frames] == [
        ("org.example.Page", 7),
        ("android.os.Looper", 9),
    ]
    assert report.exception_type == "java.lang.IllegalStateException"
    assert report.message == "not attached"


def test_frames_beyond_the_limit_are_cut_and_marked():
    values = [{"stacktrace": {"type": "E", "frames": FRAMES * 2}}]
    report = read(JavaException={"exception": {"values": values}})
    assert len(report.frames) == 3
    assert report.truncated


@pytest.mark.parametrize(
    ("told", "system"),
    [
        ({"OS": "Mac OS X", "OSVersion": "15.3.0"}, ("macOS", "15.3", None)),
        ({"OS": "Linux", "LinuxLSBDescription": "Ubuntu 24.04.1 LTS"}, ("Ubuntu", "24.04", None)),
        ({"OS": "Android", "Android_Version": "34 (REL)"}, ("Android", "14", None)),
        ({"Android_Version": "27 (REL)"}, ("Android", "8.1.0", None)),
        ({"Android_Version": "999 (REL)"}, ("Android", None, None)),
        (
            {"Android_Version": "31 (REL)", "Android_Fingerprint": "a/b/c:12/SP1A.21/x:user/keys"},
            ("Android", "12", "SP1A.21"),
        ),
        (
            {
                "TelemetryEnvironment": json.dumps(
                    {
                        "system": {
                            "os": {
                                "name": "Windows_NT",
                                "version": "10.0",
                                "windowsBuildNumber": 19045,
                            }
                        }
                    }
                )
            },
            ("Windows", "10", "19045"),
        ),
        ({"TelemetryEnvironment": '{"system": {"os"'}, (None, None, None)),
        ({"TelemetryEnvironment": ["?"]}, (None, None, None)),
        ({}, (None, None, None)),
    ],
)
def test_the_operating_system_is_told_in_many_ways(told, system):
    report = read(**{"OS": None, "OSVersion": None, **told})
    assert (report.os_name, report.os_version, report.os_build) == system


@pytest.mark.parametrize(
    ("told", "arch"),
    [
        ({"CPUArchitecture": "arm64", "Android_CPU_ABI": "x86"}, "arm64"),
        ({"CPUArchitecture": None, "Android_CPU_ABI": "armeabi-v7a"}, "arm"),
        ({"CPUArchitecture": "unknown", "Android_CPU_ABI": "arm64-v8a"}, "arm64"),
        ({"CPUArchitecture": None}, None),
    ],
)
def test_the_processor_is_told(told, arch):
    assert read(**told).arch == arch


@pytest.mark.parametrize(
    ("told", "received_at"),
    [
        ({"submitted_timestamp": None, "timestamp": 1714972000.5}, (2024, 5, 6, 5, 6, 40, 500000)),
        ({"submitted_timestamp": None}, (2024, 5, 6, 5, 8, 9)),
    ],
)
def test_a_crash_that_was_not_submitted_has_its_own_time(told, received_at):
    assert read(**told).received_at == datetime(*received_at, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "uptime"),
    [
        ({"UptimeTS": None}, 60.0),
        ({"UptimeTS": "-3"}, 60.0),
        ({"UptimeTS": "inf"}, 60.0),
        ({"UptimeTS": "nan", "CrashTime": "x"}, None),
        ({"UptimeTS": None, "StartupTime": "1e300"}, None),
    ],
)
def test_uptime_is_told_or_reckoned(told, uptime):
    assert read(**told).uptime_s == uptime


@pytest.mark.parametrize(
    "java",
    [
        {}, [], 5, "{", "[]", {"exception": 1}, {"exception": {"values": [1]}},
        {"exception": {"values": [{"stacktrace": {"frames": [1, None], "type": 7}}]}},
        {"exception": {"values": [{"stacktrace": {"type": "E", "frames": [{"lineno": "x"}]}}]}},
    ],
)  # fmt: skip
def test_an_exception_of_another_form_is_survived(java):
    assert read(JavaException=java, JavaStackTrace=7).product == "Editor"


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"product": "Stove", "version": "0.3", "error_type": "fault"}, None),
        ({"ProductName": "Editor", "Version": "1"}, None),
        ({"ProductName": "Editor", "BuildID": "1"}, None),
        ({"BuildID": "1", "Vendor": "E", "CrashTime": "1"}, None),
        ({**RAW, "json_dump": {}, "crash_id": "x"}, "socorro_processed"),
        ({"crashDate": "x", "payload": {"metadata": RAW}, "application": {}}, "crash_ping"),
    ],
)
def test_other_documents_are_not_taken_for_raw_crashes(document, name):
    assert recognized_format(json.dumps(document).encode()) == name


def test_a_raw_crash_that_is_cut_off_is_rejected_as_truncated():
    failure = read_one(json.dumps(RAW).encode()[:-9])
    assert failure == Failure(Stage.PARSE, FailureKind.TRUNCATED, "socorro_raw")


@pytest.mark.corpus
def test_real_raw_crashes_are_read(corpus: Path):
    for path in sorted((corpus / "socorro_raw").iterdir()):
        (result,) = parse_payload(RawReport(path.name, path.read_bytes()), Limits())
        if "not_a_breakpad_crash" in path.name:
            assert isinstance(result, Failure)
        else:
            assert isinstance(result, CrashReport)
            assert result.product
            assert result.version
            assert result.uptime_s
