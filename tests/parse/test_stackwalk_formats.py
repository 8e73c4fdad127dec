"""Reports around minidump-stackwalk's stacks: on their own, from Socorro, and in crash pings."""

import json
from typing import Any

import pytest

from schemas.records import CrashReport, Failure, FailureKind, Frame
from tests.parse.reading import read_one

MODULES = [
    {"filename": "editor.exe", "base_addr": "0x140000000", "version": "7.2.0.1"},
    {"filename": "ntdll.dll", "base_addr": "0x7ff000000000", "version": "10.0"},
]
FRAMES = [
    {"frame": 0, "module": "editor.exe", "module_offset": "0x1234", "offset": "0x140001234"},
    {
        "frame": 1, "module": "editor.exe", "module_offset": "0x5000", "function": "outer",
        "file": "a.cpp", "line": 7, "inlines": [{"function": "inner", "file": "b.h", "line": 3}],
    },
    {"frame": 2, "offset": "0xdeadbeef"},
]  # fmt: skip
DUMP: dict[str, Any] = {
    "status": "OK",
    "crash_info": {
        "type": "EXCEPTION_ACCESS_VIOLATION_READ", "crashing_thread": 0, "address": "0x10",
        "assertion": "p != nullptr",
    },
    "system_info": {"os": "Windows NT", "os_ver": "10.0.22631", "cpu_arch": "amd64"},
    "main_module": 0,
    "modules": MODULES,
    "process_uptime": 90,
    "threads": [{"frames": FRAMES}],
}  # fmt: skip
EXPECTED = (
    Frame(module="editor.exe", offset=0x1234),
    Frame(module="editor.exe", function="inner", file="b.h", line=3),
    Frame(module="editor.exe", function="outer", file="a.cpp", line=7, offset=0x5000),
    Frame(),
)


def test_stackwalks_own_json_is_read() -> None:
    report = read_one(DUMP)
    assert isinstance(report, CrashReport)
    assert (report.format, report.product, report.version) == (
        "stackwalk_json",
        "editor",
        "7.2.0.1",
    )
    assert (report.os_name, report.os_version, report.arch) == ("Windows", "11", "x86_64")
    assert (report.reason, report.message) == ("EXCEPTION_ACCESS_VIOLATION_READ", "p != nullptr")
    assert report.frames == EXPECTED
    assert report.uptime_s == 90


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("hg:hg.example.org/editor:source/a.cpp:fc916052746c", "source/a.cpp"),
        ("git:github.com/example/editor:source/a.rs:1f2e", "source/a.rs"),
        ("s3:sources:0123abcd/source/a.c:", "0123abcd/source/a.c"),
        ("d:\\source\\a.cpp", "d:\\source\\a.cpp"),
        ("a:b:c:d", "a:b:c:d"),
    ],
)
def test_a_file_is_told_without_its_repository_and_revision(written: str, expected: str) -> None:
    inlines = [{"function": "inner", "file": written}]
    frames = [{"module": "editor.exe", "file": written, "inlines": inlines}]
    report = read_one(DUMP | {"threads": [{"frames": frames}]})
    assert isinstance(report, CrashReport)
    assert [frame.file for frame in report.frames] == [expected, expected]


def test_linux_is_told_by_its_distribution_or_its_kernel() -> None:
    linux = DUMP | {"system_info": {"os": "Linux", "os_ver": "0.0.0 Linux 6.5.0-14-generic x"}}
    report = read_one(linux)
    assert isinstance(report, CrashReport)
    assert (report.os_name, report.os_version) == ("Linux", "6.5.0")
    report = read_one(linux | {"lsb_release": {"id": "Ubuntu", "release": "24.04"}})
    assert isinstance(report, CrashReport)
    assert (report.os_name, report.os_version) == ("Ubuntu", "24.04")


def test_a_minidump_that_stackwalk_could_not_read_is_a_failure() -> None:
    failure = read_one({"status": "ERROR_NO_MINIDUMP_HEADER", "crash_info": {}, "system_info": {}})
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.MALFORMED


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_snapshot_of_insta_is_read_behind_its_front_matter(end: str) -> None:
    front = end.join(["---", "source: tests/walk.rs", "expression: printed", "---", ""])
    report = read_one(front.encode() + json.dumps(DUMP).encode())
    assert isinstance(report, CrashReport)
    assert (report.format, report.frames) == ("stackwalk_json", EXPECTED)


