"""Each simulated format: what a writer was given is what the parser of that format reads."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.simulate.crash import Crash, module_of
from pipelines.simulate.faults import FaultFrame
from pipelines.simulate.formats import FORMATS
from pipelines.simulate.sample import sample
from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse import PARSERS, parse_payload

NATIVE = {"access", "abort", "trap"}
WHO = {"product", "version", "channel", "install_id", "report_id", "received_at"}
EVERYTHING = WHO | {"os", "arch", "process_type", "uptime_s"}
APPLE = {"product", "version", "install_id", "report_id", "received_at", "os", "arch", "uptime_s"}

WINDOWS_REASONS = {
    "access": "EXCEPTION_ACCESS_VIOLATION",
    "abort": "EXCEPTION_STACK_BUFFER_OVERRUN",
    "trap": "EXCEPTION_BREAKPOINT",
}
SIGNALS = {"access": "SIGSEGV", "abort": "SIGABRT", "trap": "SIGTRAP"}
MACH = {"access": "EXC_BAD_ACCESS", "abort": "EXC_CRASH", "trap": "EXC_BREAKPOINT"}
OF_SYSTEMS = {"Windows": WINDOWS_REASONS, "macOS": MACH | {"abort": "EXC_SOFTWARE"}}
"""A reason begins so; the systems' headers have these names."""


def native(*names: str) -> Callable[[FaultFrame, Crash], Frame]:
    """Native frames of which the named facts are told."""

    def told(frame: FaultFrame, crash: Crash) -> Frame:
        whole = {
            "module": module_of(frame, crash.install.system.name),
            "function": frame.function,
            "file": frame.file or None,
            "line": frame.line or None,
            "offset": frame.offset,
        }
        return Frame(**{name: whole[name] for name in names})

    return told


def below(folder: str) -> Callable[[FaultFrame, Crash], Frame]:
    """Frames of a script, in a file below a folder of the home folder."""
    return lambda frame, crash: Frame(
        None, frame.function, f"{crash.home}/{folder}{frame.file}", frame.line
    )


def of_dotnet(frame: FaultFrame, crash: Crash) -> Frame:
    whole = f"{frame.component}.{frame.function}"
    module, _, function = whole.rpartition(".")
    path = f"{crash.home}\\source\\repos\\atlas\\{frame.file}"
    return Frame(module, function, path, frame.line)


def of_sanitizer(frame: FaultFrame, crash: Crash) -> Frame:
    if frame.file:
        return Frame(None, frame.function, f"{crash.home}/meridian/{frame.file}", frame.line)
    module = module_of(frame, crash.install.system.name)
    return Frame(module, frame.function, offset=frame.offset)


def of_sentry(frame: FaultFrame, crash: Crash) -> Frame:
    language = crash.install.platform.language
    path = frame.file
    if language == "csharp" and frame.own:
        path = f"{crash.home}\\source\\repos\\atlas\\{frame.file}"
    module = None if language == "javascript" else frame.component
    return Frame(module, frame.function, path, frame.line)


@dataclass(frozen=True)
class Meaning:
    """What a format tells without its sidecar: the reader's name, facts, reasons, frames.

    `message` holds the kinds of faults of which the message is told; None all of them. `most` is
    how many frames are told, None all. `leading` frames stand before the fault's, `closing` behind.
    """

    reader: str
    tells: set[str]
    frame: Callable[[FaultFrame, Crash], Frame]
    message: set[str] | None = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)
    most: int | None = None
    leading: tuple[Frame, ...] = ()
    closing: tuple[Frame, ...] = ()


