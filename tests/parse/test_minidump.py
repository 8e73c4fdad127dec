"""Minidumps: their facts, the walk along their stacks, and bytes that lie."""

import struct
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, Frame, RawReport
from tests.parse.minidump_builder import MinidumpBuilder
from transforms.parse import minidump_annotations, parse_payload
from transforms.parse.minidump import parse
from transforms.parse.minidump_streams import Minidump

APP, LIBRARY, STACK = 0x1_4000_0000, 0x7FF0_0000_0000, 0x7000_0000
REPORT = uuid.UUID("11111111-2222-4333-8444-555555555555")
CLIENT = uuid.UUID("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")


def builder(platform: int = 2, pack: str = "") -> MinidumpBuilder:
    made = MinidumpBuilder()
    made.system(platform, 9, (10, 0, 22631), pack)
    made.modules(
        (r"C:\Users\jane.q9\app\editor.exe", APP, 0x20_0000),
        (r"C:\Windows\System32\ntdll.dll", LIBRARY, 0x10_0000),
    )
    return made


def with_stack(words: list[int], instruction: int, frame: int) -> bytes:
    made = builder()
    context = made.context_x86_64(instruction, STACK, frame)
    made.thread(7, STACK, words)
    made.exception(7, 0xC0000005, context, parameters=(1, 0x10))
    return made.build()


def read(payload: bytes) -> CrashReport:
    return next(parse(RawReport("x.dmp", payload), Limits()))


CHAINED = [0, 0, STACK + 48, APP + 0x5000, 0, 0, STACK + 80, LIBRARY + 0x6000, 1, 1, 0, 0]


def test_the_facts_are_read() -> None:
    report = read(with_stack(CHAINED, APP + 0x1234, STACK + 16))
    assert (report.format, report.product, report.version) == ("minidump", "editor", "1.2.3.4")
    assert (report.os_name, report.os_version, report.os_build) == ("Windows", "11", "22631")
    assert (report.arch, report.reason) == ("x86_64", "EXCEPTION_ACCESS_VIOLATION_WRITE")
    assert report.received_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert not report.truncated


def test_the_stack_is_walked_along_frame_pointers_to_the_calls() -> None:
    assert read(with_stack(CHAINED, APP + 0x1234, STACK + 16)).frames == (
        Frame(module="editor.exe", offset=0x1234),
        Frame(module="editor.exe", offset=0x4FFF),
        Frame(module="ntdll.dll", offset=0x5FFF),
    )


def test_the_stack_is_scanned_where_the_chain_is_broken() -> None:
    words = [5, APP + 0x200, 0xDEAD, LIBRARY + 0x6000, 9, APP + 0x7000, 3]
    assert read(with_stack(words, APP + 0x1234, 0)).frames == (
        Frame(module="editor.exe", offset=0x1234),
        Frame(module="ntdll.dll", offset=0x5FFF),
        Frame(module="editor.exe", offset=0x6FFF),
    )


def test_a_call_through_a_null_pointer_shows_its_caller() -> None:
    words = [LIBRARY + 0x6000, 0, STACK + 48, APP + 0x5000, 0, 0, 0, 0]
    frames = read(with_stack(words, 0, STACK + 16)).frames
    assert frames[:3] == (
        Frame(),
        Frame(module="ntdll.dll", offset=0x5FFF),
        Frame(module="editor.exe", offset=0x4FFF),
    )


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (LIBRARY + 0x42, [APP + 0x10, LIBRARY + 0x3E, APP + 0x4FFC]),
        (APP + 0x5000, [APP + 0x10, APP + 0x4FFC]),
    ],
)
def test_the_link_register_is_a_frame_unless_it_is_on_the_stack(
    link: int, expected: list[int]
) -> None:
    made = MinidumpBuilder()
    made.system(0x8101, 12, (14, 4, 1), "23E224")
    made.modules(("/Applications/Editor", APP, 0x20_0000), ("/usr/lib/libc", LIBRARY, 0x10_0000))
    tag = 0xB4 << 56
    context = made.context_arm64(APP + 0x10, STACK, STACK, link | tag)
    made.thread(7, STACK, [0, (APP + 0x5000) | tag, 0, 0])
    made.exception(7, 1, context, flags=1)
    report = read(made.build())
    bases = {"Editor": APP, "libc": LIBRARY}
    found = [bases[frame.module or ""] + (frame.offset or 0) for frame in report.frames]
    assert found == expected
    assert (report.os_name, report.os_version, report.os_build) == ("macOS", "14.4.1", "23E224")
    assert report.reason == "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"


