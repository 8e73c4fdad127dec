from datetime import UTC, datetime
from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report
from transforms.parse import recognized_format

BANNER = "*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***"
AOSP = f"""\
{BANNER}
Build fingerprint: 'google/oriole/oriole:14/UP1A.231005.007/10754064:user/release-keys'
Revision: 'MP1.0'
ABI: 'arm64'
Timestamp: 2024-05-06 07:08:09.123456789+0200
Process uptime: 23s
Cmdline: org.example.game:remote
pid: 4001, tid: 4017, name: RenderThread  >>> org.example.game:remote <<<
uid: 10234
signal 6 (SIGABRT), code -1 (SI_QUEUE), fault addr --------
Abort message: 'assertion failed: width > 0'
    x0  0000000000000000  x1  00000000deadbeef
backtrace:
  NOTE: Function names and BuildId information is missing for some frames.
      #00 pc 00000000000522d4  /apex/runtime/lib64/libc.so (abort+164) (BuildId: aa)
      #01 pc 0000000000001234  /data/app/~~Q==/base.apk (offset 0x5000) (BuildId: bb)
      #02 pc 0000000000001238  /data/base.apk!libgame.so (offset 0x9000) (game::Run(int, float)+28)
      #03 pc 00000000deadbeef  <anonymous:7f00000000>
      #04 pc 0000000000002000  /memfd:jit-cache (deleted) (offset 0x2000000) (a.Main.run+120)
      #05 pc 0000000000003000  [vdso]

memory near x1:
    00000000deadbee0 6e61656a65642e65 0000000000000000  jane.doe........

--- --- --- --- --- --- --- --- --- --- --- --- --- --- --- ---
pid: 4001, tid: 4001, name: main  >>> org.example.game <<<
backtrace:
      #00 pc 00000000000a1b2c  /system/lib64/libother.so (other+4)
"""


read = partial(read_report, "android_tombstone")


def test_the_facts_of_a_tombstone_are_read():
    report = read(AOSP)
    assert report.format == "android_tombstone"
    assert (report.product, report.process_type) == ("org.example.game", "remote")
    assert (report.os_name, report.os_version) == ("Android", "14")
    assert report.os_build == "UP1A.231005.007"
    assert report.arch == "arm64"
    assert (report.reason, report.exception_type) == ("SIGABRT / SI_QUEUE", "SIGABRT")
    assert report.message == "assertion failed: width > 0"
    assert report.received_at == datetime(2024, 5, 6, 5, 8, 9, 123456, tzinfo=UTC)
    assert report.uptime_s == 23.0
    assert not report.truncated


def test_frames_are_those_of_the_crashing_thread_as_module_and_offset():
    assert read(AOSP).frames == (
        Frame(module="libc.so", function="abort", offset=0x522D4, in_app=False),
        Frame(module="base.apk", offset=0x1234),
        Frame(module="libgame.so", function="game::Run(int, float)", offset=0x1238),
        Frame(),
        Frame(module="memfd:jit-cache", function="a.Main.run", offset=0x2000),
        Frame(module="[vdso]", offset=0x3000),
    )


def test_memory_and_registers_are_not_kept():
    report = read(AOSP)
    frames = [(f.module, f.function, f.file) for f in report.frames]
    assert "jane" not in repr([report.message, report.reason, frames])
    assert all(frame.offset != 0xDEADBEEF for frame in report.frames)


def test_keys_of_xcrash_tell_application_version_and_uptime():
    text = f"""\
{BANNER}
Tombstone maker: 'xCrash 2.4.6'
Crash type: 'native'
Start time: '2019-10-12T03:18:02.000+0800'
Crash time: '2019-10-12T03:18:21.500+0800'
App ID: 'org.example.game'
App version: '1.2.3-beta'
API level: '29'
OS version: '10'
Build fingerprint: 'a/b/c:10/QP1A/58:user/release-keys'
ABI: 'x86'
pid: 1, tid: 1, name: main  >>> org.example.game <<<
signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0

backtrace:
    #00 pc 000000000000bd86  /data/app/lib/x86/libgame.so (crash+22)
"""
    report = read(text)
    assert (report.product, report.version) == ("org.example.game", "1.2.3-beta")
    assert (report.os_version, report.arch, report.uptime_s) == ("10", "x86", 19.5)
    assert report.reason == "SIGSEGV / SEGV_MAPERR"
    assert report.received_at == datetime(2019, 10, 11, 19, 18, 21, 500000, tzinfo=UTC)


