"""KSCrash: what crashed as module and offset, never what memory or the user's own data hold."""

import json

import pytest

from schemas.records import (
    CrashReport,
    Failure,
    FailureKind,
    Frame,
    Identity,
    IdentityKind,
)
from tests.parse.reading import read_one

BASE = 0x1_0000_0000
STACK = [
    {"instruction_addr": BASE + 0x42, "object_addr": BASE, "object_name": "Painter",
     "symbol_name": "-[Canvas paint]", "symbol_addr": BASE + 0x40},
    {"instruction_addr": BASE + 0x90_0000 + 5, "symbol_name": "<redacted>"},
    {"instruction_addr": 0x10},
]  # fmt: skip
REPORT = {
    "report": {"id": "R-1", "timestamp": 1_767_607_200_000_000, "type": "standard"},
    "system": {
        "process_name": "Painter", "CFBundleShortVersionString": "7.2", "CFBundleVersion": "72",
        "system_name": "iOS", "system_version": "18.1", "os_version": "22B83", "cpu_arch": "arm64",
        "device_app_hash": "hash-1",
        "application_stats": {
            "active_time_since_launch": 2.5, "background_time_since_launch": 1.5,
        },
    },
    "binary_images": [
        {"image_addr": BASE + 0x90_0000, "image_size": 4096, "name": "/usr/lib/libc.dylib"}
    ],
    "crash": {
        "diagnosis": "sekret",
        "error": {
            "mach": {"exception": 1, "exception_name": "EXC_BAD_ACCESS",
                     "code_name": "KERN_INVALID_ADDRESS"},
            "signal": {"name": "SIGSEGV"}, "type": "mach", "address": 16,
        },
        "threads": [
            {"crashed": False, "backtrace": {"contents": [{"symbol_name": "idle"}]}},
            {"crashed": True, "backtrace": {"contents": STACK}, "registers": {"x0": "sekret"}},
        ],
    },
    "user": {"userName": "jane.q9", "note": "sekret"},
}  # fmt: skip


def crash(**changes: object) -> dict[str, object]:
    return REPORT | {"crash": {**REPORT["crash"], **changes}}


def test_the_facts_are_read() -> None:
    report = read_one(REPORT)
    assert isinstance(report, CrashReport)
    assert (report.format, report.product, report.version) == ("kscrash_json", "Painter", "7.2")
    assert (report.os_name, report.os_version, report.os_build) == ("iOS", "18.1", "22B83")
    assert (report.arch, report.uptime_s, report.report_id) == ("arm64", 4.0, "R-1")
    assert report.reason == "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"
    assert report.received_at is not None
    assert report.received_at.isoformat() == "2026-01-05T10:00:00+00:00"
    assert Identity(IdentityKind.USER_NAME, "jane.q9") in report.identities


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ({"cpu_arch": "x86", "cpu_type": 7, "binary_cpu_type": 16777223}, "x86_64"),
        ({"cpu_arch": "arm64e", "binary_cpu_type": 16777228}, "arm64"),
        ({"cpu_arch": "armv7", "binary_cpu_type": 12}, "arm"),
        ({"cpu_arch": "arm64", "binary_cpu_type": 99}, "arm64"),
    ],
)
def test_the_processor_is_that_of_the_process(system: dict[str, object], expected: str) -> None:
    report = read_one(REPORT | {"system": system})
    assert isinstance(report, CrashReport)
    assert report.arch == expected


def test_frames_are_module_and_offset_and_an_address_outside_all_is_none() -> None:
    report = read_one(REPORT)
    assert isinstance(report, CrashReport)
    assert report.frames == (
        Frame("Painter", "-[Canvas paint]", offset=0x42),
        Frame("libc.dylib", offset=5, in_app=False),
        Frame(),
    )


def test_what_memory_and_the_user_hold_is_not_kept() -> None:
    report = read_one(REPORT)
    kept = str([getattr(report, name) for name in CrashReport.__slots__ if name != "identities"])
    assert "sekret" in json.dumps(REPORT)
    assert "sekret" not in kept


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            {"nsexception": {"name": "NSRange", "reason": "beyond"}, "signal": {"name": "SIGABRT"}},
            ("NSRange", "beyond", "SIGABRT"),
        ),
        (
            {"cpp_exception": {"name": "std::bad_alloc"}, "reason": "no memory"},
            ("std::bad_alloc", "no memory", None),
        ),
        ({"type": "deadlock", "mach": {"exception": 0}}, ("deadlock", None, "deadlock")),
    ],
)
def test_every_kind_of_error_tells_its_type(error: object, expected: tuple[object, ...]) -> None:
    report = read_one(crash(error=error))
    assert isinstance(report, CrashReport)
    assert (report.exception_type, report.message, report.reason) == expected


def test_a_crash_of_the_reporter_itself_does_not_hide_the_first_one() -> None:
    later = {"error": {"type": "signal", "signal": {"name": "SIGBUS"}}}
    report = read_one({"report": {"type": "minimal"}, "crash": later, "recrash_report": REPORT})
    assert isinstance(report, CrashReport)
    assert report.reason == "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"
    assert len(report.frames) == 3


@pytest.mark.parametrize("written", ["1970-01-17T18:46:32Z", 7, 10**400, float("nan")])
def test_a_time_that_no_phone_had_is_no_time(written: object) -> None:
    report = read_one(REPORT | {"report": {"timestamp": written}})
    assert isinstance(report, CrashReport)
    assert report.received_at is None


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (json.dumps(REPORT)[:-9].encode(), FailureKind.TRUNCATED),
        (json.dumps(REPORT).encode() + b"}", FailureKind.MALFORMED),
        (json.dumps(crash(error={})).encode(), FailureKind.NOT_A_CRASH),
    ],
)
def test_what_is_no_whole_report_is_rejected_by_its_kind(payload: bytes, kind: FailureKind) -> None:
    failure = read_one(payload)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.format) == (kind, "kscrash_json")


@pytest.mark.parametrize("name", ["report", "system", "binary_images", "user"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], [None, 3]])
def test_a_field_of_another_type_never_stops_the_reading(name: str, value: object) -> None:
    assert isinstance(read_one(REPORT | {name: value}), CrashReport)
