"""ELF cores: the kernel's notes on four processors, and bytes that lie."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import CrashReport, Failure, Frame
from tests.parse.reading import read_one

# processor: ELF machine, word, registers, code registers
MACHINES = {
    "x86": (3, 4, 17, (12,)),
    "arm": (40, 4, 18, (15, 14)),
    "x86_64": (62, 8, 27, (16,)),
    "arm64": (183, 8, 34, (32, 30)),
}
APP, LIBRARY, STACK = 0x40_0000, 0x7000_0000, 0x7FFF_0000
FRAME_POINTERS = {"x86": 5, "x86_64": 4, "arm64": 29}
STACK_POINTERS = {"x86": 15, "arm": 13, "x86_64": 19, "arm64": 31}
CALL = {"x86": 1, "arm": 2, "x86_64": 1, "arm64": 4}
"""How far within the call a place lies before the one to return to."""
SECRET = b"sekret"


def words(word: int, *values: int) -> bytes:
    return b"".join(value.to_bytes(word, "little") for value in values)


def note(kind: int, content: bytes, owner: bytes = b"CORE") -> bytes:
    name = owner + b"\0"
    padded = name + bytes(-len(name) % 4) + content + bytes(-len(content) % 4)
    return struct.pack("<III", len(name), len(content), kind) + padded


def status(arch: str, *code: int, signal: int = 11, stack: int = STACK, frame: int = 0) -> bytes:
    _, word, count, places = MACHINES[arch]
    registers = [0] * count
    registers[STACK_POINTERS[arch]] = stack
    registers[FRAME_POINTERS.get(arch, 0)] = frame
    for place, address in zip(places, code, strict=False):
        registers[place] = address
    head = struct.pack("<iiih", signal, 0, 0, signal)
    return note(1, head.ljust(112 if word == 8 else 72, b"\0") + words(word, *registers))


def files(word: int) -> bytes:
    mapped = [(APP, APP + 0x1000, 0), (APP + 0x2000, APP + 0x3000, 1), (LIBRARY, LIBRARY + 9, 0)]
    paths = b"/home/jane.q9/painter\0/home/jane.q9/painter\0/usr/lib/libc.so.6\0"
    content = words(word, len(mapped), 4096) + b"".join(words(word, *each) for each in mapped)
    return note(0x46494C45, content + paths)


def process(word: int) -> bytes:
    head = bytes(40 if word == 8 else 28)
    return note(3, head + b"paint-thread".ljust(16, b"\0") + SECRET.ljust(80, b"\0"))


def core(arch: str, *notes: bytes, stack: bytes = b"") -> bytes:
    machine, word, *_ = MACHINES[arch]
    content = b"".join(notes)
    header, entry = (64, 56) if word == 8 else (52, 32)
    start = header + 3 * entry
    ident = b"\x7fELF" + bytes([2 if word == 8 else 1, 1, 1]) + bytes(9)
    sizes = struct.pack("<HHHHHH", header, entry, 3, 0, 0, 0)
    elf = ident + struct.pack("<HHI", 4, machine, 1) + words(word, 0, header, 0)
    elf += struct.pack("<I", 0) + sizes
    segments = [  # kind, flags, place in the file, address, sizes in file and memory
        (4, 0, start, 0, len(content), 0),
        (1, 5, 0, APP, 0, 0x4000),
        (1, 6, start + len(content), STACK, len(stack), 0x1000),
    ]
    for kind, flags, offset, address, in_file, in_memory in segments:
        if word == 8:
            places = (kind, flags, offset, address, 0, in_file, in_memory, 0)
            elf += struct.pack("<IIQQQQQQ", *places)
        else:
            places = (kind, offset, address, 0, in_file, in_memory, flags, 0)
            elf += struct.pack("<IIIIIIII", *places)
    return elf + content + stack + SECRET


def whole(arch: str) -> bytes:
    word = MACHINES[arch][1]
    code = status(arch, APP + 0x2042, LIBRARY + 4 + CALL[arch])
    auxiliary = note(6, words(word, 3, 1, 9, APP + 0x10, 0, 0))
    signal = note(0x53494749, struct.pack("<iii", 11, 0, 1).ljust(128, b"\0"))
    return core(arch, code, process(word), signal, auxiliary, files(word), status(arch, 7))


@pytest.mark.parametrize("arch", MACHINES)
def test_the_notes_of_each_processor_are_read(arch: str) -> None:
    report = read_one(whole(arch))
    assert isinstance(report, CrashReport)
    assert (report.format, report.os_name, report.arch) == ("elf_core", "Linux", arch)
    assert (report.product, report.reason) == ("painter", "SIGSEGV / SEGV_MAPERR")
    link = (Frame("libc.so.6", offset=4),) if arch.startswith("arm") else ()
    assert report.frames == (Frame("painter", offset=0x2042), *link)
    assert not report.truncated


@pytest.mark.parametrize("arch", ["x86", "x86_64"])
def test_few_notes_still_tell_the_signal_and_the_process(arch: str) -> None:
    report = read_one(core(arch, status(arch, 0x1234, signal=6), process(MACHINES[arch][1])))
    assert isinstance(report, CrashReport)
    assert (report.product, report.reason) == ("paint-thread", "SIGABRT")
    assert report.frames == (Frame(),)  # in no file: an absolute address is never kept


@pytest.mark.parametrize("arch", FRAME_POINTERS)
def test_callers_are_read_along_the_frame_records_of_the_stack(arch: str) -> None:
    word = MACHINES[arch][1]
    call = CALL[arch]
    inner, outer = (STACK + 6 * word, APP + 0x20 + call), (0, APP + 0x30 + call)
    records = words(word, 0, 0, *inner, 7, 7, *outer)
    thread = status(arch, APP + 0x2042, APP + 0x10, frame=STACK + 2 * word)
    for stack, callers in ((records, [0x20, 0x30]), (records[: 5 * word], [0x20])):
        report = read_one(core(arch, thread, files(word), stack=stack))
        assert isinstance(report, CrashReport)
        assert [frame.offset for frame in report.frames] == [0x2042, *callers]


def test_the_link_register_stays_where_it_is_another_files_or_no_record_is_found() -> None:
    stack = words(8, 0, APP + 0x24)
    for link, frame, expected in (
        (LIBRARY + 8, STACK, [0x2042, 4, 0x20]),
        (APP + 0x14, STACK, [0x2042, 0x20]),
        (APP + 0x14, 0, [0x2042, 0x10]),
        (APP + 0x14, STACK + 1, [0x2042, 0x10]),
    ):
        thread = status("arm64", APP + 0x2042, link, frame=frame)
        report = read_one(core("arm64", thread, files(8), stack=stack))
        assert isinstance(report, CrashReport)
        assert [each.offset for each in report.frames] == expected


def test_a_signed_return_address_is_read_without_its_signature() -> None:
    thread = status("arm64", APP + 0x2042, APP, frame=STACK)
    stack = words(8, 0, APP + 0x24 | 0x2A << 48)
    report = read_one(core("arm64", thread, files(8), stack=stack))
    assert isinstance(report, CrashReport)
    assert [frame.offset for frame in report.frames] == [0x2042, 0x20]


@pytest.mark.parametrize(
    "record",
    [(STACK, APP + 0x20), (STACK - 16, APP + 0x20), (STACK + 16, STACK + 8)],
    ids=["points to itself", "points down", "returns into the stack"],
)
def test_a_chain_that_lies_comes_to_an_end(record: tuple[int, int]) -> None:
    thread = status("x86_64", APP + 0x2042, frame=STACK)
    report = read_one(core("x86_64", thread, files(8), stack=words(8, *record, 0, 0)))
    assert isinstance(report, CrashReport)
    assert len(report.frames) <= 2


@pytest.mark.parametrize(
    ("stack", "frame"),
    [(STACK + 16, STACK), (APP, STACK), (0, STACK), (STACK, APP)],
    ids=["below the stack pointer", "stack elsewhere", "no stack", "no frame of the stack"],
)
def test_a_record_that_is_not_on_the_stack_names_no_caller(stack: int, frame: int) -> None:
    thread = status("x86_64", APP + 0x2042, stack=stack, frame=frame)
    report = read_one(core("x86_64", thread, files(8), stack=words(8, 0, APP + 0x21)))
    assert isinstance(report, CrashReport)
    assert [each.offset for each in report.frames] == [0x2042]


def test_a_deep_stack_is_cut_and_marked() -> None:
    records = b"".join(words(8, STACK + 16 * (depth + 1), APP + 0x20) for depth in range(200))
    thread = status("x86_64", APP + 0x2042, frame=STACK)
    report = read_one(core("x86_64", thread, files(8), stack=records), max_frames=9)
    assert isinstance(report, CrashReport)
    assert (len(report.frames), report.truncated) == (9, True)


ANY_SIGNATURE = 0xFF7F << 48


def pac_mask(instructions: int, owner: bytes = b"LINUX") -> bytes:
    return note(0x406, words(8, 0x7F << 48, instructions), owner)


@pytest.mark.parametrize(
    ("link_register", "notes", "frame"),
    [
        (LIBRARY + 8, [], Frame("libc.so.6", offset=4)),
        (LIBRARY + 8 | 0x2A << 48, [], Frame("libc.so.6", offset=4)),
        (LIBRARY + 8 | ANY_SIGNATURE, [pac_mask(ANY_SIGNATURE)], Frame("libc.so.6", offset=4)),
        (LIBRARY + 8 | 0x7F << 48, [pac_mask(0x7F << 48)], Frame("libc.so.6", offset=4)),
        (LIBRARY + 8 | 0x7F << 41, [pac_mask(0x3FFF << 41)], Frame("libc.so.6", offset=4)),
        (LIBRARY + 8 | 1 << 62, [pac_mask(0x7F << 48)], Frame()),
        (LIBRARY + 8 | 1 << 62, [pac_mask(0, b"CORE")], Frame("libc.so.6", offset=4)),
        (LIBRARY + 8 | 1 << 62, [note(0x406, bytes(8), b"LINUX")], Frame("libc.so.6", offset=4)),
        (LIBRARY + 8 | 0xFFFF << 48, [], Frame()),
        (LIBRARY + 8 | 0xFFFF << 48, [pac_mask(ANY_SIGNATURE)], Frame()),
    ],
    ids=[
        "not signed", "no mask", "mask", "narrow mask", "addresses of 41 bits", "beyond the mask",
        "mask of another owner", "short mask", "kernel", "kernel with mask",
    ],
)  # fmt: skip
def test_an_arm64_address_is_read_without_its_signature(
    link_register: int, notes: list[bytes], frame: Frame
) -> None:
    report = read_one(core("arm64", status("arm64", APP, link_register), *notes, files(8)))
    assert isinstance(report, CrashReport)
    assert report.frames == (Frame("painter", offset=0), frame)


def test_no_other_processor_has_signed_addresses() -> None:
    signed = APP | 0x2A << 48
    report = read_one(core("x86_64", status("x86_64", signed), pac_mask(ANY_SIGNATURE), files(8)))
    assert isinstance(report, CrashReport)
    assert report.frames == (Frame(),)


def test_memory_and_arguments_are_not_kept() -> None:
    payload = whole("x86_64")
    report = read_one(payload)
    kept = str([getattr(report, name) for name in CrashReport.__slots__])
    assert SECRET in payload
    assert SECRET.decode() not in kept


def test_notes_of_another_owner_are_passed_over() -> None:
    code = status("x86_64", APP)
    report = read_one(core("x86_64", note(1, b"other", b"VMCOREINFO"), code, files(8)))
    assert isinstance(report, CrashReport)
    assert report.frames == (Frame("painter", offset=0),)


def test_a_core_cut_after_its_first_thread_is_marked_and_before_it_rejected() -> None:
    payload = whole("x86_64")
    report = read_one(payload[:700])
    assert isinstance(report, CrashReport)
    assert report.truncated
    failure = read_one(payload[:200])
    assert isinstance(failure, Failure)
    assert (failure.kind.value, failure.format) == ("truncated", "elf_core")


def test_a_core_without_threads_or_of_another_processor_is_malformed() -> None:
    other = bytearray(whole("x86_64"))
    other[18] = 99
    for payload in (core("x86_64", files(8)), bytes(other)):
        failure = read_one(payload)
        assert isinstance(failure, Failure)
        assert (failure.kind.value, failure.format) == ("malformed", "elf_core")


def test_a_library_is_no_core() -> None:
    library = bytearray(whole("x86_64"))
    library[16] = 3
    failure = read_one(bytes(library))
    assert isinstance(failure, Failure)
    assert failure.kind.value == "unknown_format"


@settings(max_examples=150, deadline=None)
@given(
    arch=st.sampled_from(sorted(MACHINES)),
    changes=st.lists(st.tuples(st.integers(16, 1_500), st.integers(0, 255)), max_size=8),
    cut=st.integers(18, 2_000),
)
def test_bytes_that_lie_cost_one_named_failure_at_most(
    arch: str, changes: list[tuple[int, int]], cut: int
) -> None:
    payload = bytearray(whole(arch))
    for place, value in changes:
        if place < len(payload):
            payload[place] = value
    outcome = read_one(bytes(payload[:cut]))
    assert isinstance(outcome, CrashReport) or outcome.kind.value != "parser_error"
