"""apport's crash files: fields, stacks with the map that places them, and what is passed over."""

import base64
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, Frame, IdentityKind, RawReport
from tests.parse.reading import read_one, read_report
from transforms.parse import parse_payload, recognized_format

MAPS = """\
7f0000000000-7f0000010000 r--p 00000000 08:01 77                         /opt/brush/libbrush.so.2
7f0000010000-7f0000080000 r-xp 00010000 08:01 77                         /opt/brush/libbrush.so.2
7f00000a0000-7f00000b0000 rw-p 00000000 00:00 0
555500000000-555500040000 r-xp 00000000 08:01 78                         /usr/bin/painter
7ffc00000000-7ffc00020000 rw-p 00000000 00:00 0                          [stack]"""
STACK = """\
#0  0x00007f0000012345 in ?? () from /opt/brush/libbrush.so.2
No symbol table info available.
#1  <signal handler called>
#2  0x00007f0000020000 in brush::stroke<int (*)(int)>(brush::Pen const&, int) (this=0x5555, n=3) \
at ../src/stroke.cc:88
        name = "not a frame (of all) at x.c:1"
        next = {a = 1, b = 0x7f0000012345}
#3  paint (where="at (0, 0)") at paint.c:12
#4  0x0000555500001a2b in main ()"""
FRAMES = (
    Frame("libbrush.so.2", offset=0x12345),
    Frame(
        "libbrush.so.2",
        "brush::stroke<int (*)(int)>(brush::Pen const&, int)",
        "../src/stroke.cc",
        88,
        0x20000,
    ),
    Frame(None, "paint", "paint.c", 12),
    Frame("painter", "main", offset=0x1A2B),
)
TRACEBACK = """\
Traceback (most recent call last):
  File "/usr/bin/colours", line 9, in <module>
    mix("red")
  File "/usr/bin/colours", line 4, in mix
    return TABLE[name]
           ~~~~~^^^^^^
KeyError: 'red'"""
CORE = "\n".join(base64.b64encode(bytes([n]) * 60).decode() for n in range(40))
FIELDS = {
    "ProblemType": "Crash",
    "Architecture": "amd64",
    "AudioDevicesInUse": "USER PID ACCESS COMMAND\n/dev/snd/controlC0:  pim.v   3207 F.... p",
    "CrashCounter": "1",
    "Date": "Mon Mar  4 12:34:56 2024",
    "DistroRelease": "Ubuntu 24.04",
    "ExecutablePath": "/usr/bin/painter",
    "JournalErrors": "Mar 04 12:34:50 gullwing kernel: oops\nMar  4 12:34:51 gullwing p[7]: no",
    "MachineType": "ACME Slate 3",
    "Package": "painter-gtk 7.2-1ubuntu3 [modified: usr/share/painter/default.conf]",
    "ProcCmdline": "painter /home/mara.k7/drawing.png",
    "ProcEnviron": "SHELL=/bin/bash\nLOGNAME=quinn42\nPATH=(custom, user)",
    "ProcMaps": MAPS,
    "Signal": "11",
    "SignalName": "SIGSEGV",
    "Stacktrace": STACK,
    "StacktraceAddressSignature": "/usr/bin/painter:11:/opt/brush/libbrush.so.2+2345"
    ":/usr/bin/painter+1a2b:/home/mara.k7/x.so+f",
    "StacktraceTop": "?? () from /opt/brush/libbrush.so.2\npaint (where=1) at paint.c:12",
    "Uname": "Linux 6.8.0-31-generic x86_64",
    "UserGroups": "adm cdrom zofia sudo",
    "_HooksRun": "no",
    "CoreDump": "base64\n" + CORE,
}
IMPERSONAL = {
    "AudioDevicesInUse": None,
    "JournalErrors": None,
    "ProcCmdline": None,
    "ProcEnviron": None,
    "StacktraceAddressSignature": None,
    "UserGroups": "adm N/A",
}


def crash(**changes: str | None) -> str:
    """Return a crash file with other values; a field whose value is None is left out."""
    text = ""
    for name, value in (FIELDS | changes).items():
        if value is not None:
            first, *rest = value.split("\n")
            lines = [first] if not rest or first == "base64" else ["", first]
            text += "\n ".join([f"{name}: {lines[0]}".rstrip(), *lines[1:], *rest]) + "\n"
    return text