OFFSETS = native("module", "offset")
NAMED = native("module", "function", "offset")
SOURCES = native("module", "function", "file", "line", "offset")
MEANINGS = {
    "minidump": Meaning("minidump", {"os", "arch", "uptime_s"}, OFFSETS),
    "multipart_upload": Meaning("multipart_upload", EVERYTHING, OFFSETS),
    "apple_ips": Meaning("apple_ips", APPLE, SOURCES, {"abort", "trap"}, MACH),
    "apple_ips_text": Meaning("apple_ips", APPLE, NAMED, {"abort", "trap"}, MACH),
    "apple_crash": Meaning("apple_crash_text", APPLE, NAMED, {"abort", "trap"}, MACH),
    "plcrash": Meaning("apple_crash_text", APPLE, NAMED, {"abort", "trap"}, SIGNALS),
    "tombstone": Meaning(
        "android_tombstone",
        {"os", "arch", "received_at", "uptime_s", "android_process"},
        NAMED,
        {"abort"},
        SIGNALS,
    ),
    "tombstone_proto": Meaning(
        "tombstone_proto",
        {"os", "arch", "received_at", "uptime_s", "android_process"},
        NAMED,
        {"abort"},
        SIGNALS,
    ),
    "anr": Meaning(
        "android_anr",
        {"os", "arch", "received_at", "android_process"},
        NAMED,
        reasons=dict.fromkeys(NATIVE, "ANR"),
    ),
    "logcat": Meaning(
        "android_java",
        set(),
        lambda frame, _: Frame(frame.component, frame.function, frame.file, frame.line),
        None,
    ),
    "sentry": Meaning("sentry_event", WHO | {"os", "arch", "uptime_s"}, of_sentry, None),
    "sentry_envelope": Meaning("sentry_envelope", EVERYTHING, OFFSETS, set(), SIGNALS),
    "kscrash": Meaning("kscrash_json", APPLE | {"channel"}, NAMED, {"abort"}, MACH),
    "bugsnag": Meaning(
        "bugsnag_json",
        WHO | {"os", "arch", "uptime_s"},
        lambda frame, _: Frame(None, f"{frame.component}.{frame.function}", frame.file, frame.line),
        None,
    ),
    "exceptionless": Meaning(
        "exceptionless_event",
        {"product", "version", "install_id", "report_id", "received_at", "arch", "os"},
        of_dotnet,
        None,
    ),
    "socorro_raw": Meaning("socorro_raw", EVERYTHING, OFFSETS, None, most=0),
    "socorro_processed": Meaning(
        "socorro_processed", EVERYTHING - {"install_id"}, SOURCES, {"abort"}, WINDOWS_REASONS
    ),
    "crash_ping": Meaning("crash_ping", EVERYTHING - {"uptime_s"}, OFFSETS, None, WINDOWS_REASONS),
    "stackwalk_json": Meaning(
        "stackwalk_json",
        {"product", "version", "os", "arch", "uptime_s"},
        SOURCES,
        {"abort"},
        WINDOWS_REASONS,
    ),
    "windows_wer": Meaning(
        "windows_wer",
        {"product", "version", "install_id", "report_id", "received_at", "os", "arch"},
        OFFSETS,
        set(),
        WINDOWS_REASONS,
        most=1,
    ),
    "apport": Meaning("apport", {"version", "received_at", "os", "arch"}, NAMED, set(), SIGNALS),
    "coredump_json": Meaning(
        "coredump_json", {"version", "install_id", "received_at", "arch"}, NAMED, set(), SIGNALS
    ),
    "abrt_ureport": Meaning("abrt_ureport", {"version", "os", "arch"}, NAMED, set(), SIGNALS),
    "elf_core": Meaning("elf_core", {"product", "arch"}, OFFSETS, set(), SIGNALS, most=1),
    "hs_err": Meaning(
        "jvm_hs_err",
        {"product", "received_at", "os", "arch", "uptime_s"},
        lambda frame, _: Frame(frame.component, frame.function),
        leading=(Frame("libc.so.6", "memcpy", offset=0x9D4F4),),
        closing=(Frame(None, "StubRoutines::call_stub"),),
    ),
    "dotnet": Meaning("dotnet_trace", set(), of_dotnet, None),
    "python": Meaning(
        "python_traceback", set(), below(".venv/lib/python3.12/site-packages/"), None
    ),
    "javascript": Meaning(
        "javascript_trace",
        set(),
        lambda frame, _: Frame(None, frame.function, frame.file, frame.line),
        None,
    ),
    "go": Meaning(
        "go_panic",
        set(),
        lambda frame, crash: Frame(
            frame.component.rpartition("/")[2],
            frame.function,
            f"{crash.home}/go/src/{frame.file}",
            frame.line,
        ),
        None,
    ),
    "rust": Meaning(
        "rust_panic",
        set(),
        lambda frame, crash: Frame(
            None,
            f"{frame.component}::{frame.function}",
            f"{crash.home}/atlas/{frame.file}",
            frame.line,
        ),
        None,
    ),
    "sanitizer": Meaning(
        "sanitizer_report",
        set(),
        of_sanitizer,
        reasons={
            "access": "AddressSanitizer / SEGV",
            "abort": "AddressSanitizer / heap-use-after-free",
            "trap": "AddressSanitizer / stack-buffer-overflow",
        },
    ),
    "ruby": Meaning("ruby_trace", set(), below("atlas/"), None),
    "generic": Meaning("generic_json", EVERYTHING, SOURCES, None, SIGNALS),
}
SEEDS = st.integers(0, 2**32)


