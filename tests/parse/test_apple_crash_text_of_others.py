"""The text of Apple's form that PLCrashReporter and KSCrash write."""

import pytest

from schemas.records import CrashReport, Frame
from tests.parse.reading import read_report

PLCRASHREPORTER = """\
Incident Identifier: [TODO]
CrashReporter Key:   [TODO]
Hardware Model:      iPhone12,1
Process:         Painter [511]
Path:            /var/containers/Bundle/Application/AA/Painter.app/Painter
Identifier:      org.example.painter
Version:         4.18.0 (6748)
Code Type:       ARM-64
Parent Process:  launchd [1]

Date/Time:       2021-07-19 07:08:31 +0000
OS Version:      iPhone OS 14.6 (18F72)
Report Version:  104

Exception Type:  SIGABRT
Exception Codes: #0 at 0x1b8d3a334
Crashed Thread:  0

Application Specific Information:
*** Terminating app due to uncaught exception 'NSRangeException', reason: 'index 3 beyond bounds'

Last Exception Backtrace:
0   libfoo.dylib                        0x0000000110000010 0x110000000 + 16
1   Painter                             0x000000010f001234 0x10f000000 + 4660

Thread 0 Crashed:
0   libfoo.dylib                        0x0000000110000040 0x110000000 + 64
1   ???                                 0x00000001dead0000 0x0 + 0

Thread 0 crashed with ARM-64 Thread State:
    x0: 0x0000000000000000     x1: 0x00000000deadbeef

Binary Images:
       0x10f000000 -        0x10f0fffff +Painter arm64  <aa> /var/containers/Painter.app/Painter
       0x110000000 -        0x1100fffff  libfoo.dylib arm64e  <bb> /usr/lib/libfoo.dylib
"""
KSCRASH = """\
Incident Identifier: 6D2F7C50-0000-4000-8000-00000000C0DE
CrashReporter Key:   abcdef0123456789
Hardware Model:      iPhone14,2
Process:             Painter [511]
Path:                /private/var/Painter.app/Painter
Identifier:          org.example.painter
Version:             6748 (4.18.0)
Code Type:           ARM-64 (Native)
Role:                Foreground
Parent Process:      launchd [1]

Date/Time:           2021-07-19 09:08:31.134 +0200
OS Version:          iOS 14.6 (18F72)
Report Version:      104

Exception Type:  EXC_BAD_ACCESS (SIGSEGV)
Exception Codes: KERN_INVALID_ADDRESS at 0x0000000000000010
Triggered by Thread:  1

Thread 0 name:  Dispatch queue: com.apple.main-thread
Thread 0:
0   libfoo.dylib                  \t0x0000000110000090 0x110000000 + 144

Thread 1 Crashed:
0   libfoo.dylib                  \t0x0000000110000040 0x110000000 + 64 (brush_draw + 12)
1   Painter                       \t0x000000010f001234 0x10f000000 + 4660 ((null))
2   Painter                       \t0x000000010f002000 0x10f000000 + 8192 (f(int, char) + 4)
3   Painter                       \t0x000000010f003000 -[Brush draw:] + 16

Thread 1 crashed with ARM-64 Thread State:
    x0: 0x0000000000000000     x1: 0x00000000deadbeef

Binary Images:
0x10f000000 - 0x10f0fffff Painter arm64  <aa> /private/var/Painter.app/Painter
0x110000000 - 0x1100fffff libfoo.dylib arm64  <bb> /usr/lib/libfoo.dylib

EOF


Extra Information:
Stack Dump (0x000000016fd00000-0x000000016fd00010):
"""


def read(text: str, old: str = "", new: str = "") -> CrashReport:
    assert old in text
    return read_report("apple_crash_text", text.replace(old, new) if old else text)


def test_plcrashreporters_text_is_read():
    report = read(PLCRASHREPORTER)
    assert report.format == "apple_crash_text"
    assert (report.product, report.arch) == ("Painter", "arm64")
    assert (report.os_name, report.os_version, report.os_build) == ("iOS", "14.6", "18F72")
    assert (report.reason, report.exception_type) == ("SIGABRT", "NSRangeException")
    assert report.message == "index 3 beyond bounds"
    assert report.frames == (
        Frame("libfoo.dylib", offset=16, in_app=False),
        Frame("Painter", offset=4660),
    )
    assert report.received_at is not None
    assert report.received_at.isoformat() == "2021-07-19T07:08:31+00:00"