read = partial(read_report, "apport")


@pytest.mark.parametrize("text", [crash(), crash().replace("\n", "\r\n")])
def test_the_facts_of_a_crash_are_read(text: str) -> None:
    report = read(text)
    assert (report.product, report.version) == ("painter-gtk", "7.2-1ubuntu3")
    assert (report.os_name, report.os_version, report.arch) == ("Ubuntu", "24.04", "x86_64")
    assert (report.reason, report.exception_type, report.message) == ("SIGSEGV", None, None)
    assert report.received_at == datetime(2024, 3, 4, 12, 34, 56, tzinfo=UTC)
    assert report.frames == FRAMES
    assert not report.truncated


def test_a_stack_without_a_map_keeps_the_modules_that_it_names() -> None:
    report = read(crash(ProcMaps=None))
    assert report.frames[0] == Frame("libbrush.so.2")
    assert report.frames[-1] == Frame(None, "main")


@pytest.mark.parametrize(
    ("changes", "frames"),
    [
        ({}, (Frame("libbrush.so.2"), Frame(None, "paint", "paint.c", 12))),
        ({"StacktraceTop": "?? ()\n?? ()"},
         (Frame("libbrush.so.2", offset=0x2345), Frame("painter", offset=0x1A2B),
          Frame("x.so", offset=0xF))),
        ({"StacktraceTop": None, "StacktraceAddressSignature": None}, ()),
    ],
)  # fmt: skip
def test_without_a_stack_its_top_or_its_places_stand_for_it(
    changes: dict[str, str | None], frames: tuple[Frame, ...]
) -> None:
    assert read(crash(**{"Stacktrace": None, **changes})).frames == frames


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        ("(anonymous namespace)::draw (x=1) at a.cc:3",
         Frame(None, "(anonymous namespace)::draw", "a.cc", 3)),
        ("operator<< (out=...) at b.cc:4", Frame(None, "operator<<", "b.cc", 4)),
        ("Pen::operator-> (this=0x0) from /lib/c.so", Frame("c.so", "Pen::operator->")),
        ("g (text=\") at no.c:1\") from /lib/d e.so", Frame("d e.so", "g")),
        ("raise ()", Frame(None, "raise")),
        ("cut_before_its_arguments", Frame(None, "cut_before_its_arguments")),
    ],
)  # fmt: skip
def test_each_form_of_a_frame_is_read(line: str, frame: Frame) -> None:
    report = read(crash(Stacktrace=f"#0  {line}\n#1  0x0000000000000010 in main ()"))
    assert report.frames == (frame, Frame(None, "main"))


def test_an_exception_of_python_is_read() -> None:
    report = read(crash(Traceback=TRACEBACK, Signal=None, SignalName=None, Stacktrace=None))
    assert report.reason == report.exception_type == "KeyError"
    assert report.message == "'red'"
    assert report.frames == (
        Frame(None, "mix", "/usr/bin/colours", 4),
        Frame(None, "<module>", "/usr/bin/colours", 9),
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Package": "painter:amd64 7.2"}, ("painter", "7.2", None)),
        ({"Package": "painter (not installed)"}, ("painter", None, None)),
        ({"Package": None, "SourcePackage": "easel"}, ("easel", None, None)),
        ({"Package": None}, ("painter", None, None)),
        ({"Package": None, "ExecutablePath": None}, (None, None, None)),
        ({"Snap": "painter 7.3 (latest/edge)"}, ("painter", "7.3", "latest/edge")),
    ],
)
def test_the_product_is_the_package_or_else_the_executable(
    changes: dict[str, str | None], told: tuple[str | None, ...]
) -> None:
    report = read(crash(**changes))
    assert (report.product, report.version, report.channel) == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"DistroRelease": "Debian GNU/Linux 12"}, ("Debian", "12", None, "x86_64")),
        ({"DistroRelease": None, "Architecture": None},
         ("Linux", "6.8.0", "6.8.0-31-generic", "x86_64")),
        ({"Architecture": "arm64"}, ("Ubuntu", "24.04", None, "arm64")),
        ({"DistroRelease": None, "Architecture": None, "Uname": None}, (None, None, None, None)),
    ],
)  # fmt: skip
def test_the_system_is_the_distribution_or_else_the_kernel(
    changes: dict[str, str | None], told: tuple[str | None, ...]
) -> None:
    report = read(crash(**changes))
    assert (report.os_name, report.os_version, report.os_build, report.arch) == told


