"""Apple `.ips` reports: a line of JSON that tells what the file is, then the report.

The report is JSON since macOS 12 and iOS 15, and the text of a crash report before. Fields are
those of Apple's "Interpreting the JSON format of a crash report". Besides crashes (bug type 309,
109 as text) the same two parts hold stackshots (288), jetsam events (298) and kernel panics (210).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.apple_crash_text import read_text
from transforms.parse.apple_facts import exception_of_message, reason_of, with_termination
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.frame_names import function_name
from transforms.parse.json_reader import integer, mapping, read_object, sequence, text
from transforms.parse.normalise import (
    architecture,
    in_app_by_path,
    module_name,
    operating_system,
)
from transforms.parse.parser import ParseError
from transforms.parse.times import parse_time, seconds_between

FORMAT = "apple_ips"

MAPPING = FieldMapping(
    recognized_by="a JSON line with `bug_type`, or two more names of Apple's header",
    product="the header's `app_name` or `name`; else `procName`",
    version="the header's `app_version`; else `bundleInfo`",
    channel="`beta` by the header's `is_beta` or `storeInfo.entitledBeta`",
    os="the header's `os_version`; else `osVersion`",
    arch="`cpuType`",
    reason="`exception` type with signal or subtype, and `termination`'s namespace and code; "
    "`stackshot`, jetsam's reason, `panic`",
    exception_type="the uncaught exception's class by the message, else `exception.type`",
    message="`asi`, else `termination`'s details, reasons or indicator",
    frames="`lastExceptionBacktrace`, else the triggered thread's, else `faultingThread`'s",
    install_id="`crashReporterKey`",
    report_id="the header's `incident_id`; else `incident`",
    received_at="the header's `timestamp`; else `captureTime`",
    uptime_s="`captureTime` less `procLaunch`",
)

_MAX_HEADER_BYTES = 64 * 1024
_MAX_MESSAGES = 20
_HEADER_NAMES = (
    b'"incident_id"',
    b'"slice_uuid"',
    b'"roots_installed"',
    b'"share_with_app_devs"',
    b'"is_first_party"',
)


def sniff(payload: bytes) -> bool:
    """Tell the header line by the names that only Apple's diagnostics have in it."""
    head = payload[:_MAX_HEADER_BYTES].lstrip()
    if not head.startswith(b"{"):
        return False
    header = head.partition(b"\n")[0]
    return b'"bug_type"' in header or sum(name in header for name in _HEADER_NAMES) > 1


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a file.

    Raises:
        ParseError: `TRUNCATED`, `MALFORMED`, or `NOT_A_CRASH` for other diagnostics.
    """
    first, _, rest = raw.payload.lstrip().partition(b"\n")
    header = read_object(first)
    body = rest.strip()
    if not body:
        raise ParseError(FailureKind.TRUNCATED)
    if body.startswith(b"{"):
        yield _report(header, read_object(body), limits)
    else:
        yield _with_header(header, read_text(body, limits, FORMAT))


def _with_header(header: Mapping[str, Any], report: CrashReport) -> CrashReport:
    """Return the report with what the header line tells better, or alone."""
    system = operating_system(text(header.get("os_version")), None)
    return replace(
        report,
        report_id=text(header.get("incident_id")) or report.report_id,
        received_at=parse_time(header.get("timestamp")) or report.received_at,
        product=text(header.get("app_name")) or text(header.get("name")) or report.product,
        version=text(header.get("app_version")) or report.version,
        channel="beta" if header.get("is_beta") in (True, 1) else report.channel,
        os_name=system.name or report.os_name,
        os_version=system.version or report.os_version,
        os_build=system.build or report.os_build,
    )


def _report(header: Mapping[str, Any], body: Mapping[str, Any], limits: Limits) -> CrashReport:
    if "threads" in body or ("exception" in body and "processByPid" not in body):
        report = _crash(body, limits)
    elif "processByPid" in body:
        report = _stackshot(body)
    elif "processes" in body and "memoryStatus" in body:
        report = _jetsam(body)
    elif "panicString" in body:
        report = _panic(body)
    else:
        raise ParseError(FailureKind.NOT_A_CRASH)
    return _with_header(header, report)


def _crash(body: Mapping[str, Any], limits: Limits) -> CrashReport:
    exception = mapping(body.get("exception"))
    bundle = mapping(body.get("bundleInfo"))
    system = mapping(body.get("osVersion"))
    known = operating_system(text(system.get("train")), None, text(system.get("build")))
    kind = text(exception.get("type"))
    message = _message(body)
    thrown, thrown_message = exception_of_message(message)
    captured = parse_time(body.get("captureTime"))
    frames = _crashed_stack(body)
    reason = reason_of(kind, text(exception.get("signal")), text(exception.get("subtype")))
    termination = mapping(body.get("termination"))
    return CrashReport(
        format=FORMAT,
        report_id=text(body.get("incident")),
        install_id=text(body.get("crashReporterKey")),
        received_at=captured,
        product=text(body.get("procName")),
        version=text(bundle.get("CFBundleShortVersionString"))
        or text(bundle.get("CFBundleVersion")),
        channel="beta" if mapping(body.get("storeInfo")).get("entitledBeta") is True else None,
        os_name=known.name,
        os_version=known.version,
        os_build=known.build,
        arch=architecture(text(body.get("cpuType"))),
        reason=with_termination(
            reason, text(termination.get("namespace")), integer(termination.get("code"))
        ),
        exception_type=thrown or kind,
        message=thrown_message or message,
        frames=tuple(_frames(frames[: limits.max_frames], sequence(body.get("usedImages")))),
        uptime_s=seconds_between(parse_time(body.get("procLaunch")), captured),
        truncated=len(frames) > limits.max_frames,
    )


def _message(body: Mapping[str, Any]) -> str | None:
    """Return what the process or the system said last, without the thread's own notes."""
    said = mapping(body.get("asi")).values()
    messages = [text(line) for lines in said for line in sequence(lines)]
    termination = mapping(body.get("termination"))
    if not any(messages):
        messages = [text(line) for line in sequence(termination.get("details"))]
    if not any(messages):
        messages = [text(line) for line in sequence(termination.get("reasons"))]
    if not any(messages):
        messages = [text(termination.get("indicator"))]
    return "\n".join(islice((line for line in messages if line), _MAX_MESSAGES)) or None


