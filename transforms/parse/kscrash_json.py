"""KSCrash reports in JSON, and those of the reporters that were made from it (Bugsnag's Cocoa).

Fields are those of KSCrash's `KSCrashReportFields.h`. Registers, the stack's bytes, notable
addresses, the diagnosis and what the application stored for its user are not kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.annotations import annotation_facts
from transforms.parse.apple_facts import processor_of, reason_of
from transforms.parse.documents import is_one_object
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.frame_names import function_name
from transforms.parse.json_reader import integer, mapping, read_object, seconds, sequence, text
from transforms.parse.modules import Module, Modules
from transforms.parse.normalise import (
    architecture,
    in_app_by_path,
    module_name,
    operating_system,
)
from transforms.parse.parser import ParseError
from transforms.parse.times import parse_time

FORMAT = "kscrash_json"

MAPPING = FieldMapping(
    recognized_by="`report`, `crash` and `error`, with images, process or threads",
    product="`system.process_name`, else `report.process_name` or `CFBundleExecutable`",
    version="`CFBundleShortVersionString`, else `CFBundleVersion`",
    channel="`user.releaseStage`",
    os="`system_name`, `system_version`, `os_version`",
    arch="`system.binary_cpu_type`, else `cpu_arch`",
    reason="Mach exception with signal or code; else `error.type`",
    exception_type="the thrown exception's name; else Mach exception, signal or `error.type`",
    message="the thrown exception's reason",
    frames="the crashed thread's, by `binary_images`",
    install_id="`system.device_app_hash`",
    report_id="`report.id`",
    received_at="`report.timestamp`",
    uptime_s="active and background time since launch",
    consent="`user`'s settings",
    identities="`user`'s settings",
)

_NAMES: Final = (b'"crash"', b'"report"', b'"error"')
_PARTS: Final = (b'"binary_images"', b'"process_name"', b'"threads"')
_MAX_IMAGES: Final = 10_000
_MICROSECONDS_FROM: Final = 1e14
_FIRST_YEAR: Final = 2007
"""The first iPhone's: older times are those of a clock that the reporter misread."""

_NO_EXCEPTION: Final = "0"


def sniff(payload: bytes) -> bool:
    """Tell a report by its three objects: what it is, what crashed, and what the error was."""
    named = all(name in payload for name in _NAMES) and any(name in payload for name in _PARTS)
    return named and is_one_object(payload)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a file.

    Raises:
        ParseError: `TRUNCATED`, `MALFORMED`, or `NOT_A_CRASH` when it tells no error.
    """
    document = _whole_report(read_object(raw.payload))
    crash, about = mapping(document.get("crash")), mapping(document.get("report"))
    error, system = mapping(crash.get("error")), mapping(document.get("system"))
    if not error:
        raise ParseError(FailureKind.NOT_A_CRASH)
    known = operating_system(
        text(system.get("system_name")),
        text(system.get("system_version")),
        text(system.get("os_version")),
    )
    stack = _crashed_stack(crash)
    mach, signal = mapping(error.get("mach")), mapping(error.get("signal"))
    mach_name = _known(mach.get("exception_name"))
    signal_name = _known(signal.get("name"))
    thrown, message = _thrown(error)
    said_by_user = _settings(mapping(document.get("user")))
    facts = annotation_facts(said_by_user)
    yield CrashReport(
        format=FORMAT,
        report_id=text(about.get("id")),
        install_id=text(system.get("device_app_hash")),
        received_at=_time(about.get("timestamp")),
        product=text(system.get("process_name"))
        or text(about.get("process_name"))
        or text(system.get("CFBundleExecutable")),
        version=text(system.get("CFBundleShortVersionString"))
        or text(system.get("CFBundleVersion")),
        channel=said_by_user.get("releaseStage"),
        os_name=known.name,
        os_version=known.version,
        os_build=known.build,
        arch=processor_of(integer(system.get("binary_cpu_type")))
        or architecture(text(system.get("cpu_arch"))),
        reason=reason_of(mach_name, signal_name, _known(mach.get("code_name")))
        or text(error.get("type")),
        exception_type=thrown or mach_name or signal_name or text(error.get("type")),
        message=message,
        frames=_frames(stack[: limits.max_frames], sequence(document.get("binary_images"))),
        uptime_s=_uptime(mapping(system.get("application_stats"))),
        consent=facts.consent,
        truncated=len(stack) > limits.max_frames or document.get("incomplete") is True,
        identities=facts.identities,
    )


def _whole_report(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the report of the first crash, where the reporter itself crashed writing it."""
    is_minimal = mapping(document.get("report")).get("type") == "minimal"
    first = mapping(document.get("recrash_report"))
    if is_minimal and mapping(first.get("crash")).get("error"):
        return {"binary_images": document.get("binary_images"), **document, **first}
    return document


