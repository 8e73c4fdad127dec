from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report

HEADER = """\
Process:               Painter Pro [2214]
Path:                  /Applications/Painter Pro.app/Contents/MacOS/Painter Pro
Identifier:            org.example.painter
Version:               4.18.0 (6748)
Code Type:             X86-64 (Native)
Parent Process:        launchd [1]

Date/Time:             2021-07-19 09:08:31.134 +0200
OS Version:            macOS 11.4 (20F71)
Report Version:        12
Anonymous UUID:        0A0A0A0A-1111-2222-3333-444444444444

Crashed Thread:        1  worker

Exception Type:        EXC_BAD_ACCESS (SIGSEGV)
Exception Codes:       KERN_INVALID_ADDRESS at 0x0000000000000010

Application Specific Information:
dyld: in dlopen()
second line

"""
THREADS = """\
Thread 0:: Dispatch queue: com.apple.main-thread
0   libsystem_kernel.dylib        \t0x00007fff20001000 idle + 10

Thread 1 Crashed:: worker
0   Painter Pro                   \t0x000000010f001234 0x10f000000 + 4660
1   libfoo.dylib                  \t0x0000000110000010 -[Brush draw:] + 16
2   libfoo.dylib                  \t0x0000000110000020 Brush::draw(int, std::vector<int>&) + 208
3   libfoo.dylib                  \t0x0000000110000030 brush (brush.c:16)
4   ???                           \t0x0000004c000b23b8 0 + 326418244536
5   libfoo.dylib                  \t0x0000000110000040 <redacted> + 4

Thread 1 crashed with X86 Thread State (64-bit):
  rax: 0x00000000deadbeef  rbx: 0x0000000000000000

Binary Images:
       0x10f000000 -        0x10f0fffff +org.example.painter (4.18.0 - 6748) <AA> /Apps/Painter Pro
       0x110000000 -        0x1100fffff  libfoo.dylib (1.0) <BBBB> /usr/lib/libfoo.dylib
"""


read = partial(read_report, "apple_crash_text")


def test_the_facts_of_the_header_are_read():
    report = read(HEADER + THREADS)
    assert report.format == "apple_crash_text"
    assert (report.product, report.version) == ("Painter Pro", "4.18.0")
    assert (report.os_name, report.os_version, report.os_build) == ("macOS", "11.4", "20F71")
    assert report.arch == "x86_64"
    assert report.reason == "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"
    assert report.message == "dyld: in dlopen()\nsecond line"
    assert report.install_id == "0a0a0a0a-1111-2222-3333-444444444444"


@pytest.mark.parametrize(
    ("told", "added"),
    [
        ("Namespace SPRINGBOARD, Code 0x8badf00d", " / SPRINGBOARD 0x8badf00d"),
        ("DYLD, [0x1] Library missing", " / DYLD 0x1"),
        ("Namespace TCC, Code 01", " / TCC 0x1"),
        ("DYLD, [007] Library missing", " / DYLD 0x7"),
        ("LIBSYSTEM 2 Application Triggered Fault", " / LIBSYSTEM 0x2"),
        ("Namespace SIGNAL, Code 0xb", ""),
        ("closed by Jane", ""),
    ],
)
def test_who_ended_the_process_is_part_of_the_reason(told, added):
    text = HEADER.replace("Exception Codes", f"Termination Reason: {told}\nException Codes")
    assert read(text + THREADS).reason == f"EXC_BAD_ACCESS / KERN_INVALID_ADDRESS{added}"


def test_frames_are_those_of_the_crashed_thread_as_offsets():
    assert read(HEADER + THREADS).frames == (
        Frame(module="Painter Pro", offset=0x1234),
        Frame(module="libfoo.dylib", function="-[Brush draw:]", offset=0x10, in_app=False),
        Frame(
            module="libfoo.dylib",
            function="Brush::draw(int, std::vector<int>&)",
            offset=0x20,
            in_app=False,
        ),
        Frame(
            module="libfoo.dylib",
            function="brush",
            file="brush.c",
            line=16,
            offset=0x30,
            in_app=False,
        ),
        Frame(),
        Frame(module="libfoo.dylib", offset=0x40, in_app=False),
    )


def test_an_exception_backtrace_of_bare_addresses_is_located_in_the_images():
    text = HEADER + "Last Exception Backtrace:\n(0x10f000010 0x110000020 0x1)\n\n" + THREADS
    assert read(text).frames == (
        Frame(module="Painter Pro", offset=0x10),
        Frame(module="libfoo.dylib", offset=0x20, in_app=False),
        Frame(),
    )


def test_phones_write_the_marketing_version_second():
    text = HEADER.replace("macOS 11.4 (20F71)", "iPhone OS 13.3.1 (17D50)")
    assert read(text.replace("4.18.0 (6748)", "6748 (4.18.0)") + THREADS).version == "4.18.0"


def test_a_placeholder_is_no_installation():
    assert read(HEADER.replace("0A0A0A0A-1111-2222-3333-444444444444", "TODO")).install_id is None


def test_a_header_that_ends_before_the_exception_is_truncated():
    found = read_one(HEADER[:400])
    assert isinstance(found, Failure)
    assert found.kind.value == "truncated"


@pytest.mark.parametrize("text", ["Thread 0", "Process: x\nOS Version: y\n", "Exception Type: x"])
def test_other_text_is_not_taken_for_a_crash_report(text):
    found = read_one(text)
    assert isinstance(found, Failure)
    assert found.kind.value == "unknown_format"


def test_digits_that_are_no_decimals_are_no_offset():
    """A superscript is a digit to Unicode, an Arabic one a decimal; together they are no number."""
    distance = "\u0660\u00b2"
    report = read(HEADER + THREADS.replace("+ 4660", f"+ {distance}"))
    assert report.frames[0].offset == 0x1234  # taken from the address and the image instead
