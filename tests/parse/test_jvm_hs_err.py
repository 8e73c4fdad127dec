from datetime import UTC, datetime
from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report

LOG = """\
#
# A fatal error has been detected by the Java Runtime Environment:
#
#  SIGSEGV (0xb) at pc=0x00007fff9a6d62f8, pid=14256, tid=14257
#
# JRE version: OpenJDK Runtime Environment (17.0.2+8) (build 17.0.2+8)
# Java VM: OpenJDK 64-Bit Server VM (17.0.2+8, mixed mode, sharing, g1 gc, linux-amd64)
# Problematic frame:
# V  [libjvm.so+0x9e62f8]  Compile::Code_Gen(int, char*)+0x224
#

---------------  S U M M A R Y ------------

Command Line: -Xmx8g -Dmail=jane@example.org shop.jar jane

Host: Intel(R) Core(TM) i7 CPU @ 2.70GHz, 12 cores, 31G, Ubuntu 20.04.1 LTS
Time: Tue May  5 18:32:04 2020 CEST elapsed time: 956.25 seconds (0d 0h 15m 56s)

---------------  T H R E A D  ---------------

Native frames: (J=compiled Java code, j=interpreted, Vv=VM code, C=native code)
V  [libjvm.so+0x9e62f8]  Compile::Code_Gen(int, char*)+0x224  (compile.cpp:42)
C  [libc.so.6+0x8cd4]
C  0x00007f0000000000
J 123% C2 org.example.shop.Basket.count(Ljava/util/List;)V (45 bytes) @ 0x00007f [0x00007f+0x1c]
j  java.lang.Thread.run()V+11 java.base@17.0.2
v  ~StubRoutines::call_stub

Java frames: (J=compiled Java code, j=interpreted, Vv=VM code)
j  org.example.Other.run()V+1

siginfo: si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000000004

java_command: /home/jane doe/shop app/shop.jar --user jane
OS:
DISTRIB_ID=Ubuntu
DISTRIB_DESCRIPTION="Ubuntu 20.04.1 LTS"
uname: Linux 5.4.0-42-generic #46-Ubuntu SMP x86_64
"""
RHEL = ("Red Hat Enterprise Linux", "8.5", None)
FRAMES = (
    Frame("libjvm.so", "Compile::Code_Gen(int, char*)", "compile.cpp", 42, 0x9E62F8),
    Frame("libc.so.6", offset=0x8CD4),
    Frame(),
    Frame("org.example.shop.Basket", "count"),
    Frame("java.lang.Thread", "run", in_app=False),
    Frame(function="StubRoutines::call_stub"),
)


read = partial(read_report, "jvm_hs_err")


@pytest.mark.parametrize("text", [LOG, LOG.replace("\n", "\r\n")])
def test_the_facts_of_a_log_are_read(text):
    report = read(text)
    assert (report.reason, report.exception_type) == ("SIGSEGV / SEGV_MAPERR", "SIGSEGV")
    assert (report.product, report.version) == ("shop", None)
    assert (report.os_name, report.os_version, report.arch) == ("Ubuntu", "20.04", "x86_64")
    assert report.received_at == datetime(2020, 5, 5, 18, 32, 4, tzinfo=UTC)
    assert report.uptime_s == 956.25
    assert report.frames == FRAMES
    assert not report.truncated


@pytest.mark.parametrize(
    ("command", "product"),
    [
        ("org.example.shop.Main jane", "org.example.shop.Main"),
        ("shop/org.example.shop.Main --all", "org.example.shop.Main"),
        ("C:\\Users\\Jane Doe\\shop.jar", "shop"),
        ("/home/jane doe/shop", None),
        ("<unknown>", None),
    ],
)
def test_nothing_of_the_command_but_what_ran_is_the_product(command, product):
    old = "/home/jane doe/shop app/shop.jar --user jane"
    assert read(LOG.replace(old, command)).product == product