def _crashed_stack(crash: Mapping[str, Any]) -> Sequence[Any]:
    """Return the crashed thread's frames, innermost first."""
    threads = [mapping(thread) for thread in sequence(crash.get("threads"))]
    one = mapping(crash.get("crashed_thread"))
    crashed = [thread for thread in (one, *threads) if thread.get("crashed") is True]
    found = (crashed or [one])[0]
    return sequence(mapping(found.get("backtrace")).get("contents"))


def _frames(stack: Sequence[Any], images: Sequence[Any]) -> tuple[Frame, ...]:
    loaded = Modules([_image(mapping(image)) for image in images[:_MAX_IMAGES]])
    return tuple(_frame(mapping(frame), loaded) for frame in stack)


def _image(image: Mapping[str, Any]) -> Module:
    start, size = integer(image.get("image_addr")), integer(image.get("image_size"))
    return Module(text(image.get("name")) or "", start or 0, max(size or 0, 0))


def _frame(frame: Mapping[str, Any], loaded: Modules) -> Frame:
    address, start = integer(frame.get("instruction_addr")), integer(frame.get("object_addr"))
    path = text(frame.get("object_name"))
    image = None if address is None else loaded.containing(address)
    if image is not None and not (path and start):
        path, start = image.path, image.base
    module = module_name(path)
    has_offset = module is not None and start and address is not None and start <= address
    return Frame(
        module=module,
        function=_known(frame.get("symbol_name")),
        offset=address - start if has_offset and address is not None and start else None,
        in_app=in_app_by_path(image.path if image else path),
    )


def _known(value: object) -> str | None:
    name = function_name(text(value))
    return None if name == _NO_EXCEPTION else name


def _thrown(error: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the name and the reason of the exception that was thrown, in any language."""
    reason = text(error.get("reason"))
    for kind in ("nsexception", "cpp_exception", "user_reported"):
        thrown = mapping(error.get(kind))
        name = text(thrown.get("name"))
        if name:
            return name, reason or text(thrown.get("reason"))
    return None, reason


def _uptime(stats: Mapping[str, Any]) -> float | None:
    """Return the seconds since launch, in front and in the background."""
    names = ("active_time_since_launch", "background_time_since_launch")
    active, background = (seconds(stats.get(name)) for name in names)
    return None if active is None or background is None else active + background


def _time(value: object) -> datetime | None:
    """Return the time of a report, which version 3.3 writes in microseconds since the epoch."""
    if isinstance(value, int | float) and abs(value) >= _MICROSECONDS_FROM:
        value = value // 1000
    moment = parse_time(value)
    return moment if moment and moment.year >= _FIRST_YEAR else None


def _settings(user: Mapping[str, Any]) -> dict[str, str]:
    """Return what an application stored beside its crash, and where Bugsnag puts the same."""
    person = mapping(mapping(user.get("metaData")).get("user"))
    flat: dict[str, str] = {}
    for place in (user, mapping(user.get("config")), person):
        for name, value in place.items():
            if (said := text(value)) is not None:
                flat.setdefault(name, said)
    for name, annotation in (("id", "userId"), ("name", "userName")):
        if (said := text(person.get(name))) is not None:
            flat.setdefault(annotation, said)
    return flat
