"""uReports: native problems with offsets, and those of Python with files and lines."""

import json

import pytest

from schemas.records import CrashReport, Failure, Frame
from tests.parse.reading import read_one

UREPORT = {
    "ureport_version": 2,
    "os": {"name": "fedora", "version": "40", "architecture": "x86_64"},
    "packages": [
        {"name": "libpaint", "version": "1", "package_role": "selinux_policy"},
        {"name": "painter", "version": "7.2", "release": "1.fc40", "package_role": "affected"},
    ],
    "problem": {
        "type": "core",
        "signal": 11,
        "executable": "/usr/bin/painter",
        "stacktrace": [
            {"frames": [{"function_name": "idle"}]},
            {
                "crash_thread": True,
                "frames": [
                    {"file_name": "/usr/bin/painter", "build_id_offset": 66, "address": 4_194_370,
                     "build_id": "aa", "function_name": "paint"},
                    {"file_name": "/lib64/libc.so.6", "build_id_offset": 9, "function_name": "??"},
                ],
            },
        ],
    },
}  # fmt: skip


def test_a_native_problem_is_read() -> None:
    report = read_one(UREPORT)
    assert isinstance(report, CrashReport)
    assert (report.product, report.version, report.arch) == ("painter", "7.2-1.fc40", "x86_64")
    assert (report.os_name, report.os_version, report.reason) == ("Fedora", "40", "SIGSEGV")
    assert report.frames == (
        Frame("painter", "paint", offset=66),
        Frame("libc.so.6", offset=9),
    )


def test_a_problem_of_python_names_files_and_lines() -> None:
    frames = [{"file_name": "/usr/bin/brush.py", "file_line": 7, "function_name": "stroke"}]
    problem = {"type": "python", "exception_name": "KeyError", "stacktrace": frames}
    report = read_one(UREPORT | {"problem": problem})
    assert isinstance(report, CrashReport)
    assert report.exception_type == "KeyError"
    assert report.frames == (Frame(None, "stroke", "/usr/bin/brush.py", 7),)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (json.dumps(UREPORT)[:-5].encode(), "truncated"),
        (json.dumps(UREPORT | {"problem": {}}).encode(), "not_a_crash"),
    ],
)
def test_what_is_no_whole_report_is_rejected_by_its_kind(payload: bytes, kind: str) -> None:
    failure = read_one(payload)
    assert isinstance(failure, Failure)
    assert (failure.kind.value, failure.format) == (kind, "abrt_ureport")


@pytest.mark.parametrize("name", ["os", "packages"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], [None, 3]])
def test_a_field_of_another_type_never_stops_the_reading(name: str, value: object) -> None:
    assert isinstance(read_one(UREPORT | {name: value}), CrashReport)


@pytest.mark.parametrize("stack", [None, 7, "x", [], {}, [[]], [None, 3], [{"frames": 3}]])
def test_a_stack_of_another_type_is_no_stack(stack: object) -> None:
    assert isinstance(
        read_one(UREPORT | {"problem": {"signal": 6, "stacktrace": stack}}), CrashReport
    )


def test_a_problem_directorys_backtrace_is_read_alone() -> None:
    report = read_one(UREPORT["problem"])
    assert isinstance(report, CrashReport)
    assert (report.product, report.reason) == ("painter", "SIGSEGV")
    assert report.frames == (
        Frame("painter", "paint", offset=66),
        Frame("libc.so.6", offset=9),
    )