def _crashed_stack(body: Mapping[str, Any]) -> Sequence[Any]:
    """Return the frames of the uncaught exception if there is one, else of the faulting thread."""
    thrown = sequence(body.get("lastExceptionBacktrace"))
    if thrown:
        return thrown
    threads = [mapping(thread) for thread in sequence(body.get("threads"))]
    triggered = [thread for thread in threads if thread.get("triggered") is True]
    index = integer(body.get("faultingThread"))
    if not triggered and index is not None and 0 <= index < len(threads):
        triggered = [threads[index]]
    return sequence((triggered or threads or [{}])[0].get("frames"))


def _frames(frames: Sequence[Any], images: Sequence[Any]) -> Iterator[Frame]:
    for frame in map(mapping, frames):
        index = integer(frame.get("imageIndex"))
        known = index is not None and 0 <= index < len(images)
        image = mapping(images[index]) if known and index is not None else {}
        module = text(image.get("name")) or module_name(text(image.get("path")))
        offset = integer(frame.get("imageOffset"))
        yield Frame(
            module=module,
            function=function_name(text(frame.get("symbol"))),
            file=_source_file(text(frame.get("sourceFile"))),
            line=integer(frame.get("sourceLine")) or None,
            # Without an image the number is an absolute address.
            offset=offset if module is not None else None,
            in_app=in_app_by_path(text(image.get("path"))),
        )


def _source_file(file: str | None) -> str | None:
    return None if file is None or file.endswith("<compiler-generated>") else file


def _stackshot(body: Mapping[str, Any]) -> CrashReport:
    """Return a stackshot's facts: which process was in front, and why the shot was taken."""
    front = next(map(text, sequence(body.get("frontmostPids"))), None)
    process = mapping(mapping(body.get("processByPid")).get(front or ""))
    return CrashReport(
        format=FORMAT,
        report_id=text(body.get("incident")),
        install_id=text(body.get("crashReporterKey")),
        received_at=parse_time(body.get("date")),
        product=text(process.get("procname")),
        reason="stackshot",
        exception_type=text(body.get("exception")),
        message=text(body.get("reason")),
    )


def _jetsam(body: Mapping[str, Any]) -> CrashReport:
    """Return which process was killed to free memory, the largest where none is marked."""
    processes = [mapping(process) for process in sequence(body.get("processes"))]
    killed = next((process for process in processes if text(process.get("reason"))), {})
    return CrashReport(
        format=FORMAT,
        report_id=text(body.get("incident")),
        install_id=text(body.get("crashReporterKey")),
        received_at=parse_time(body.get("date")),
        product=text(killed.get("name")) or text(body.get("largestProcess")),
        reason=" / ".join(part for part in ("jetsam", text(killed.get("reason"))) if part),
    )


def _panic(body: Mapping[str, Any]) -> CrashReport:
    """Return the first line of a kernel panic, which names it; the rest is memory and tasks."""
    return CrashReport(
        format=FORMAT,
        report_id=text(body.get("incident")),
        install_id=text(body.get("crashReporterKey")),
        received_at=parse_time(body.get("date")),
        product="kernel",
        reason="kernel panic",
        message=(text(body.get("panicString")) or "").partition("\n")[0],
    )