@pytest.mark.parametrize(
    "prefix",
    ["F/DEBUG   ( 1234): ", "05-06 07:08:09.123  1234  1234 F DEBUG   : ", "I/crash_dump64( 77): "],
)
def test_a_tombstone_copied_from_logcat_is_read(prefix):
    text = "\n".join(prefix + line for line in AOSP.splitlines())
    assert read(text).frames == read(AOSP).frames
    assert read(text).product == "org.example.game"


def test_an_old_tombstone_without_extras_is_read():
    text = f"""\
{BANNER}
Build fingerprint: 'generic/sdk/generic:4.4.2/KK/937116:eng/test-keys'
pid: 33, tid: 33, name: media  >>> /system/bin/mediaserver <<<
signal 11 (SIGSEGV), fault addr deadbaad
    r0 00000000
backtrace:
    #00  pc 0001234a  /system/lib/libc.so (tgkill+12)
    #01  pc 00013b0f  /system/lib/libc.so
"""
    report = read(text.replace("\n", "\r\n"))
    assert (report.product, report.os_version) == ("mediaserver", "4.4.2")
    assert report.reason == "SIGSEGV"
    assert report.frames == (
        Frame(module="libc.so", function="tgkill", offset=0x1234A, in_app=False),
        Frame(module="libc.so", offset=0x13B0F, in_app=False),
    )


def test_a_tombstone_that_a_symbolizer_rewrote_is_read():
    lines = [
        "    #0 0x000412dc in tgkill bionic/tgkill.S:9",
        "    #1 0x00007fdb4 in ns::Map<int, int>::find(int) const src/map.h:31:7",
        "    #2 0x00033fe4 in __check",
        "    #3 0xa3832e11 /data/app/lib/arm/libgame.so+0x002dce11",
    ]
    start, end = AOSP.index("      #00"), AOSP.index("\nmemory")
    assert read(AOSP[:start] + "\n".join(lines) + "\n" + AOSP[end:]).frames == (
        Frame(function="tgkill", file="bionic/tgkill.S", line=9),
        Frame(function="ns::Map<int, int>::find(int) const", file="src/map.h", line=31),
        Frame(function="__check"),
        Frame(module="libgame.so", offset=0x2DCE11),
    )


def test_what_stands_before_the_banner_is_passed_over():
    before = "#00 pc 0000000000000001  /system/lib64/libearlier.so (earlier+4)\nother log\n"
    assert read(before + AOSP) == read(AOSP)


def test_numbered_processes_are_of_one_kind():
    text = AOSP.replace("org.example.game:remote <<<", "org.example.game:sandboxed_process12 <<<")
    assert read(text).process_type == "sandboxed_process"


def test_a_deep_stack_is_cut_and_marked():
    report = read(AOSP, max_frames=3)
    assert (len(report.frames), report.truncated) == (3, True)


def test_a_tombstone_cut_in_its_header_is_truncated():
    found = read_one(AOSP[:300])
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "android_tombstone")


@pytest.mark.parametrize(
    "text",
    [
        f"{BANNER}\nCrash type: 'anr'\npid: 1, tid: 1, name: a  >>> a <<<\n",
        f"{BANNER}\nCrash type: 'java'\npid: 1, tid: 1, name: a  >>> a <<<\n",
        "pid: 1, tid: 1, name: a\n",
        "backtrace:\n#00 pc 1 x\n",
    ],
)
def test_other_android_text_is_not_taken_for_a_tombstone(text):
    assert recognized_format(text.encode()) != "android_tombstone"


def test_the_arguments_of_a_command_are_not_kept():
    text = "".join(line for line in AOSP.splitlines(keepends=True) if not line.startswith("pid: "))
    report = read(text.replace("game:remote\n", "game:remote --user jane.q9\n"))
    assert (report.product, report.process_type) == ("org.example.game", "remote")
