"""Apple crash reports as text (`.crash`), and the text that older `.ips` files hold.

The sections are those that Apple describes in "Examining the fields in a crash report" and in
Technical Note TN2151. PLCrashReporter (`PLCrashReportTextFormatter.m`) and KSCrash
(`KSCrashReportFilterAppleFmt.m`) write the same form, with placeholders for what they do not know.
Kept are the facts of the header, the exception, and the backtrace of the crashed thread; never
registers or another thread's stack.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.apple_facts import (
    exception_of_message,
    reason_of,
    termination_of_text,
    with_termination,
)
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.normalise import (
    OperatingSystem,
    architecture,
    in_app_by_path,
    module_name,
    operating_system,
)
from transforms.parse.parser import ParseError
from transforms.parse.text import text_lines
from transforms.parse.times import parse_time, seconds_between

FORMAT = "apple_crash_text"

MAPPING = FieldMapping(
    recognized_by="lines of Apple's header, or `Thread 0` and `Binary Images:`",
    product="`Process`, else `Command`, without the number",
    version="`Version`: the marketing version",
    channel="`beta` by `Beta: YES`",
    os="`OS Version`",
    arch="`Code Type`",
    reason="`Exception Type` with signal, subtype or codes, and `Termination Reason`; else `Event`",
    exception_type="the uncaught exception's class by the message, else `Exception Type`",
    message="`Application Specific Information`, else `Termination Description` or `Termination "
    "Reason`",
    frames="`Last Exception Backtrace`, else the crashed or triggered thread's, by `Binary Images`",
    install_id="`CrashReporter Key`, else `Anonymous UUID`",
    report_id="`Incident Identifier`",
    received_at="`Date/Time`",
    uptime_s="`Date/Time` less `Launch Time`",
)

_SNIFFED_BYTES = 16 * 1024
_MAX_LINES = 200_000
_MAX_IMAGES = 10_000
_MAX_MESSAGE_LINES = 20

_HEADER = frozenset(
    {
        "Anonymous UUID",
        "Beta",
        "Code Type",
        "Command",
        "CrashReporter Key",
        "Crashed Thread",
        "Date/Time",
        "Event",
        "Exception Codes",
        "Exception Subtype",
        "Exception Type",
        "Incident Identifier",
        "Launch Time",
        "OS Version",
        "Process",
        "Report Version",
        "Termination Description",
        "Termination Reason",
        "Triggered by Thread",
        "Version",
    }
)
_THREAD = re.compile(r"Thread ([0-9]{1,6})( Crashed)?:")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{1,16}")
_IMAGE = re.compile(r"\s{0,64}(0x[0-9a-fA-F]{1,16}) {1,16}- {1,16}(0x[0-9a-fA-F]{1,16})\s+(\S.*)")
# PLCrashReporter once set no space behind a long name of an image.
_ADDRESS_BEHIND_NAME = re.compile(r"(?<=\S)(?=0x[0-9a-fA-F]{8,16} 0x[0-9a-fA-F]{1,16} \+ [0-9])")
# KSCrash can write a frame both ways: `0x10f000000 + 4660 (main + 12)`.
_SIDE_BY_SIDE = re.compile(r"0x[0-9a-fA-F]{1,16} \+ [0-9]{1,20} \((?=.*\)$)")
_SOURCE = re.compile(r" \(([^()]{1,255}):([0-9]{1,9})\)$")
_NOT_A_NAME = frozenset(
    {"<redacted>", "<deduplicated_symbol>", "???", "(null)", "TODO", "[TODO]", ""}
)
_PHONES_REPORT_VERSIONS = ("104", "105")
_MOBILE = frozenset({"iOS", "iPadOS", "tvOS", "watchOS", "visionOS"})
_LAST_EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class _Image:
    start: int
    end: int
    name: str | None = field(repr=False)
    in_app: bool | None = None


@dataclass(slots=True)
class _Sections:
    """What one pass over the lines found, still as text."""

    header: dict[str, str] = field(default_factory=dict, repr=False)
    message: list[str] = field(default_factory=list, repr=False)
    stacks: dict[str, list[str]] = field(default_factory=dict, repr=False)
    images: list[_Image] = field(default_factory=list, repr=False)


def sniff(payload: bytes) -> bool:
    """Tell a report by its header, or by its threads and images where the header is cut off."""
    head = payload[:_SNIFFED_BYTES]
    if head.lstrip()[:1] in {b"{", b"["}:
        return False
    if b"Thread 0" in head and b"Binary Images:" in payload:
        return True
    system = b"OS Version:" in head or b"Report Version:" in head
    return system and b"Date/Time:" in head and (b"Process:" in head or b"Command:" in head)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a text.

    Raises:
        ParseError: `TRUNCATED` when the text ends before it tells of a crash.
    """
    yield read_text(raw.payload, limits, FORMAT)


