"""Raw crashes of Socorro, Mozilla's crash collector (its `raw_crash` schema).

They are the annotations of a crash with what the collector adds. The minidump is a file of its
own: a raw crash has frames only of what Java or Kotlin threw.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.annotations import annotation_facts
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.frame_names import stable_name
from transforms.parse.java_trace import JavaTrace, is_of_platform, read_java_trace
from transforms.parse.json_reader import integer, mapping, read_object, sequence, text
from transforms.parse.normalise import (
    OperatingSystem,
    android_from_fingerprint,
    architecture,
    operating_system,
)
from transforms.parse.parser import ParseError
from transforms.parse.times import parse_time, seconds_between
from transforms.parse.trace_text import trace_lines

FORMAT = "socorro_raw"

MAPPING = FieldMapping(
    recognized_by="`ProductName` and two more names of Mozilla's annotations in a JSON object",
    product="`ProductName`",
    version="`Version`",
    channel="`ReleaseChannel`",
    os="`Android_Fingerprint`, else `Android_Version`; `LinuxLSBDescription`; `OS` and "
    "`OSVersion`; else `TelemetryEnvironment`",
    arch="`CPUArchitecture`, else `Android_CPU_ABI`",
    process_type="`ProcessType`",
    reason="the class of `JavaException` or `JavaStackTrace`",
    exception_type="the class of `JavaException` or `JavaStackTrace`",
    message="`MozCrashReason`, `AbortMessage`, the Java exception's, or `ipc_channel_error`",
    frames="`JavaException`, else `JavaStackTrace`",
    install_id="`TelemetryClientId`, else `GleanClientId`",
    report_id="`uuid`",
    received_at="`submitted_timestamp`, else `timestamp`, else `CrashTime`",
    uptime_s="`UptimeTS`, else `CrashTime` less `StartupTime`",
    consent="annotations",
    identities="ids and mail addresses among the annotations",
)

_SNIFFED_BYTES: Final = 1024 * 1024
_PRODUCT: Final = b'"ProductName"'
_OTHERS: Final = (
    b'"BuildID"',
    b'"CrashTime"',
    b'"InstallTime"',
    b'"ProductID"',
    b'"ReleaseChannel"',
    b'"StartupTime"',
    b'"Throttleable"',
    b'"Vendor"',
    b'"submitted_timestamp"',
)
_NEEDED_OTHERS: Final = 2

# developer.android.com/tools/releases/platforms: the first version of each API level. Level 32 is
# Android 12L, which calls itself 12.
_ANDROID_OF_API_LEVEL: Final = {
    16: "4.1", 17: "4.2", 18: "4.3", 19: "4.4", 21: "5.0", 22: "5.1", 23: "6.0", 24: "7.0",
    25: "7.1", 26: "8.0.0", 27: "8.1.0", 28: "9", 29: "10", 30: "11", 31: "12", 32: "12",
    33: "13", 34: "14", 35: "15", 36: "16",
}  # fmt: skip


def sniff(payload: bytes) -> bool:
    """Tell a raw crash by the names of annotations that Mozilla's reporters all send."""
    head = payload[:_SNIFFED_BYTES]
    return (
        head.lstrip().startswith(b"{")
        and _PRODUCT in head
        and sum(name in head for name in _OTHERS) >= _NEEDED_OTHERS
    )


def may_have_stack(payload: bytes) -> bool:
    """Tell whether a raw crash may have a stack itself, by the names of the annotations for one."""
    return b'"JavaStackTrace"' in payload or b'"JavaException"' in payload


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a raw crash.

    Raises:
        ParseError: as `read_object`.
    """
    crash = read_object(raw.payload)
    told = {name: value for name, given in crash.items() if (value := text(given)) is not None}
    facts = annotation_facts(told)
    system = _operating_system(crash)
    thrown = _thrown(crash, limits.max_frames)
    crashed = parse_time(_number(told.get("CrashTime")))
    uptime = _number(told.get("UptimeTS"))
    if uptime is None:
        uptime = seconds_between(parse_time(_number(told.get("StartupTime"))), crashed)
    message = told.get("MozCrashReason") or told.get("AbortMessage") or thrown.message
    yield CrashReport(
        FORMAT,
        report_id=facts.report_id,
        install_id=facts.install_id,
        received_at=facts.received_at or parse_time(_number(told.get("timestamp"))) or crashed,
        product=facts.product,
        version=told.get("Version") or facts.version,
        channel=facts.channel,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(told.get("CPUArchitecture")) or architecture(told.get("Android_CPU_ABI")),
        process_type=facts.process_type,
        reason=thrown.exception_type,
        exception_type=thrown.exception_type,
        message=message or told.get("ipc_channel_error"),
        frames=tuple(thrown.frames[: limits.max_frames]),
        uptime_s=uptime,
        consent=facts.consent,
        truncated=len(thrown.frames) > limits.max_frames,
        identities=facts.identities,
    )


def _number(value: str | None) -> float | None:
    """Return the number that an annotation holds, none below zero or beyond all counting."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _operating_system(crash: Mapping[str, Any]) -> OperatingSystem:
    if text(crash.get("Android_Fingerprint")) or text(crash.get("Android_Version")):
        return _android(crash)
    described = operating_system(text(crash.get("LinuxLSBDescription")), None)
    if described.name:
        return described
    named = operating_system(text(crash.get("OS")), text(crash.get("OSVersion")))
    if named.name:
        return named
    environment = mapping(mapping(_nested(crash, "TelemetryEnvironment").get("system")).get("os"))
    build = text(environment.get("windowsBuildNumber"))
    return operating_system(text(environment.get("name")), text(environment.get("version")), build)


def _android(crash: Mapping[str, Any]) -> OperatingSystem:
    """Return the version by the fingerprint, else by the API level in `31 (REL)`."""
    built = android_from_fingerprint(text(crash.get("Android_Fingerprint")) or "")
    if built.version:
        return built
    level = integer((text(crash.get("Android_Version")) or "").partition(" ")[0])
    return operating_system("Android", _ANDROID_OF_API_LEVEL.get(level or 0), built.build)


def _thrown(crash: Mapping[str, Any], max_frames: int) -> JavaTrace:
    """Return what Java or Kotlin threw, innermost frame first; empty when nothing was."""
    values = sequence(mapping(_nested(crash, "JavaException").get("exception")).get("values"))
    thrown = mapping(mapping(values[0]).get("stacktrace")) if values else {}
    frames = sequence(thrown.get("frames"))[: max_frames + 1]
    name = text(thrown.get("type"))
    if name or frames:
        package = text(thrown.get("module"))
        return JavaTrace(
            f"{package}.{name}" if package and name else name,
            text(thrown.get("value")),
            [_frame(mapping(frame)) for frame in frames],
        )
    trace = text(crash.get("JavaStackTrace")) or ""
    return read_java_trace(trace_lines(trace.encode("utf-8", "replace")), max_frames)


def _frame(frame: Mapping[str, Any]) -> Frame:
    module, in_app = stable_name(text(frame.get("module")) or ""), frame.get("in_app")
    return Frame(
        module=module or None,
        function=text(frame.get("function")),
        file=text(frame.get("filename")),
        line=integer(frame.get("lineno")) or None,
        in_app=False if is_of_platform(module) else in_app if isinstance(in_app, bool) else None,
    )


def _nested(crash: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object that an annotation is, or holds as JSON in a string."""
    value = crash.get(name)
    if not isinstance(value, str):
        return mapping(value)
    try:
        return read_object(value.encode("utf-8", "replace"))
    except ParseError:
        return {}