def test_a_signal_has_its_name_where_only_its_number_is_told() -> None:
    assert read(crash(SignalName=None, Signal="6")).reason == "SIGABRT"


def test_a_failed_assertion_is_the_message() -> None:
    text = "painter: brush.c:12: stroke: Assertion `pen != NULL' failed."
    assert read(crash(AssertionMessage=text)).message == text


def test_users_are_told_as_identities_and_are_in_no_fact() -> None:
    names = {"mara.k7", "quinn42", "zofia", "pim.v"}
    report = read(crash())
    users = {who.value for who in report.identities if who.kind is IdentityKind.USER_NAME}
    hosts = {who.value for who in report.identities if who.kind is IdentityKind.HOST_NAME}
    assert names <= users
    assert not users & {"adm", "cdrom", "sudo", "PID"}
    assert hosts == {"gullwing"}
    assert not {who.value for who in read(crash(**IMPERSONAL)).identities}
    values = [getattr(report, name) for name in report.__slots__ if name != "identities"]
    assert not any(name in str(value) for name in names for value in values)


@pytest.mark.parametrize("place", ["first", "last"])
def test_what_is_encoded_is_passed_over(place: str) -> None:
    core = "CoreDump: base64\n " + "A" * 5_000 + "\n SignalName: SIGPLANTED\n"
    whole = crash(CoreDump=None)
    text = (
        whole.replace("Architecture", core + "Architecture") if place == "first" else whole + core
    )
    assert read(text) == read(whole)
    assert read(crash(SignalName="SIGPLANTED")).reason == "SIGPLANTED"
    assert read(crash(Stacktrace="base64\n" + CORE, StacktraceTop=None)).frames[0].offset == 0x2345


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (crash().partition("ProcEnviron")[0], "truncated"),
        (crash().partition("CrashCounter")[0], "truncated"),
        (
            crash(Traceback="base64", Signal=None, SignalName=None).partition("Stack")[0],
            "truncated",
        ),
        (crash(Traceback="Traceback (most recent call last):"), "truncated"),
        (crash(ProblemType="Bug"), "not_a_crash"),
        (crash(ProblemType="Package"), "not_a_crash"),
        ("ProblemType:", "not_a_crash"),
    ],
)
def test_what_is_no_whole_crash_is_rejected_by_its_kind(text: str, kind: str) -> None:
    failure = read_one(text)
    assert isinstance(failure, Failure)
    assert (failure.kind.value, failure.format) == (kind, "apport")


def test_a_file_cut_in_its_core_is_read_and_marked() -> None:
    report = read(crash()[:-100])
    assert report.frames == FRAMES
    assert report.truncated


def test_a_stack_longer_than_the_limit_is_cut_and_marked() -> None:
    report = read(crash(), max_frames=2)
    assert (report.frames, report.truncated) == (FRAMES[:2], True)


@pytest.mark.parametrize(
    "text",
    [
        crash(Stacktrace="#0  " + "a (<" * 50_000),
        crash(Stacktrace="\n".join(["#0  f (x) at "] * 50_000)),
        crash(ProcMaps="\n".join([MAPS] * 20_000)),
        crash(StacktraceAddressSignature=":/a+1" * 200_000),
        crash() + "".join(f"Key{number}: x\n" for number in range(50_000)),
        crash(Package="a" * 200_000, UserGroups="b " * 200_000),
    ],
    ids=range(6),
)
def test_repetition_is_survived(text: str) -> None:
    assert isinstance(read_one(text), CrashReport)


@settings(max_examples=60)
@given(st.binary(max_size=200), st.integers(0, 3_000))
def test_any_bytes_in_a_crash_are_survived(junk: bytes, at: int) -> None:
    whole = crash().encode()
    for payload in (
        whole[:at] + junk + whole[at:],
        whole[:at] + junk,
        b"ProblemType: Crash\n" + junk,
    ):
        for found in parse_payload(RawReport("x", payload), Limits()):
            if isinstance(found, Failure):
                assert found.kind is not FailureKind.PARSER_ERROR


def test_a_type_of_problem_in_the_midst_of_a_line_is_none() -> None:
    assert recognized_format(b"the ProblemType: Crash") is None
    assert recognized_format(b"Date: now\nProblemType: Crash\n") == "apport"
