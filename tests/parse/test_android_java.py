from datetime import UTC, datetime
from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report
from transforms.parse import recognized_format

FATAL = """\
FATAL EXCEPTION: main
Process: org.example.shop:sync, PID: 4711
java.lang.RuntimeException: Unable to start activity
\tat android.app.ActivityThread.main(ActivityThread.java:7356)
\tat java.lang.reflect.Method.invoke(Native Method)
\tSuppressed: java.io.IOException: closing
\t\tat org.example.shop.Store.close(Store.kt:5)
\tCaused by: java.lang.IllegalArgumentException: inner
\t\t... 9 more
Caused by: java.lang.IllegalStateException: no basket
second line of the message
\tat org.example.shop.Basket$Companion.open(Basket.kt:42)
\tat a.b.c(Unknown Source:7)
\tat java.base/java.lang.Thread.run(Thread.java:833)
\tat org.example.Main$$Lambda/0x0000000800c03000.run(Unknown Source)
\t... 1 more
"""
FRAMES = (
    Frame("org.example.shop.Basket$Companion", "open", "Basket.kt", 42, in_app=True),
    Frame("a.b", "c", None, 7),
    Frame("java.lang.Thread", "run", "Thread.java", 833, in_app=False),
    Frame("org.example.Main$$Lambda", "run"),
    Frame("java.lang.reflect.Method", "invoke", in_app=False),
)


read = partial(read_report, "android_java")


def test_the_root_cause_is_read_with_the_frames_it_shares():
    report = read(FATAL)
    assert report.exception_type == report.reason == "java.lang.IllegalStateException"
    assert report.message == "no basket"
    assert report.frames == FRAMES
    assert (report.product, report.process_type) == ("org.example.shop", "sync")
    assert (report.os_name, report.os_version) == ("Android", None)


@pytest.mark.parametrize(
    "prefix",
    [
        "E/AndroidRuntime( 4711): ",
        "05-06 07:08:09.123  4711  4711 E AndroidRuntime: ",
        "05-06 07:08:09.123 E/AndroidRuntime(4711): ",
        "2024-05-06 07:08:09.123 4711-4711/org.example.shop E/AndroidRuntime: ",
        "2024-05-06 07:08:09.123  4711-4711  AndroidRuntime  org.example.shop  E  ",
    ],
)
def test_the_prefixes_of_logcat_are_taken_off(prefix):
    log = "".join(f"{prefix}{line}\n" for line in FATAL.splitlines())
    before = "05-06 07:08:08.000  1  1 D Other: at java.lang.A.b(C.java:1)\n"
    assert read(before + log) == read(FATAL)


def test_a_plain_trace_tells_no_operating_system():
    report = read(
        'Exception in thread "main" java.lang.NullPointerException\n'
        "    at org.example.Main.main(Main.java:3) ~[main.jar:1.0]\n"
        "Disconnected.\n    at org.example.Other.main(Other.java:4)\n"
    )
    assert report.exception_type == "java.lang.NullPointerException"
    assert report.frames == (Frame("org.example.Main", "main", "Main.java", 3),)
    assert (report.os_name, report.product, report.message) == (None, None, None)


def test_the_trace_that_ended_the_process_is_taken():
    earlier = "java.io.IOException: earlier\n\tat org.example.A.a(A.java:1)\n"
    assert read(earlier + FATAL).frames == FRAMES