def test_front_matter_without_an_end_hides_the_report() -> None:
    failure = read_one(b"---\n" + json.dumps(DUMP).encode())
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.UNKNOWN_FORMAT


def test_a_snapshot_that_was_cut_is_rejected_as_truncated() -> None:
    cut = b"---\nsource: a\n---\n" + json.dumps(DUMP).encode()[:-9]
    failure = read_one(cut)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.format) == (FailureKind.TRUNCATED, "stackwalk_json")


def test_the_number_of_an_unknown_system_is_no_name() -> None:
    report = read_one(DUMP | {"system_info": {"os": "0x8205", "os_ver": "1.0", "cpu_arch": "x86"}})
    assert isinstance(report, CrashReport)
    assert (report.os_name, report.os_version, report.arch) == (None, None, "x86")


@pytest.mark.parametrize("name", ["threads_index", "thread_index"])
def test_the_crashing_thread_is_told_by_its_own_index_too(name: str) -> None:
    other = {"frames": [{"module": "other.dll"}]}
    told = {"crash_info": {"type": "SIGSEGV"}, "threads": [other, {"frames": FRAMES}]}
    report = read_one(DUMP | told | {"crashing_thread": {name: 1}})
    assert isinstance(report, CrashReport)
    assert report.frames == EXPECTED


def test_a_frame_in_a_module_that_was_unloaded_is_placed_where_only_one_can_be() -> None:
    place = {"module": "gone.dll", "offsets": ["0x460"]}
    gone = {"module": None, "unloaded_modules": [place]}
    unsure = {"module": None, "unloaded_modules": [place, {"module": "b.dll", "offsets": ["0x1"]}]}
    report = read_one(DUMP | {"threads": [{"frames": [gone, unsure]}]})
    assert isinstance(report, CrashReport)
    assert report.frames == (Frame(module="gone.dll", offset=0x460), Frame())


def test_a_processed_crash_of_socorro_is_read() -> None:
    report = read_one(
        {
            "crash_id": "c-1", "uuid": "c-1", "product": "Editor", "version": "7.2",
            "release_channel": "beta", "os_name": "Windows NT", "os_version": "10.0.22631",
            "submitted_timestamp": "2026-01-05T10:00:00+00:00", "process_type": "content",
            "reason": "SIGSEGV", "uptime": 27, "json_dump": DUMP, "user_comments": "by jane",
        }
    )  # fmt: skip
    assert isinstance(report, CrashReport)
    assert (report.format, report.product, report.channel) == (
        "socorro_processed",
        "Editor",
        "beta",
    )
    assert (report.report_id, report.process_type) == ("c-1", "content")
    assert report.frames == EXPECTED


def test_a_crash_ping_is_read() -> None:
    frames = [{"ip": "0x140001234", "module_index": 0}, {"ip": "0x10", "module_index": 9}]
    report = read_one(
        {
            "type": "crash", "id": "p-1", "clientId": "C-1", "version": 4,
            "application": {
                "name": "Editor", "displayVersion": "7.2", "channel": "nightly",
                "architecture": "x86-64",
            },
            "environment": {
                "system": {"os": {"name": "Windows_NT", "version": "10.0",
                                  "windowsBuildNumber": 22631}}
            },
            "payload": {
                "crashDate": "2026-01-05", "crashId": "k-1", "processType": "main",
                "crashTime": "2026-01-05T10:00:00.000Z",
                "stackTraces": DUMP | {"threads": [{"frames": frames}]},
                "metadata": {"MozCrashReason": "MOZ_RELEASE_ASSERT(ok)"},
            },
        }
    )  # fmt: skip
    assert isinstance(report, CrashReport)
    assert (report.format, report.install_id, report.report_id) == ("crash_ping", "c-1", "k-1")
    assert (report.os_name, report.os_version, report.channel) == ("Windows", "11", "nightly")
    assert report.message == "MOZ_RELEASE_ASSERT(ok)"
    assert report.frames[0] == Frame(module="editor.exe", offset=0x1234)


@pytest.mark.parametrize("wrong", [None, [], "x", 7, [[]], {"frames": {}}])
def test_parts_of_the_wrong_type_cost_only_themselves(wrong: object) -> None:
    for part in ("threads", "modules", "main_module", "crashing_thread"):
        report = read_one(DUMP | {part: wrong})
        assert isinstance(report, CrashReport)
