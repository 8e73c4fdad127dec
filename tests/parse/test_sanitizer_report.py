from functools import partial

import pytest

from schemas.records import Frame
from tests.parse.reading import read_report
from transforms.parse import recognized_format

STACK = """\
    #0 0x55d7c1a2b3c4 in shop::Basket::count(std::vector<int> const&) /home/jane/shop/basket.cc:42:7
    #1 0x55d7c1a2b3d5 in operator new(unsigned long) (/srv/shop/bin/shop+0x1a2b3) (BuildId: 8f0a)
    #2 0x7f0000012345  (/lib/x86_64-linux-gnu/libc.so.6+0x2409a) (BuildId: 00aa)
    #3 0x55d7c1a2b3e6 in main C:\\Users\\Jane Doe\\shop\\main.cc:9
    #4 0x55d7c1a2b3e7 in __libc_start_main csu/libc-start.c:308
    #5 0x55d7c1a2b3e8 in _start ??:?
"""
FRAMES = (
    Frame(
        None,
        "shop::Basket::count(std::vector<int> const&)",
        "/home/jane/shop/basket.cc",
        42,
    ),
    Frame("shop", "operator new(unsigned long)", offset=0x1A2B3),
    Frame("libc.so.6", offset=0x2409A),
    Frame(None, "main", "C:\\Users\\Jane Doe\\shop\\main.cc", 9),
    Frame(None, "__libc_start_main", "csu/libc-start.c", 308),
    Frame(None, "_start"),
)
OVERFLOW = f"""\
=================================================================
==4711==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60200000e3b4 at pc 0x55d bp 0x7f
READ of size 4 at 0x60200000e3b4 thread T0
{STACK}
0x60200000e3b4 is located 0 bytes after 4-byte region [0x60200000e3b0,0x60200000e3b4)
allocated by thread T0 here:
    #0 0x55d7c1a2b3c4 in malloc (/srv/shop/bin/shop+0x1)

SUMMARY: AddressSanitizer: heap-buffer-overflow /home/jane/shop/basket.cc:42:7 in count
Shadow bytes around the buggy address:
  0x0c047fff9c20: fa fa fa fa
==4711==ABORTING
"""


read = partial(read_report, "sanitizer_report")


def test_an_error_is_read_with_the_stack_of_where_it_happened():
    report = read(OVERFLOW)
    assert report.reason == "AddressSanitizer / heap-buffer-overflow"
    assert report.exception_type == "heap-buffer-overflow"
    assert report.message == "READ of size 4"
    assert report.frames == FRAMES
    assert not report.truncated


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("==1==ERROR: AddressSanitizer: SEGV on unknown address 0x0 (pc 0x1 bp 0x2 sp 0x3 T0)",
         "AddressSanitizer / SEGV"),
        ("==1==ERROR: AddressSanitizer: attempting double-free on 0x602000 in thread T0:",
         "AddressSanitizer / attempting double-free"),
        ("==1==ERROR: AddressSanitizer: attempting free on address which was not malloc()-ed: 0x1",
         "AddressSanitizer / attempting free"),
        ("==1==ERROR: LeakSanitizer: detected memory leaks",
         "LeakSanitizer / detected memory leaks"),
        ("==1==WARNING: MemorySanitizer: use-of-uninitialized-value",
         "MemorySanitizer / use-of-uninitialized-value"),
        ("WARNING: ThreadSanitizer: data race (pid=1)", "ThreadSanitizer / data race"),
        ("==1==ERROR: HWAddressSanitizer: tag-mismatch on address 0x1 at pc 0x2",
         "HWAddressSanitizer / tag-mismatch"),
        ("==1== ERROR: libFuzzer: deadly signal", "libFuzzer / deadly signal"),
        ("==1== ERROR: libFuzzer: timeout after 25 seconds", "libFuzzer / timeout"),
        ("==1== ERROR: libFuzzer: out-of-memory (used: 2050Mb; limit: 2048Mb)",
         "libFuzzer / out-of-memory"),
    ],
)  # fmt: skip
def test_every_tools_errors_are_named(line, reason):
    report = read(f"INFO: Seed: 1\n{line}\n{STACK}\n")
    assert report.reason == reason
    assert report.frames == FRAMES


def test_a_stack_of_thread_sanitizer_has_no_addresses():
    stack = (
        "  Write of size 8 at 0x7b0400000000 by thread T1:\n    #0 inc race.c:7:3 (a.out+0x4a)\n"
    )
    report = read(f"WARNING: ThreadSanitizer: data race (pid=9)\n{stack}")
    assert report.frames == (Frame("a.out", "inc", "race.c", 7, 0x4A),)
    assert report.message == "Write of size 8"


@pytest.mark.parametrize("stack", ["", "    #0 0x1 in add add.c:3:9\n"])
def test_undefined_behavior_is_told_with_its_place(stack):
    report = read(f"add.c:3:9: runtime error: signed integer overflow: 7 + 1\n{stack}")
    assert report.reason == "UndefinedBehaviorSanitizer / runtime error"
    assert report.message == "signed integer overflow: 7 + 1"
    function = "add" if stack else None
    assert report.frames == (Frame(None, function, "add.c", 3),)


def test_a_place_may_be_a_link_to_the_source():
    link = "http://code/+/1f26d55c//build/glibc-2.23/assert/assert.c#101;"
    report = read(f"==1==ERROR: libFuzzer: deadly signal\n    #0 0x7f in __assert_fail {link}\n")
    assert report.frames == (Frame(None, "__assert_fail", link),)


def test_the_frames_of_fuchsia_are_read():
    report = read(
        "ERROR: AddressSanitizer: heap-buffer-overflow on address 0x66 at pc 0x71\n"
        "   #0    0x000071dc39153f4c in add(int, long) ../../a/add.cc:12 <<application>>+0xacf4c\n"
        "   #1.1  0x0000658e5ed9863c in Unwind ../b/trace.h:115 <libclang_rt.asan.so>+0x4363c\n"
        "   #10   0x0000658e5ed9863d <libc.so>+0x1f\n"
    )
    assert report.frames == (
        Frame(None, "add(int, long)", "../../a/add.cc", 12),
        Frame("libclang_rt.asan.so", "Unwind", "../b/trace.h", 115, 0x4363C),
        Frame("libc.so", None, None, None, 0x1F),
    )


def test_deep_stacks_are_cut_and_marked():
    report = read(OVERFLOW, max_frames=2)
    assert report.frames == FRAMES[:2]
    assert report.truncated


@pytest.mark.parametrize(
    "text",
    [
        "AddressSanitizer: enabled\n",
        "panic: runtime error: index out of range\n",
        "see ERROR: AddressSanitizer\n",
    ],
)
def test_mentions_of_a_sanitizer_are_no_report(text):
    assert recognized_format(text.encode()) is None
