from datetime import UTC, datetime

import pytest

from schemas.records import CrashReport, Failure, Frame
from tests.parse.reading import read_one, read_report

TRACE = """\
----- pid 4711 at 2024-05-06 07:08:09.123456789+0200 -----
Cmd line: org.example.shop:ui
Build fingerprint: 'a/b/c:14/UP1A/58:user/release-keys'
ABI: 'arm64'
DALVIK THREADS (2):
"Signal Catcher" daemon prio=5 tid=7 Runnable
  native: #00 pc 0000000000001234  /system/lib64/libart.so (art::Dump(int)+4)

"main" prio=5 tid=1 Blocked
  | group="main" sCount=1 dsCount=0 obj=0x71274d98 self=0x75a4f52000
  | held mutexes=
  native: #00 pc 000000000007f6bc  /apex/lib64/bionic/libc.so (syscall+28) (BuildId: aa)
  at org.example.shop.Basket.count(Basket.kt:42)
  - waiting to lock <0x005774e6> (a java.lang.Object) held by thread 9
  - locked <0x005774e6> (a java.lang.Object)
  at android.os.Looper.loop(Looper.java:214)

"Other" prio=5 tid=9 Native
  at org.example.Other.run(Other.kt:1)
"""
FRAMES = (
    Frame("libc.so", "syscall", offset=0x7F6BC, in_app=False),
    Frame("org.example.shop.Basket", "count", "Basket.kt", 42, in_app=True),
    Frame("android.os.Looper", "loop", "Looper.java", 214, in_app=False),
)


def read(text: str, **limits: int) -> CrashReport:
    report = read_report("android_anr", text, **limits)
    assert report.reason == report.exception_type == "ANR"
    return report


def test_the_stack_of_the_main_thread_is_read():
    report = read(TRACE)
    assert report.frames == FRAMES
    assert (report.product, report.process_type) == ("org.example.shop", "ui")
    assert (report.os_name, report.os_version, report.os_build) == ("Android", "14", "UP1A")
    assert report.arch == "arm64"
    assert report.received_at == datetime(2024, 5, 6, 5, 8, 9, 123456, tzinfo=UTC)


def test_a_process_that_is_told_by_its_path_is_a_product_without_folders():
    report = read(TRACE.replace("Cmd line: org.example.shop:ui", "Cmd line: /data/jane/bin/shopd"))
    assert (report.product, report.process_type) == ("shopd", None)


def test_the_header_of_the_drop_box_tells_version_and_subject():
    report = read(
        "Process: org.example.shop\nPackage: org.example.shop v12 (1.2)\nForeground: Yes\n"
        "Subject: Input dispatching timed out\nBuild: a/b/c:14/UP1A/58:user/release-keys\n\n"
        + TRACE
    )
    assert (report.product, report.version) == ("org.example.shop", "1.2")
    assert report.message == "Input dispatching timed out"
    assert report.frames == FRAMES


def test_the_header_of_xcrash_is_read():
    report = read(
        f"{'*** ' * 15}***\nTombstone maker: 'xCrash 2.4.6'\nCrash type: 'anr'\n"
        "App ID: 'org.example.shop'\nApp version: '1.2'\nOS version: '10'\n"
        f"pid: 4711  >>> org.example.shop <<<\n\n{TRACE}"
    )
    assert (report.product, report.version, report.os_version) == ("org.example.shop", "1.2", "10")
    assert report.frames == FRAMES


@pytest.mark.parametrize(
    "prefix", ["E/ActivityManager( 99): ", "05-06 07:08:09.1 9 9 E ActivityManager: "]
)
def test_a_line_of_logcat_tells_process_and_cause(prefix):
    lines = ["ANR in org.example.shop (org.example.shop/.Main)", "PID: 4711", "Reason: timed out"]
    report = read("".join(f"{prefix}{line}\n" for line in lines))
    assert (report.product, report.message, report.frames) == ("org.example.shop", "timed out", ())


def test_a_deep_stack_is_cut_and_marked():
    report = read(TRACE, max_frames=2)
    assert (report.frames, report.truncated) == (FRAMES[:2], True)


def test_a_trace_cut_in_its_main_thread_is_truncated():
    cut = TRACE.partition("  | group")[0].replace("tid=1 Blocked", "tid=1")
    found = read_one(cut)
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "android_anr")