def test_the_header_of_xcrash_is_read():
    report = read(
        f"{'*** ' * 15}***\nTombstone maker: 'xCrash 2.4.6'\nCrash type: 'java'\n"
        "Start time: '2019-10-12T03:18:02.000+0800'\nCrash time: '2019-10-12T03:18:21.500+0800'\n"
        "App ID: 'org.example.game'\nApp version: '1.2.3-beta'\nOS version: '10'\n"
        "Build fingerprint: 'a/b/c:10/QP1A/58:user/release-keys'\nABI: 'arm64'\n"
        "pid: 1, tid: 1, name: main  >>> org.example.game <<<\n\njava stacktrace:\n"
        "kotlin.KotlinNullPointerException\n\tat org.example.game.Main.go(Main.kt:9)\n\nlogcat:\n"
    )
    assert (report.product, report.version) == ("org.example.game", "1.2.3-beta")
    assert (report.os_name, report.os_version, report.os_build) == ("Android", "10", "QP1A")
    assert (report.arch, report.uptime_s) == ("arm64", 19.5)
    assert report.received_at == datetime(2019, 10, 11, 19, 18, 21, 500000, tzinfo=UTC)
    assert report.exception_type == "kotlin.KotlinNullPointerException"


def test_the_header_of_the_drop_box_is_read():
    report = read(
        "Process: org.example.shop\nPID: 1\nFlags: 0x2\nPackage: org.example.shop v12 (1.2)\n"
        "Build: a/b/c:14/UP1A/58:user/release-keys\n\njava.lang.Error: e\n\tat a.B.c(D.java:1)\n"
    )
    assert (report.product, report.version) == ("org.example.shop", "1.2")
    assert (report.os_version, report.os_build) == ("14", "UP1A")


@pytest.mark.parametrize(
    ("application", "own"),
    [
        ("org.example.shop", [None, None, True, False]),
        ("com.android.systemui", [None, None, None, True]),
        ("org.example.shop2", [None, None, None, False]),
        ("zygote64", [None, None, None, False]),
    ],
)
def test_the_applications_own_code_is_told_by_its_package(application, own):
    report = read(
        f"Process: {application}\nPackage: {application} v12 (1.2)\n\n"
        "com.google.gson.stream.MalformedJsonException: e\n"
        "\tat com.google.gson.stream.JsonReader.syntaxError(JsonReader.java:1)\n"
        "\tat org.example.shopkeeper.Parser.read(Parser.kt:2)\n"
        "\tat org.example.shop.Basket.load(Basket.kt:3)\n"
        "\tat com.android.systemui.Main.run(Main.java:4)\n"
    )
    assert [frame.in_app for frame in report.frames] == own


def test_a_deep_stack_is_cut_and_marked():
    text = "java.lang.StackOverflowError\n" + "\tat a.B.c(D.java:1)\n" * 500
    report = read(text, max_frames=7)
    assert (len(report.frames), report.truncated) == (7, True)


def test_a_report_cut_in_its_header_is_truncated():
    found = read_one(b"Crash type: 'java'\nOS version: '10'\n")
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "android_java")


@pytest.mark.parametrize(
    "text",
    [
        "Error: x\n    at foo (http://example.org/a.js:1:2)\n    at b (node:internal/a:1:2)\n",
        "System.Exception: x\n   at A.B.C(String s) in C:\\a.cs:line 3\n   at A.B.D()\n",
    ],
)
def test_traces_of_other_languages_are_not_taken_for_java(text):
    assert recognized_format(text.encode()) != "android_java"


def test_a_cause_that_is_the_exception_itself_ends_the_trace():
    report = read(
        "java.lang.IllegalStateException: outer\n\tat shop.Main.run(Main.java:3)\n"
        "Caused by: java.io.IOException: inner\n\tat shop.Disk.open(Disk.java:9)\n\t... 1 more\n"
        "Caused by: [CIRCULAR REFERENCE: java.lang.IllegalStateException: outer]\n"
    )
    assert (report.exception_type, report.message) == ("java.io.IOException", "inner")
    assert [frame.function for frame in report.frames] == ["open", "run"]


def test_the_modules_of_java_and_its_class_loaders_are_no_part_of_a_class():
    report = read(
        'Exception in thread "main" java.lang.IllegalStateException: outer\n'
        "\tat app//shop.Main.run(Main.java:3)\n"
        "\tat java.base@21/java.lang.Thread.run(Thread.java:1)\n"
    )
    assert [frame.module for frame in report.frames] == ["shop.Main", "java.lang.Thread"]