def test_kscrashs_text_is_read():
    report = read(KSCRASH)
    assert report.report_id == "6D2F7C50-0000-4000-8000-00000000C0DE"
    assert report.install_id == "abcdef0123456789"
    assert (report.product, report.arch) == ("Painter", "arm64")
    assert report.reason == "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"
    assert report.frames == (
        Frame("libfoo.dylib", "brush_draw", offset=64, in_app=False),
        Frame("Painter", offset=4660),
        Frame("Painter", "f(int, char)", offset=8192),
        Frame("Painter", "-[Brush draw:]", offset=0x3000),
    )


@pytest.mark.parametrize("placeholder", ["TODO", "[TODO]", "(null)", "???"])
def test_a_placeholder_is_no_id_and_no_name(placeholder):
    """As an id, it would make all reports one."""
    text = PLCRASHREPORTER.replace("[TODO]", placeholder)
    report = read(text, "Painter [511]", f"{placeholder} [{placeholder}]")
    assert (report.report_id, report.install_id, report.product) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "written", "version"),
    [
        (PLCRASHREPORTER, "4.18.0 (6748)", "4.18.0"),
        (PLCRASHREPORTER, "6748", "6748"),
        (PLCRASHREPORTER, "???", None),
        (KSCRASH, "6748 (4.18.0)", "4.18.0"),
        (KSCRASH, "6748 ((null))", "6748"),
        (KSCRASH.replace("iOS 14.6 (18F72)", "macOS 14.6 (23G80)"), "6748 (4.18.0)", "4.18.0"),
    ],
)
def test_the_marketing_version_stands_where_its_writer_puts_it(text, written, version):
    line = next(line for line in text.splitlines() if line.startswith("Version:"))
    assert read(text, line, f"Version: {written}").version == version


@pytest.mark.parametrize(
    ("exception", "codes", "reason", "exception_type"),
    [
        ("SIGSEGV", "SEGV_MAPERR at 0x10", "SIGSEGV / SEGV_MAPERR", "SIGSEGV"),
        ("0 (SIGABRT)", "0x00000000 at 0x0000000000000000", "SIGABRT", "SIGABRT"),
        ("EXC_CRASH (SIGABRT)", "0x00000000 at 0x0", "EXC_CRASH / SIGABRT", "EXC_CRASH"),
        ("EXC_BREAKPOINT (0)", "0x00000000 at 0x0", "EXC_BREAKPOINT", "EXC_BREAKPOINT"),
        ("0 (0)", "0x00000000 at 0x0", None, None),
    ],
)
def test_what_is_not_known_of_an_exception_is_left_out(exception, codes, reason, exception_type):
    text = KSCRASH.replace("EXC_BAD_ACCESS (SIGSEGV)", exception)
    report = read(text, "KERN_INVALID_ADDRESS at 0x0000000000000010", codes)
    assert (report.reason, report.exception_type) == (reason, exception_type)


def test_an_exception_without_a_reason_has_no_message():
    report = read(PLCRASHREPORTER, "index 3 beyond bounds", "(null)")
    assert (report.exception_type, report.message) == ("NSRangeException", None)


@pytest.mark.parametrize(
    ("written", "system"),
    [
        ("Apple tvOS 14.6 (18L569)", ("tvOS", "14.6", "18L569")),
        ("iPhone OS 14.6 (???)", ("iOS", "14.6", None)),
        ("Unknown (5) 14.6 (18F72)", (None, None, None)),
    ],
)
def test_a_system_is_read_as_far_as_it_is_known(written, system):
    report = read(PLCRASHREPORTER, "iPhone OS 14.6 (18F72)", written)
    assert (report.os_name, report.os_version, report.os_build) == system


def test_a_long_name_may_touch_its_address():
    name = "ALibraryWhoseNameIsAsLongAsItsColumnIsWide.dylib"
    line = "0   libfoo.dylib                        0x0000000110000010 0x110000000 + 16"
    report = read(PLCRASHREPORTER, line, f"0   {name}0x0000000120000010 0x120000000 + 16")
    assert report.frames[0] == Frame(name, offset=16)