@pytest.mark.parametrize(
    ("lines", "system"),
    [
        (
            "OS: Windows 10.0 , 64 bit Build 17763 (10.0.17763.2300)",
            ("Windows", "10", "17763.2300"),
        ),
        ("OS: Windows 11 , 64 bit Build 22621 (10.0.22621.1)", ("Windows", "11", "22621.1")),
        ("OS: Windows Server 2016 , 64 bit Build 9", ("Windows Server", "2016", "9")),
        ("OS:CentOS Linux release 7.7.1908 (Core)", ("CentOS", "7.7.1908", None)),
        ('OS:\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"', ("Debian", "12", None)),
        ("OS:\nRed Hat Enterprise Linux release 8.5 (Ootpa)\nuname: Linux 4.18.0 x", RHEL),
        ("OS:Bsduname:Darwin 19.6.0 Darwin Kernel", ("Darwin", "19.6.0", "19.6.0")),
        ("OS:\nuname: Linux 5.4.0-42-generic x", ("Linux", "5.4.0", "5.4.0-42-generic")),
    ],
)
def test_each_operating_system_is_read(lines, system):
    before = LOG.partition("OS:")[0].replace(", Ubuntu 20.04.1 LTS", "")
    report = read(before + lines + "\n")
    assert (report.os_name, report.os_version, report.os_build) == system


def test_an_error_of_the_virtual_machine_itself_is_read():
    error = "#  Internal Error (runtime.cpp:83), pid=1, tid=2\n#  guarantee(a) failed: no eggs"
    report = read(
        LOG.replace("#  SIGSEGV (0xb) at pc=0x00007fff9a6d62f8, pid=14256, tid=14257", error)
    )
    assert report.exception_type == "Internal Error"
    assert report.message == "guarantee(a) failed: no eggs"


def test_a_lack_of_memory_is_read():
    report = read(
        "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n"
        "# Native memory allocation (mmap) failed to map 12288 bytes for reserved memory.\n"
        "#  Out of Memory Error (os_linux.cpp:2627), pid=1, tid=2\n"
    )
    assert report.reason == report.exception_type == "Out of Memory Error"
    assert report.message.startswith("Native memory allocation (mmap) failed")
    assert report.frames == ()


def test_java_frames_follow_native_ones_that_end_before_them():
    report = read("\n".join(line for line in LOG.splitlines() if line[:2] not in {"j ", "J "}))
    assert report.frames == (*FRAMES[:3], FRAMES[5])
    java = "Java frames: (J=compiled)\nj  org.example.Other.run()V+1\n"
    report = read(LOG.replace("J 123%", "gone ").replace("Java frames:", java + "\nJava frames:"))
    assert report.frames == (*FRAMES[:3], Frame("org.example.Other", "run"))


def test_a_log_cut_before_its_stack_has_the_problematic_frame():
    report = read(LOG.partition("--------")[0])
    assert report.frames == (Frame("libjvm.so", "Compile::Code_Gen(int, char*)", offset=0x9E62F8),)


def test_a_stack_that_was_cut_is_marked():
    assert read(LOG.replace("v  ~Stub", "...<more frames>...\nv  ~Stub")).truncated
    report = read(LOG, max_frames=2)
    assert (report.frames, report.truncated) == (FRAMES[:2], True)


def test_a_log_cut_in_its_banner_is_truncated():
    found = read_one(LOG[:70])
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "jvm_hs_err")


@pytest.mark.parametrize(
    ("host", "system"),
    [
        ("AArch64 0x41, 4 cores, 7G, Ubuntu 22.04.3 LTS", ("Ubuntu", "22.04")),
        ("Xeon, 8 cores, 15G, Red Hat Enterprise Linux release 8.1 (Ootpa)",
         ("Red Hat Enterprise Linux", "8.1")),
        ("Core, 8 cores, 15G,  Windows 10 , 64 bit Build 19041 (10.0.19041.1110)",
         ("Windows", "10")),
    ],
)  # fmt: skip
def test_a_summary_alone_tells_system_and_time(host, system):
    summary = LOG.partition("---------------  T H R E A D")[0]
    report = read(
        "\n".join(f"Host: {host}" if x.startswith("Host: ") else x for x in summary.splitlines())
    )
    assert (report.os_name, report.os_version) == system
    assert report.uptime_s == 956.25


def test_the_time_soon_behind_the_system_is_read():
    log = LOG.partition("---------------  S U M M A R Y")[0]
    report = read(
        f"{log}OS: Windows 10.0 , 64 bit Build 17134 (10.0.17134.228)\n\n"
        "time: Tue Aug 28 10:22:13 2018\nelapsed time: 12 seconds (0d 0h 0m 12s)\n"
    )
    assert report.received_at == datetime(2018, 8, 28, 10, 22, 13, tzinfo=UTC)
    assert report.uptime_s == 12
