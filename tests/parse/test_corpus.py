"""Real files: whole ones are read with their facts, others are rejected by their kind."""

import json
from pathlib import Path

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, RawReport
from transforms.parse import parse_payload

pytestmark = pytest.mark.corpus


def read(path: Path) -> list[CrashReport | Failure]:
    return list(parse_payload(RawReport(str(path), path.read_bytes()), Limits()))


def reports(corpus: Path, folder: str) -> list[tuple[str, CrashReport]]:
    results = [
        (path.name, result) for path in sorted((corpus / folder).iterdir()) for result in read(path)
    ]
    return [(name, result) for name, result in results if isinstance(result, CrashReport)]


def test_every_apple_ips_is_read(corpus):
    found = reports(corpus, "apple_ips")
    assert len(found) == len(list((corpus / "apple_ips").iterdir()))
    for _, report in found:
        assert report.os_name
        assert report.os_version
        assert report.reason
        assert report.frames or report.reason == "stackshot"


def test_every_tombstone_in_text_is_read(corpus):
    found = reports(corpus, "android_tombstone")
    assert len(found) == len(list((corpus / "android_tombstone").glob("*.txt")))
    for _, report in found:
        assert report.product
        assert report.version
        assert (report.os_name, report.os_version) == ("Android", "10")
        assert report.reason == "SIGSEGV / SEGV_MAPERR"
        assert report.frames[0].module == "libxcrash.so"
        assert report.frames[0].function == "xc_test_call_4"


def test_sentry_events_are_read_and_policy_reports_are_not(corpus):
    rejected = {
        path.name: result.kind.value
        for path in sorted((corpus / "sentry_event").iterdir())
        for result in read(path)
        if isinstance(result, Failure)
    }
    not_crashes = [name for name, kind in rejected.items() if kind == "not_a_crash"]
    assert all("csp" in n or "expect" in n or "hpkp" in n for n in not_crashes)
    assert [name for name in rejected if name not in not_crashes] == [
        "getsentry_ophio__cocoa-stacktraces.json"  # lists of frames, no event
    ]
    for _, report in reports(corpus, "sentry_event"):
        assert report.message
        assert report.frames


def test_no_absolute_address_is_kept(corpus):
    for folder in (
        "apple_ips", "apple_crash_text", "android_tombstone", "sentry_event", "minidump",
        "crash_ping", "socorro_processed", "kscrash_json", "bugsnag_json", "elf_core",
    ):  # fmt: skip
        for name, report in reports(corpus, folder):
            for frame in report.frames:
                assert frame.offset is None or frame.module, name
                assert frame.offset is None or 0 <= frame.offset < 1 << 32, name
                assert "0x" not in (frame.function or ""), name


def test_every_minidump_that_is_whole_is_read(corpus):
    rejected = [
        path.name
        for path in sorted((corpus / "minidump").iterdir())
        for result in read(path)
        if isinstance(result, Failure)
    ]
    assert rejected == [  # made by a fuzzer
        "rust-minidump_rust-minidump__invalid-range.dmp",
        "rust-minidump_rust-minidump__invalid-record-count.dmp",
    ]
    for name, report in reports(corpus, "minidump"):
        assert report.os_name
        assert report.os_version
        assert report.arch in {"x86", "x86_64"}
        if "cet" not in name:  # taken of a running process
            assert report.reason
            assert report.frames
            assert any(frame.module for frame in report.frames)


@pytest.mark.parametrize("folder", ["crash_ping", "socorro_processed"])
def test_every_report_around_a_stackwalk_is_read(corpus, folder):
    found = reports(corpus, folder)
    assert len(found) == len(list((corpus / folder).iterdir()))
    for _, report in found:
        assert report.format == folder
        assert report.product
        assert report.version
        assert report.os_name
        assert report.os_version


def test_every_trace_of_an_application_not_responding_is_read(corpus):
    found = reports(corpus, "android_anr")
    assert len(found) == len(list((corpus / "android_anr").iterdir()))
    for _, report in found:
        assert report.product
        assert report.version
        assert (report.os_name, report.os_version) == ("Android", "10")
        assert report.arch
        assert report.frames[-1].function == "main"


