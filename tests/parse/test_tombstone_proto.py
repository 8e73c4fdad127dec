import gzip
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, Frame
from tests.parse.protobuf_builder import (
    TOMBSTONE,
    TOMBSTONE_FIELDS,
    TOMBSTONE_FRAMES,
    message,
    tag,
    tombstone_thread,
)
from tests.parse.reading import read_one, read_report
from transforms.parse import recognized_format

read = partial(read_report, "tombstone_proto")


def changed(**fields: int | str | bytes | None) -> bytes:
    """Return the tombstone with other values for fields such as `field_10`, or without them."""
    numbers = {int(name.removeprefix("field_")): value for name, value in fields.items()}
    written = [(number, numbers.get(number, value)) for number, value in TOMBSTONE_FIELDS]
    return message(*((number, value) for number, value in written if value is not None))


def test_the_facts_of_a_tombstone_are_read():
    report = read(TOMBSTONE)
    assert report.format == "tombstone_proto"
    assert (report.product, report.process_type) == ("org.example.game", "remote")
    assert (report.os_name, report.os_version) == ("Android", "14")
    assert (report.os_build, report.arch) == ("UP1A.231005.007", "arm64")
    assert (report.reason, report.exception_type) == ("SIGABRT / SI_QUEUE", "SIGABRT")
    assert report.message == "assertion failed: width > 0"
    assert report.received_at == datetime(2024, 5, 6, 5, 8, 9, 123456, tzinfo=UTC)
    assert report.uptime_s == 23.0
    assert report.version is None
    assert not report.truncated


def test_the_frames_are_those_of_the_thread_that_crashed():
    assert read(TOMBSTONE).frames == (
        Frame("libc.so", "abort", offset=0x522D4, in_app=False),
        Frame("libgame.so", "game::Run(int)", offset=0x1238),
        Frame(None, None, offset=None),
        Frame("memfd:jit-cache", "a.Main.run", offset=0x2000),
    )


def test_registers_memory_maps_and_logs_are_not_kept():
    assert b"jane.doe@example.org" in TOMBSTONE
    assert b"MP1.0" in TOMBSTONE
    report = read(TOMBSTONE)
    kept = [getattr(report, name) for name in report.__slots__ if name != "identities"]
    for secret in ("jane", "MP1.0", "untrusted_app", "worker", str(0xDEADBEEF), "***"):
        assert secret not in str(kept)


@pytest.mark.parametrize(
    ("number", "arch"),
    [(None, "arm"), (1, "arm64"), (2, "x86"), (3, "x86_64"), (4, "riscv64"), (5, None), (99, None)],
)
def test_processors_are_named(number, arch):
    assert read(changed(field_1=number)).arch == arch


@pytest.mark.parametrize(
    ("signal", "reason", "exception_type"),
    [
        (
            message((1, 11), (2, "SIGSEGV"), (3, 1), (4, "SEGV_MAPERR")),
            "SIGSEGV / SEGV_MAPERR",
            "SIGSEGV",
        ),
        (message((1, 11), (2, "SIGSEGV"), (3, 99), (4, "?")), "SIGSEGV", "SIGSEGV"),
        (message((1, 42), (2, "?"), (4, "SI_USER")), "signal 42 / SI_USER", "signal 42"),
        (message((1, 42)), "signal 42", "signal 42"),
        (None, None, None),
    ],
)
def test_signals_are_named_with_their_codes(signal, reason, exception_type):
    report = read(changed(field_10=signal))
    assert (report.reason, report.exception_type) == (reason, exception_type)


@pytest.mark.parametrize(
    ("abort", "cause", "expected"),
    [
        ("stopped", message((1, "stack overflow")), "stopped"),
        (None, message((1, "stack overflow")), "stack overflow"),
        (None, None, None),
        (" ", None, None),
    ],
)
def test_the_message_is_why_it_aborted_else_the_cause(abort, cause, expected):
    assert read(changed(field_14=abort, field_15=cause)).message == expected


def test_frames_beyond_the_limit_are_cut_and_marked():
    report = read(TOMBSTONE, max_frames=2)
    assert [frame.function for frame in report.frames] == ["abort", "game::Run(int)"]
    assert report.truncated


def test_unknown_fields_are_skipped():
    unknown = message((700, "x"), (701, 5)) + tag(702, 1) + b"8" * 8 + tag(703, 5) + b"4" * 4
    assert read(TOMBSTONE + unknown) == read(TOMBSTONE)


def test_a_tombstone_without_the_crashed_thread_has_no_frames():
    assert read(changed(field_6=7)).frames == ()


def test_a_tombstone_that_is_cut_off_tells_what_stood_before():
    report = read(TOMBSTONE[:-40])
    assert (report.product, report.frames[0].function) == ("org.example.game", "abort")
    assert report.truncated
    assert report.uptime_s is None


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (message(*TOMBSTONE_FIELDS[:6]), FailureKind.TRUNCATED),
        (TOMBSTONE + tag(700, 3) + tag(700, 4), FailureKind.MALFORMED),
        (changed(field_10=b"\x00\x00"), FailureKind.MALFORMED),
        (changed(field_6=9) + message((16, tag(1, 7))), FailureKind.MALFORMED),
    ],
    ids=["ends before the signal", "a group", "no signal's message", "no map's entry"],
)
def test_broken_tombstones_are_rejected_by_their_kind(payload, kind):
    failure = read_one(payload)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.format) == (kind, "tombstone_proto")


@pytest.mark.parametrize(
    "payload",
    [
        b"\x08\x01",
        changed(field_4=None),
        changed(field_4="yesterday"),
        changed(field_5=None),
        changed(field_2=None),
        message((3, "first"), *TOMBSTONE_FIELDS),
        message((1, 1), (2, "a message of something else"), (4, "text"), (5, 1)),
        b"\x12\x34" * 100,
    ],
    ids=range(8),
)
def test_other_messages_are_not_taken_for_tombstones(payload):
    assert recognized_format(payload) is None


def test_many_threads_are_survived():
    threads = message(*[(16, tombstone_thread(n)) for n in range(70_000)])
    assert read(changed(field_16=None) + threads).frames == ()
    assert read(changed() + threads).frames[0] == Frame(
        "libc.so", "abort", offset=0x522D4, in_app=False
    )


def test_a_stack_of_many_frames_is_cut():
    deep = tombstone_thread(4017, *TOMBSTONE_FRAMES * 10_000)
    report = read(changed(field_16=None) + message((16, deep)))
    assert len(report.frames) == Limits().max_frames
    assert report.truncated


@pytest.mark.corpus
def test_a_real_tombstone_is_read(corpus: Path):
    (path,) = (corpus / "android_tombstone").glob("*.pb.gz")
    report = read(gzip.decompress(path.read_bytes()))
    assert (report.os_name, report.os_version, report.arch) == ("Android", "16", "arm64")
    assert report.reason == "SIGSEGV / SEGV_MAPERR"
    assert report.frames
    assert report.frames[0].module