@pytest.mark.parametrize(
    ("platform", "code", "flags", "reason"),
    [
        (0x8201, 11, 1, "SIGSEGV / SEGV_MAPERR"),
        (0x8201, 6, 0xFFFFFFFA, "SIGABRT / SI_TKILL"),
        (0x8203, 8, 1, "SIGFPE / FPE_INTDIV"),
        (0x8201, 11, 0, "SIGSEGV"),
        (2, 0xC00000FD, 0, "EXCEPTION_STACK_OVERFLOW"),
        (2, 0x12345678, 0, "0x12345678"),
        (0x8101, 6, 1, "EXC_BREAKPOINT"),
    ],
)
def test_reasons_are_named_as_the_system_names_them(
    platform: int, code: int, flags: int, reason: str
) -> None:
    made = builder(platform)
    made.exception(7, code, (0, 0), flags)
    assert read(made.build()).reason == reason


@pytest.mark.parametrize(
    ("platform", "code", "parameters", "reason"),
    [
        (2, 0xC0000409, (7,), "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_FATAL_APP_EXIT"),
        (2, 0xC0000409, (3, 1), "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_CORRUPT_LIST_ENTRY"),
        (2, 0xC0000409, (12345,), "EXCEPTION_STACK_BUFFER_OVERRUN"),
        (2, 0xC0000409, (), "EXCEPTION_STACK_BUFFER_OVERRUN"),
        (2, 0xC0000005, (8, 0), "EXCEPTION_ACCESS_VIOLATION_EXEC"),
        (0x8101, 0, (10, 0x6000000), "EXC_CRASH / SIGABRT"),
        (0x8101, 0, (10, 0xFF000000), "EXC_CRASH"),
        (0x8101, 0, (10,), "EXC_CRASH"),
        (0x8101, 0, (), "0x00000000"),
        (0x8101, 1, (10, 0xB100001), "EXC_BAD_ACCESS"),
    ],
)  # fmt: skip
def test_parameters_tell_why_a_process_ended_itself(
    platform: int, code: int, parameters: tuple[int, ...], reason: str
) -> None:
    made = builder(platform)
    made.exception(7, code, (0, 0), 0, parameters)
    assert read(made.build()).reason == reason