def read_text(payload: bytes, limits: Limits, format_name: str) -> CrashReport:
    """Return the report that the text of a crash report tells.

    Raises:
        ParseError: `TRUNCATED` when the text ends before it tells of a crash.
    """
    sections = _read_sections(payload, limits)
    header = sections.header
    if not sections.stacks and "Exception Type" not in header and "Event" not in header:
        raise ParseError(FailureKind.TRUNCATED)
    system = _operating_system(header.get("OS Version", ""))
    exception, signal = _exception_and_signal(header.get("Exception Type", ""))
    details = header.get("Exception Subtype") or header.get("Exception Codes")
    message = "\n".join(sections.message) or header.get("Termination Description")
    thrown, thrown_message = exception_of_message(message)
    key = header.get("CrashReporter Key") or header.get("Anonymous UUID", "")
    captured = parse_time(header.get("Date/Time"))
    frames = _crashed_stack(sections, limits.max_frames + 1)
    return CrashReport(
        format=format_name,
        report_id=_told(header.get("Incident Identifier")),
        install_id=_told(key),
        received_at=captured,
        product=_process_name(header.get("Process") or header.get("Command")),
        version=_version(header, system.name in _MOBILE),
        channel="beta" if header.get("Beta") == "YES" else None,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(header.get("Code Type")),
        reason=with_termination(
            reason_of(exception, signal, details),
            *termination_of_text(header.get("Termination Reason")),
        )
        or header.get("Event"),
        exception_type=thrown or exception or signal,
        message=_told(thrown_message if thrown else message) or header.get("Termination Reason"),
        frames=frames[: limits.max_frames],
        uptime_s=seconds_between(parse_time(header.get("Launch Time")), captured),
        truncated=len(frames) > limits.max_frames,
    )


def _read_sections(payload: bytes, limits: Limits) -> _Sections:
    found = _Sections()
    section = "header"
    for line in islice(text_lines(payload), _MAX_LINES):
        opened = _opened_section(line, found)
        if opened is not None:
            section = opened
        elif not line:
            section = section if section == "images" else "header"
        elif section == "header":
            _keep_header(line, found.header)
        elif section == "message":
            if len(found.message) < _MAX_MESSAGE_LINES:
                found.message.append(line.strip())
        elif section == "images":
            _keep_image(line, found.images)
        else:
            stack = found.stacks.setdefault(section, [])
            if len(stack) <= limits.max_frames:
                stack.append(line)
    return found


def _opened_section(line: str, found: _Sections) -> str | None:
    """Return the section that a line opens: header, message, images, or the stack of a thread."""
    thread = _THREAD.match(line)
    if thread is not None:
        if thread.group(2):
            found.header["Crashed Thread"] = thread.group(1)
        return thread.group(1)
    if line.startswith("Last Exception Backtrace:"):
        return _LAST_EXCEPTION
    if line.startswith("Application Specific Information:"):
        return "message"
    if line.startswith("Binary Images:"):
        return "images"
    return "header" if line.startswith("Thread ") else None


def _keep_header(line: str, header: dict[str, str]) -> None:
    name, colon, value = line.partition(":")
    if colon and name in _HEADER and value.strip():
        header.setdefault(name, value.strip())


def _keep_image(line: str, images: list[_Image]) -> None:
    image = _IMAGE.match(line)
    if image is None or len(images) >= _MAX_IMAGES:
        return
    rest = image.group(3)
    name = rest[rest.find(" /") + 1 :] if " /" in rest else rest.split(maxsplit=1)[0].lstrip("+")
    start, end = int(image.group(1), 16), int(image.group(2), 16)
    images.append(_Image(start, end, module_name(name), in_app_by_path(name)))


def _crashed_stack(sections: _Sections, max_frames: int) -> tuple[Frame, ...]:
    """Return the frames of the uncaught exception if there is one, else of the crashed thread."""
    stacks, header = sections.stacks, sections.header
    if stacks.get(_LAST_EXCEPTION):
        thrown = _exception_frames(stacks[_LAST_EXCEPTION], sections.images)
        return tuple(islice(thrown, max_frames))
    named = header.get("Crashed Thread") or header.get("Triggered by Thread") or "0"
    stack = stacks.get(named.split()[0], ())
    frames = (stack_frame(line, sections.images) for line in stack)
    return tuple(frame for frame in frames if frame is not None)


