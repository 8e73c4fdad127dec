import json
from datetime import UTC, datetime
from functools import partial

import pytest

from schemas.records import CrashReport, Failure, Frame
from tests.parse.reading import read_one, read_report
from transforms.parse import recognized_format

HEADER = {
    "app_name": "Painter",
    "timestamp": "2025-03-02 10:00:05.00 +0100",
    "app_version": "4.2",
    "build_version": "4201",
    "bug_type": "309",
    "os_version": "macOS 15.3 (24D60)",
    "incident_id": "1B1B1B1B-0000-4000-8000-000000000001",
}
BODY = {
    "captureTime": "2025-03-02 10:00:04.5000 +0100",
    "procLaunch": "2025-03-02 09:59:04.0000 +0100",
    "cpuType": "ARM-64",
    "procName": "Painter",
    "procPath": "/Users/ywzqk/Painter.app/Contents/MacOS/Painter",
    "crashReporterKey": "11111111-2222-3333-4444-555555555555",
    "exception": {
        "type": "EXC_BAD_ACCESS",
        "signal": "SIGSEGV",
        "subtype": "KERN_INVALID_ADDRESS at 0x0000000000000008",
    },
    "termination": {"indicator": "Segmentation fault: 11"},
    "faultingThread": 1,
    "threads": [
        {"frames": [{"imageOffset": 1, "imageIndex": 1, "symbol": "idle"}]},
        {
            "frames": [
                {"imageOffset": 4660, "imageIndex": 0},
                {
                    "imageOffset": 90,
                    "imageIndex": 1,
                    "symbol": "start",
                    "symbolLocation": 4,
                    "sourceFile": "start.c",
                    "sourceLine": 7,
                },
                {"imageOffset": 4295000000, "imageIndex": 2},
                {"imageOffset": 33, "imageIndex": 99},
                {"imageOffset": 34, "imageIndex": 1, "symbol": "<redacted>"},
            ],
            "threadState": {"x": [{"value": 1234567}]},
        },
    ],
    "usedImages": [
        {"name": "Painter", "base": 4310204416, "path": "/Users/ywzqk/Painter"},
        {"base": 6479343616, "path": "/usr/lib/dyld"},
        {"base": 0, "size": 0, "source": "A"},
    ],
}


def ips(header: object = HEADER, body: object = BODY, **changes: object) -> bytes:
    if isinstance(body, dict):
        body = json.dumps(body | changes, indent=2)
    return (json.dumps(header) + "\n" + str(body)).encode()


read = partial(read_report, "apple_ips")


def failure(payload: bytes) -> str:
    found = read_one(payload)
    assert isinstance(found, Failure)
    return found.kind.value


def test_the_facts_of_a_crash_are_read():
    report = read(ips())
    assert report.format == "apple_ips"
    assert (report.product, report.version) == ("Painter", "4.2")
    assert (report.os_name, report.os_version, report.os_build) == ("macOS", "15.3", "24D60")
    assert report.arch == "arm64"
    assert report.reason == "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"
    assert report.exception_type == "EXC_BAD_ACCESS"
    assert report.message == "Segmentation fault: 11"
    assert report.install_id == "11111111-2222-3333-4444-555555555555"
    assert report.report_id == "1B1B1B1B-0000-4000-8000-000000000001"
    assert report.received_at == datetime(2025, 3, 2, 9, 0, 5, tzinfo=UTC)
    assert report.uptime_s == 60.5
    assert not report.truncated


@pytest.mark.parametrize(
    ("termination", "expected"),
    [
        ({"namespace": "DYLD", "code": 0xDEAD10CC}, "EXC_CRASH / SIGKILL / DYLD 0xdead10cc"),
        ({"namespace": "TCC", "code": 0}, "EXC_CRASH / SIGKILL / TCC 0x0"),
        ({"namespace": "GUARD", "code": 0x1000000000000A03}, "EXC_CRASH / SIGKILL / GUARD"),
        ({"namespace": "SIGNAL", "code": 9}, "EXC_CRASH / SIGKILL"),
        ({"namespace": "by Jane", "code": 9}, "EXC_CRASH / SIGKILL"),
        ({"namespace": "DYLD", "code": -1}, "EXC_CRASH / SIGKILL / DYLD"),
        ({}, "EXC_CRASH / SIGKILL"),
    ],
)  # fmt: skip
def test_who_ended_the_process_is_part_of_the_reason(termination, expected):
    exception = {"type": "EXC_CRASH", "signal": "SIGKILL"}
    assert read(ips(exception=exception, termination=termination)).reason == expected


def test_frames_of_the_faulting_thread_are_module_and_offset():
    assert read(ips()).frames == (
        Frame(module="Painter", offset=4660),
        Frame(module="dyld", function="start", file="start.c", line=7, offset=90, in_app=False),
        Frame(),
        Frame(),
        Frame(module="dyld", offset=34, in_app=False),
    )


def test_registers_and_other_threads_are_not_kept():
    kept = repr([(f.module, f.function, f.offset) for f in read(ips()).frames])
    assert "1234567" not in kept
    assert "idle" not in kept