@pytest.mark.parametrize(
    ("platform", "pack", "lsb", "expected"),
    [
        (0x8201, "Linux 6.5.0-14-generic #14 SMP x86_64", "", ("Linux", "6.5.0")),
        (0x8201, "Linux 6.5.0", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=24.04\n", ("Ubuntu", "24.04")),
        (0x8201, "", 'NAME="Fedora Linux"\nVERSION_ID=40\n', ("Fedora", "40")),
        (0x8203, "a/b/c:14/UP1A.231005.007/1:user/release-keys", "", ("Android", "14")),
        (0x8102, "22C65", "", ("iOS", "10.0.22631")),
    ],
)
def test_systems_are_named_once(
    platform: int, pack: str, lsb: str, expected: tuple[str, str]
) -> None:
    made = builder(platform, pack)
    if lsb:
        made.stream(0x47670005, lsb.encode())
    report = read(made.build())
    assert (report.os_name, report.os_version) == expected


def test_crashpads_annotations_tell_the_report_and_the_installation() -> None:
    made = builder()
    made.crashpad(
        REPORT.bytes_le, CLIENT.bytes_le,
        {"prod": "Editor", "ver": "7.1", "ptype": "gpu-process"},
        {"abort_message": "queue is closed", "ver": "9.9"},
    )  # fmt: skip
    report = read(made.build())
    assert (report.product, report.version, report.process_type) == ("Editor", "7.1", "gpu-process")
    assert (report.report_id, report.install_id) == (str(REPORT), str(CLIENT))
    assert report.message == "queue is closed"


def test_many_modules_that_share_annotations_cost_no_more_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts_read = 0
    read_text = minidump_annotations._utf8

    def counted(dump: Minidump, offset: int) -> str:
        nonlocal texts_read
        texts_read += 1
        return read_text(dump, offset)

    monkeypatch.setattr(minidump_annotations, "_utf8", counted)
    made = builder()
    shared = {f"name{number}": "value" for number in range(1_900)}
    made.crashpad(REPORT.bytes_le, CLIENT.bytes_le, {"prod": "Editor"}, shared, links=1_900)
    assert read(made.build()).product == "Editor"
    assert 2 * 1_900 <= texts_read <= 2 * 2_000  # names and values; it was millions


def test_a_sidecar_stands_before_the_dumps_own_annotations() -> None:
    made = builder()
    made.crashpad(REPORT.bytes_le, CLIENT.bytes_le, {"prod": "Inner"}, {})
    raw = RawReport("x", made.build(), None, {"prod": "Outer", "guid": "{ABC}"})
    report = next(iter(parse_payload(raw, Limits())))
    assert isinstance(report, CrashReport)
    assert (report.product, report.install_id) == ("Outer", "abc")


def test_the_time_of_the_process_tells_its_uptime() -> None:
    made = builder()
    made.stream(15, struct.pack("<IIIIII", 24, 2, 99, 1_767_607_200 - 90, 0, 0))
    assert read(made.build()).uptime_s == 90


def test_users_are_found_in_the_raw_memory_to_be_hidden() -> None:
    made = builder()
    made.put("USERNAME=mara.k7\0".encode("utf-16-le"))
    report = next(iter(parse_payload(RawReport("x", made.build()), Limits())))
    assert isinstance(report, CrashReport)
    assert {"jane.q9", "mara.k7"} <= {identity.value for identity in report.identities}


MEMORY_LIST, UNLOADED_MODULE_LIST = 5, 14


@pytest.mark.parametrize(
    ("stream", "is_read"), [(MEMORY_LIST, True), (UNLOADED_MODULE_LIST, False)]
)
def test_a_minidump_whose_end_is_cut_off_still_tells_what_it_can(
    stream: int, is_read: bool
) -> None:
    made = builder()
    context = made.context_x86_64(APP + 0x1234, STACK, 0)
    made.exception(7, 0xC0000005, context)
    whole = made.build()
    made.stream(stream, bytes(4096))
    cut = made.build()[: len(whole) + 100]
    report = read(cut)
    assert report.truncated is is_read
    assert report.frames == (Frame(module="editor.exe", offset=0x1234),)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"MDMP", FailureKind.TRUNCATED),
        (b"MDMP" + bytes(60), FailureKind.MALFORMED),
        (struct.pack("<4sIII", b"MDMP", 0xA793, 0xFFFFFFFF, 32) + bytes(64), FailureKind.MALFORMED),
        (struct.pack("<4sIII", b"MDMP", 0xA793, 9, 32) + bytes(16), FailureKind.TRUNCATED),
        (MinidumpBuilder().build(), FailureKind.MALFORMED),
    ],
)
def test_what_is_no_whole_minidump_is_one_failure(payload: bytes, kind: FailureKind) -> None:
    (failure,) = parse_payload(RawReport("x", payload), Limits())
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.format) == (kind, "minidump")


@settings(max_examples=150, deadline=2000)
@given(
    st.integers(0, 3000),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 0xFFFFFFFF)), max_size=8),
)
def test_no_bytes_stop_or_slow_the_parser(cut: int, changes: list[tuple[int, int]]) -> None:
    payload = bytearray(with_stack(CHAINED, APP + 0x1234, STACK + 16))
    for offset, value in changes:
        struct.pack_into("<I", payload, offset % (len(payload) - 4), value)
    (outcome,) = parse_payload(
        RawReport("x", b"MDMP" + bytes(payload[4 : len(payload) - cut])), Limits()
    )
    assert isinstance(outcome, CrashReport | Failure)
    if isinstance(outcome, Failure):
        assert outcome.kind is not FailureKind.PARSER_ERROR