def test_every_java_crash_is_read(corpus):
    found = reports(corpus, "android_java")
    assert len(found) == len(list((corpus / "android_java").iterdir()))
    for _, report in found:
        assert report.product
        assert report.version
        assert report.exception_type == "java.lang.RuntimeException"
        assert report.frames[0].function == "testJavaCrash"
        assert report.frames[-1].function == "main"


def test_the_applications_frame_is_found_in_cores_that_end_in_the_c_library(corpus):
    places = {"abort": 0x828, "canary": 0x95C, "heapError": 0x90C, "safeFunc": 0x7F0}
    found = {
        name.rpartition("core.test_")[2]: report for name, report in reports(corpus, "elf_core")
    }
    for name, offset in places.items():
        own = [frame for frame in found[name].frames if frame.module == f"test_{name}"]
        assert own[0].offset == offset
        assert found[name].frames[0].module == "libc.so.6"


def test_every_elf_core_is_read(corpus):
    found = reports(corpus, "elf_core")
    assert len(found) == len(list((corpus / "elf_core").iterdir()))
    for name, report in found:
        assert report.product == name.partition("core.")[2]
        assert (report.os_name, report.arch) == ("Linux", "arm64")
        assert report.reason
        outside = name.endswith("segFaultOnPc")  # it jumped to where no file is
        assert (report.frames[0].module is None) == outside


def test_kscrash_and_bugsnag_reports_are_read(corpus):
    for folder, whole in (("kscrash_json", 13), ("bugsnag_json", 8)):
        found = reports(corpus, folder)
        assert len(found) == whole
        for name, report in found:
            assert report.product, name
            assert report.exception_type, name
            # killed for its memory: no thread crashed
            assert bool(report.frames) != name.endswith("oom.json")


def test_every_python_traceback_is_read(corpus):
    found = reports(corpus, "python_traceback")
    assert len(found) == len(list((corpus / "python_traceback").iterdir()))
    for _, report in found:
        assert report.exception_type == "FileNotFoundError"
        assert [frame.function for frame in report.frames][-2:] == ["main", "<module>"]


def test_go_panics_agree_with_what_another_reader_found(corpus):
    for name, report in reports(corpus, "go_panic"):
        expected = corpus / "go_panic_expected" / name.replace(".txt", ".golden.json")
        goroutines = json.loads(expected.read_text("utf-8"))["Goroutines"]
        if not goroutines:  # the other reader drops one whose creator is cut off
            assert name.endswith("partial_createdby.txt")
            continue
        stack = [
            (frame["Func"].rpartition("/")[2], frame["File"], frame["Line"])
            for frame in goroutines[0]["Stack"]
        ]
        deferred = 2 if name.endswith("lockedm.txt") else 0  # as many stand above the panic
        assert [
            (".".join(filter(None, (frame.module, frame.function))), frame.file, frame.line)
            for frame in report.frames
        ] == stack[deferred:][:100]
    rejected = [path.name for path in (corpus / "go_panic").iterdir() if not parsed(path)]
    assert sorted(name.partition("__")[2] for name in rejected) == [
        "empty_stack.txt",
        "partial_stack.txt",
    ]


def parsed(path: Path) -> bool:
    return all(isinstance(result, CrashReport) for result in read(path))


def test_every_rust_panic_is_read(corpus):
    found = reports(corpus, "rust_panic")
    assert len(found) == len(list((corpus / "rust_panic").iterdir()))
    for _, report in found:
        assert report.message == "range start index 166608 out of range for slice of length 16916"
        assert report.frames[0].line == 134


def test_every_trace_of_javascript_is_read(corpus):
    found = reports(corpus, "js_trace")
    assert len(found) == len(list((corpus / "js_trace").iterdir()))
    for name, report in found:
        assert len(report.frames) > 1, name
        assert any(frame.file and frame.line for frame in report.frames), name
        assert all(frame.file or frame.function for frame in report.frames), name


def test_every_log_of_the_java_virtual_machine_is_read(corpus):
    rejected = [path.name for path in (corpus / "jvm_hs_err").iterdir() if not parsed(path)]
    assert sorted(name.rpartition("dataset")[2] for name in rejected) == [
        "53.txt",  # these begin in the middle
        "64.txt",
        "74.txt",
        "97.txt",
    ]
    for name, report in reports(corpus, "jvm_hs_err"):
        assert report.reason, name
        assert report.exception_type != "Internal Error" or report.message, name
        assert report.frames or report.reason == "Out of Memory Error", name