def _exception_frames(stack: list[str], images: list[_Image]) -> Iterator[Frame]:
    """Yield frames of a backtrace that is symbolicated, or of one that is a list of addresses."""
    for line in stack:
        if line.startswith("("):
            for address in _ADDRESS.findall(line):
                image = _image_of(int(address, 16), images)
                yield _located(image.name if image else None, None, int(address, 16), images)
        else:
            frame = stack_frame(line, images)
            if frame is not None:
                yield frame


def stack_frame(line: str, images: list[_Image]) -> Frame | None:
    """Return the frame of a line such as `3   AppKit   0x00007fff31f4395b -[NSView x] + 12`."""
    words = _ADDRESS_BEHIND_NAME.sub(" ", line).split()
    at = next((i for i, word in enumerate(words) if i > 1 and _ADDRESS.fullmatch(word)), None)
    if at is None or not words[0].isdecimal():
        return None
    module = " ".join(words[1:at])
    symbol = " ".join(words[at + 1 :]).removesuffix(" ((null))")
    both = _SIDE_BY_SIDE.match(symbol)
    if both is not None:
        symbol = symbol[both.end() : -1]
    source = _SOURCE.search(symbol)
    if source is not None:
        symbol = symbol[: source.start()]
    name, _, distance = symbol.rpartition(" + ") if " + " in symbol else (symbol, "", "")
    name = name.partition(" (in ")[0].strip()
    frame = _located(None if module in _NOT_A_NAME else module, name, int(words[at], 16), images)
    if _ADDRESS.fullmatch(name) and distance.isdecimal() and frame.module and int(name, 16):
        frame = Frame(module=frame.module, offset=int(distance), in_app=frame.in_app)
    if source is None or frame.function is None:
        return frame
    line_number = int(source.group(2)) or None  # the compiler's own code has line 0
    return replace(frame, file=source.group(1), line=line_number)


def _located(module: str | None, name: str | None, address: int, images: list[_Image]) -> Frame:
    """Return the frame with its offset from the image that it lies in; never the address."""
    image = _image_of(address, images)
    known = name if name and name not in _NOT_A_NAME and not _is_number(name) else None
    return Frame(
        module=(image.name if image else None) or module,
        function=known,
        offset=address - image.start if image else None,
        in_app=image.in_app if image else None,
    )


def _image_of(address: int, images: list[_Image]) -> _Image | None:
    return next((image for image in images if image.start <= address <= image.end), None)


def _is_number(name: str) -> bool:
    return name.isdecimal() or _ADDRESS.fullmatch(name) is not None


def _told(value: str | None) -> str | None:
    """Return a value, None for a placeholder."""
    return None if value in _NOT_A_NAME else value


def _operating_system(value: str) -> OperatingSystem:
    """Return the system; one that PLCrashReporter does not know is a number to it."""
    return operating_system(None if value.startswith("Unknown (") else value, None)


def _exception_and_signal(value: str) -> tuple[str | None, str | None]:
    """Return both of `EXC_CRASH (SIGABRT)`; KSCrash writes `0` for either that it does not know."""
    exception, _, signal = value.partition(" (")
    named = (None if each == "0" else _told(each) for each in (exception, signal.removesuffix(")")))
    return next(named), next(named)


def _process_name(value: str | None) -> str | None:
    """Return `Slack` of `Slack [2214]`."""
    is_numbered = value is not None and value.endswith("]")
    return _told((value or "").rpartition(" [")[0].strip() if is_numbered else value)


def _version(header: Mapping[str, str], mobile: bool) -> str | None:
    """Return the marketing version of the two that stand in `Version`.

    It is the second on phones (`1 (3.0)`) and wherever KSCrash writes; elsewhere it is the first
    (`4.18.0 (6748)`), and wherever PLCrashReporter writes, which has a signal for an exception.
    """
    first, _, second = header.get("Version", "").partition(" (")
    as_phones_do = mobile or header.get("Report Version") in _PHONES_REPORT_VERSIONS
    is_second = as_phones_do and not header.get("Exception Type", "").startswith("SIG")
    marketing = _told(second.removesuffix(")")) if is_second else None
    return marketing or _told(first)