def test_the_thread_that_triggered_counts_before_its_number():
    threads = [{"frames": []}, {"frames": []}, {"triggered": True, "frames": [{"symbol": "me"}]}]
    assert read(ips(threads=threads)).frames == (Frame(function="me"),)


def test_an_uncaught_exception_brings_its_type_reason_and_stack():
    said = "*** Terminating app due to uncaught exception 'NSRangeException', reason: 'index 3'"
    report = read(
        ips(
            asi={"CoreFoundation": [said], "libsystem_c.dylib": ["abort() called"]},
            lastExceptionBacktrace=[{"imageOffset": 5, "imageIndex": 0, "symbol": "pick"}],
        )
    )
    assert (report.exception_type, report.message) == ("NSRangeException", "index 3")
    assert [frame.function for frame in report.frames] == ["pick"]


def test_a_beta_is_a_channel():
    assert read(ips(HEADER | {"is_beta": True})).channel == "beta"
    assert read(ips(storeInfo={"entitledBeta": True})).channel == "beta"
    assert read(ips()).channel is None


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_older_report_has_a_text_body(line_end):
    body = "\n".join(
        [
            "Incident Identifier: 1B1B1B1B-0000-4000-8000-000000000001",
            "CrashReporter Key:   0123456789abcdef",
            "Process:             Painter [77]",
            "Version:             4201 (4.2)",
            "Code Type:           ARM-64 (Native)",
            "Date/Time:           2017-05-25 20:34:37.0354 +0800",
            "Launch Time:         2017-05-25 20:34:07.0354 +0800",
            "OS Version:          iPhone OS 10.1.1 (14B100)",
            "",
            "Exception Type:  EXC_BREAKPOINT (SIGTRAP)",
            "Triggered by Thread:  0",
            "",
            "Thread 0 name:  Dispatch queue: com.apple.main-thread",
            "Thread 0 Crashed:",
            "0   Painter   0x00000001000a5124 0x1000a4000 + 4388",
            "",
        ]
    )
    header = {"bug_type": "109", "os_version": "iPhone OS 10.1.1 (14B100)", "app_version": "4.2"}
    report = read(ips(header, body).replace(b"\n", line_end.encode()))
    assert (report.format, report.product, report.version) == ("apple_ips", "Painter", "4.2")
    assert (report.os_name, report.os_version, report.arch) == ("iOS", "10.1.1", "arm64")
    assert report.reason == "EXC_BREAKPOINT / SIGTRAP"
    assert report.frames == (Frame(module="Painter", offset=4388),)
    assert report.install_id == "0123456789abcdef"
    assert report.uptime_s == 30.0


def test_a_stackshot_tells_who_was_in_front_and_why():
    header = {"bug_type": "288", "os_version": "iPhone OS 16.1 (20B82)", "timestamp": "2023-02-10"}
    body = {
        "processByPid": {"31": {"procname": "Painter"}, "0": {"procname": "kernel_task"}},
        "frontmostPids": [31],
        "reason": "watchdog",
        "exception": "0xbaaaaaad",
        "crashReporterKey": "k1",
    }
    report = read(ips(header, body))
    assert (report.product, report.reason, report.message) == ("Painter", "stackshot", "watchdog")
    assert (report.os_name, report.os_version, report.install_id) == ("iOS", "16.1", "k1")


def test_a_jetsam_event_names_the_process_that_was_killed():
    header = {"bug_type": "298", "os_version": "iPhone OS 17.1 (21B74)"}
    processes = [{"name": "other"}, {"name": "Painter", "reason": "per-process-limit"}]
    body = {"memoryStatus": {}, "largestProcess": "other", "processes": processes}
    report = read(ips(header, body))
    assert (report.product, report.reason) == ("Painter", "jetsam / per-process-limit")


def test_a_kernel_panic_keeps_its_first_line_only():
    body = {"panicString": "panic(cpu 1): watchdog\nDebugger message: secret-memory"}
    report = read(ips({"bug_type": "210", "os_version": "macOS 14.1 (23B74)"}, body))
    assert (report.reason, report.message) == ("kernel panic", "panic(cpu 1): watchdog")


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (ips()[:-20], "truncated"),
        (ips()[:400], "truncated"),
        (json.dumps(HEADER).encode() + b"\n", "truncated"),
        (json.dumps(HEADER).encode()[:-9], "truncated"),
        (ips(body="{'not': json}"), "malformed"),
        (ips(body={"events": []}), "not_a_crash"),
        (ips(body="Incident Identifier: 1\n"), "truncated"),
    ],
)
def test_what_is_broken_is_rejected_by_its_kind(payload, kind):
    assert recognized_format(payload) == "apple_ips"
    assert failure(payload) == kind


@pytest.mark.parametrize("key", sorted(BODY))
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], [None, {"frames": 3}]])
def test_a_field_of_another_type_costs_no_more_than_itself(key, value):
    report = read_one(ips(**{key: value}))
    assert isinstance(report, CrashReport)