def simulated(name: str, seed: int) -> tuple[Crash, RawReport]:
    """A crash of that format, and the file that its writer makes of it."""
    crash, file = sample(name, seed)
    return crash, RawReport("x", file.payload, None, file.annotations)


def read(raw: RawReport) -> CrashReport:
    (report,) = parse_payload(raw, Limits())
    assert isinstance(report, CrashReport), report
    return report


def meant(crash: Crash) -> dict[str, object]:
    """The facts of a crash as a report of any format has to tell them."""
    install = crash.install
    return {
        "product": install.platform.product,
        "version": install.version,
        "channel": install.channel,
        "install_id": install.install_id,
        "report_id": crash.report_id,
        "received_at": crash.received_at,
        "os": (install.system.name, install.system.version),
        "arch": install.architecture,
        "process_type": crash.process_type or None,
        "android_process": crash.process_type or None,
        "uptime_s": crash.uptime_s,
    }


def told(report: CrashReport) -> dict[str, object]:
    report_id = (report.report_id or "").replace("-", "").lower()
    dashed = "-".join(
        (report_id[:8], report_id[8:12], report_id[12:16], report_id[16:20], report_id[20:])
    )
    return {
        "product": report.product,
        "version": report.version,
        "channel": report.channel,
        "install_id": report.install_id,
        "report_id": dashed,
        "received_at": report.received_at,
        "os": (report.os_name, report.os_version),
        "arch": report.arch,
        "process_type": report.process_type,
        "android_process": report.process_type,
        "uptime_s": None if report.uptime_s is None else int(report.uptime_s),
    }


def places(frames: tuple[Frame, ...], crash: Crash) -> list[tuple[object, ...]]:
    """What frames tell, but for the folder in which a developer built the product."""
    own = f"{crash.home}/src/meridian/"
    return [
        (each.module, each.function, (each.file or "").removeprefix(own), each.line, each.offset)
        for each in frames
    ]


def test_every_writer_and_every_parser_is_tested_here():
    assert MEANINGS.keys() == FORMATS.keys()
    read_by = {meaning.reader for meaning in MEANINGS.values()}
    assert {parser.FORMAT for parser in PARSERS} - read_by == {"umeng_text"}  # no longer sent


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_what_is_written_parses_back_to_what_it_meant(name: str, seed: int):
    crash, raw = simulated(name, seed)
    meaning, kind = MEANINGS[name], crash.fault.kind
    report = read(RawReport("x", raw.payload))
    assert report.format == meaning.reader
    facts, expected = told(report), meant(crash)
    for fact in meaning.tells:
        assert facts[fact] == expected[fact], fact
    says = meaning.message is None or kind in meaning.message
    assert not says or report.message == crash.message
    if kind in NATIVE:
        reasons = meaning.reasons or OF_SYSTEMS.get(crash.install.system.name, SIGNALS)
        assert name == "socorro_raw" or (report.reason or "").startswith(reasons[kind])
    elif name != "hs_err":
        assert report.exception_type == kind
    most = 2 if name == "elf_core" and crash.install.architecture == "arm64" else meaning.most
    frames = tuple(meaning.frame(frame, crash) for frame in crash.fault.frames[:most])
    whole = (*meaning.leading, *frames, *meaning.closing)
    assert places(report.frames, crash) == places(whole, crash)
    assert not report.truncated


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_with_its_sidecar_each_report_tells_what_is_counted(name: str, seed: int):
    crash, raw = simulated(name, seed)
    facts, expected = told(read(raw)), meant(crash)
    wanted = {"product", "version", "received_at", "install_id"}
    if name == "socorro_processed":
        wanted = {"product", "version", "received_at", "install_id", "channel"}
    if name == "minidump" and not raw.annotations:
        wanted -= {"received_at"}  # the header's time is the crash's
    for fact in wanted:
        assert facts[fact] == expected[fact], fact


@pytest.mark.parametrize("name", FORMATS)
def test_a_refusal_is_read_wherever_a_format_has_one(name: str):
    refusals = {
        crash.consent_refused: read(raw).consent
        for crash, raw in (simulated(name, seed) for seed in range(60))
    }
    assert refusals[True] is (None if name in {"sentry", "bugsnag", "exceptionless"} else False)
    assert refusals[False] is not False


@pytest.mark.parametrize("name", FORMATS)
def test_personal_values_of_many_kinds_stand_in_each_format(name: str):
    planted: set[str] = set()
    for seed in range(12):
        crash, raw = simulated(name, seed)
        payload = raw.payload
        planted |= {
            kind
            for kind, value in crash.persona.values()
            if value.encode() in payload or value.encode("utf-16-le") in payload
        }
    assert "user_name" in planted
    assert len(planted) >= 3
