"""Bugsnag events: one event in JSON, or a notifier's whole payload of events.

Attributes are those of Bugsnag's error reporting API, `bugsnagerrorreportingapi.docs.apiary.io`,
with the native frames of its Cocoa and NDK notifiers. Breadcrumbs, requests, metadata, code and
the user's own settings are not kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, Identity, IdentityKind, RawReport
from transforms.parse.causes import LINKED_WHILE_HANDLING
from transforms.parse.documents import is_one_object
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.frame_names import function_name, stable_name
from transforms.parse.json_reader import integer, mapping, read_object, seconds, sequence, text
from transforms.parse.normalise import (
    OperatingSystem,
    architecture,
    module_name,
    operating_system,
    without_query,
)
from transforms.parse.parser import ParseError
from transforms.parse.times import parse_time

FORMAT = "bugsnag_json"

MAPPING = FieldMapping(
    recognized_by="`exceptions` with an `errorClass`",
    product="`app.id` or `app.name`, else `metaData.app.name`",
    version="`app.version`",
    channel="`app.releaseStage`",
    os="`device.osName`, `osVersion` and `runtimeVersions.osBuild`",
    arch="`app.binaryArch`, else the first of `device.cpuAbi`",
    reason="the signal, or the Mach exception that the error is named by",
    exception_type="the root cause's `errorClass`",
    message="the root cause's `message`",
    frames="the root cause's, else those of the exceptions around it, else the reporting thread's",
    install_id="`device.id`, else `user.id`",
    report_id="`id`",
    received_at="`device.time`, else `receivedAt`",
    uptime_s="`app.duration`",
    identities="the user's names, mail and id; the device's id and name",
)

_MILLISECONDS: Final = 1000


def sniff(payload: bytes) -> bool:
    """Tell an event by its list of exceptions, each with the class that Bugsnag names so."""
    named = b'"exceptions"' in payload and b'"errorClass"' in payload
    return named and is_one_object(payload)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the report of each event.

    Raises:
        ParseError: `TRUNCATED`, `MALFORMED`, `NOT_A_CRASH` for an event without exceptions, or
            `OVERSIZED` beyond the policy's number of reports.
    """
    document = read_object(raw.payload)
    # The Cocoa notifier keeps the events of JavaScript inside a report of its own.
    inner = mapping(mapping(document.get("user")).get("event"))
    events = sequence(document.get("events")) or [inner if inner.get("exceptions") else document]
    for number, event in enumerate(events):
        if number == limits.max_reports_per_file:
            raise ParseError(FailureKind.OVERSIZED)
        yield _report(mapping(event), limits)


def _report(event: Mapping[str, Any], limits: Limits) -> CrashReport:
    app, device = mapping(event.get("app")), mapping(event.get("device"))
    causes = _causes(event, device)
    if not causes:
        raise ParseError(FailureKind.NOT_A_CRASH)
    thrown = causes[0]
    described = mapping(mapping(event.get("metaData")).get("app"))
    system = _operating_system(device)
    stack = _stack(event, causes)
    return CrashReport(
        format=FORMAT,
        report_id=text(event.get("id")),
        install_id=text(device.get("id")) or text(mapping(event.get("user")).get("id")),
        received_at=parse_time(device.get("time")) or parse_time(event.get("receivedAt")),
        product=text(app.get("id")) or text(app.get("name")) or text(described.get("name")),
        version=text(app.get("version")),
        channel=text(app.get("releaseStage")),
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(
            text(app.get("binaryArch")) or next(map(text, sequence(device.get("cpuAbi"))), None)
        ),
        reason=_reason(event, thrown),
        exception_type=text(thrown.get("errorClass")),
        message=text(thrown.get("message")),
        frames=tuple(_frame(mapping(frame)) for frame in stack[: limits.max_frames]),
        uptime_s=seconds(app.get("duration"), _MILLISECONDS),
        truncated=len(stack) > limits.max_frames,
        identities=tuple(_identities(event)),
    )


def _operating_system(device: Mapping[str, Any]) -> OperatingSystem:
    build = text(mapping(device.get("runtimeVersions")).get("osBuild")) or ""
    return operating_system(
        text(device.get("osName")), text(device.get("osVersion")), build.partition(" ")[0]
    )


def _causes(event: Mapping[str, Any], device: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the root cause, and behind each exception the one that it caused.

    Notifiers begin with what was thrown, and go on to its cause.
    """
    exceptions = [each for each in map(mapping, sequence(event.get("exceptions"))) if each]
    languages = mapping(device.get("runtimeVersions"))
    if not LINKED_WHILE_HANDLING.isdisjoint(languages):
        return exceptions[:1]
    return exceptions[::-1]


def _stack(event: Mapping[str, Any], causes: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
    """Return the first exception's frames that has some, else those of the reporting thread."""
    for exception in causes:
        own = sequence(exception.get("stacktrace"))
        if own:
            return own
    threads = [mapping(thread) for thread in sequence(event.get("threads"))]
    reporting = (thread for thread in threads if thread.get("errorReportingThread") is True)
    return sequence(next(reporting, {}).get("stacktrace"))


def _reason(event: Mapping[str, Any], thrown: Mapping[str, Any]) -> str | None:
    """Return the signal, or the Mach exception that a native error is named by."""
    told = mapping(mapping(event.get("severityReason")).get("attributes")).get("signalType")
    name = text(thrown.get("errorClass"))
    is_native = name is not None and name.startswith(("SIG", "EXC_"))
    return text(told) or (name if is_native else None)


def _frame(frame: Mapping[str, Any]) -> Frame:
    function = function_name(stable_name(text(frame.get("method")) or ""))
    if function is not None and function.startswith("0x"):
        function = None
    in_app = frame.get("inProject")
    own = in_app if isinstance(in_app, bool) else None
    address = integer(frame.get("frameAddress"))
    if address is None:
        file, line = text(frame.get("file")), integer(frame.get("lineNumber")) or None
        return Frame(None, function, file and without_query(file), line, None, own)
    start = integer(frame.get("machoLoadAddress"))
    start = integer(frame.get("loadAddress")) if start is None else start
    module = module_name(text(frame.get("machoFile")) or text(frame.get("file")))
    is_inside = module is not None and start and start <= address
    # The line of a native frame repeats its offset.
    return Frame(
        module, function, offset=address - start if is_inside and start else None, in_app=own
    )


def _identities(event: Mapping[str, Any]) -> Iterator[Identity]:
    user, device = mapping(event.get("user")), mapping(event.get("device"))
    for name in (text(user.get("name")), text(user.get("email"))):
        if name is not None:
            parts = name.partition("@")[0].split()
            yield from (Identity(IdentityKind.USER_NAME, part) for part in (name, *parts))
    if (host := text(device.get("hostname"))) is not None:
        yield Identity(IdentityKind.HOST_NAME, host)
    for value in (text(user.get("id")), text(device.get("id"))):
        if value is not None:
            yield Identity(IdentityKind.DEVICE_ID, value)
