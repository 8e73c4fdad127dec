"""Ruby's backtraces, as `Exception#full_message` prints them, and the crash reports of its VM.

Kept is the exception that ended the program, with its own frames; causes stand behind it there.
"""

import re
from collections.abc import Iterable, Iterator

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.trace_text import head_of_text, report_of_trace, require, trace_lines

FORMAT = "ruby_trace"

MAPPING = FieldMapping(
    recognized_by="a place such as `` x.rb:1:in `f' ``, or `[BUG]` of the VM",
    reason="the exception's class",
    exception_type="the exception's class",
    message="the exception's message",
    frames="the exception's backtrace; of the VM its Ruby level",
)

_PLACE = (
    r"(?P<file>[^\s:][^:\n]{0,1023}|[A-Za-z]:[\\/][^:\n]{0,1023}):(?P<line>[0-9]{1,9})"
    r"(?::in [`'](?P<function>[^'\n]{1,512})')?"
)
_RAISED = re.compile(
    rf"{_PLACE}: (?P<message>.*?) ?\((?P<type>[A-Z]\w{{0,128}}(?:::\w{{1,128}}){{0,16}})\)$"
)
_RAISED_OPEN = re.compile(rf"{_PLACE}(?<='): (?P<message>.*)$")
_LOGGED = re.compile(r"(?P<type>[A-Z]\w{0,128}(?:::\w{1,128}){0,16})(?: \((?P<message>.*)\))?:$")
_FROM = re.compile(rf"\s{{1,16}}(?:[0-9]{{1,6}}: )?from {_PLACE}$")
_INDENTED = re.compile(rf"\s{{0,16}}{_PLACE}$")
_BUG = re.compile(r"(?:.{0,1024}: )?\[BUG\] (?P<message>.{1,512}?)(?: at 0x[0-9a-f]{1,16})?$")
_SNIFFED = re.compile(rb":\d{1,9}:in [`'][^'\n]{1,512}'")
_LEVEL_OF_RUBY = "-- Ruby level backtrace information"
_LAST = b"Traceback (most recent call last):"
_NOT_OURS = ("/gems/", "/lib/ruby/", "<internal:")


def sniff(payload: bytes) -> bool:
    """Tell a backtrace by a place of Ruby, or the VM's own by its banner."""
    head = head_of_text(payload)
    if b"[BUG] " in head and b"\nruby " in head:
        return True
    return b":in " in head and bool(_SNIFFED.search(head))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a text.

    Raises:
        ParseError: `TRUNCATED` when the text ends before its first frame.
    """
    most = limits.max_frames + 1
    lines = trace_lines(raw.payload)
    if b"[BUG] " in head_of_text(raw.payload):
        kind, message, frames = _crash_of_vm(lines)
    else:
        outermost_first = _LAST in head_of_text(raw.payload)
        kind, message, frames = _exception(lines, most, outermost_first=outermost_first)
    require(frames or message)
    yield report_of_trace(FORMAT, kind, message, frames, limits)


def _exception(
    lines: Iterable[str], most: int, *, outermost_first: bool
) -> tuple[str | None, str | None, list[Frame]]:
    """Return what was raised, and where, of an exception that Ruby or Rails printed."""
    kind: str | None = None
    message: str | None = None
    frames: list[Frame] = []
    earlier: list[Frame] = []  # Ruby 2.5 to 2.7 print the outermost first on a terminal
    for line in lines:
        called_from = _FROM.match(line)
        if called_from is not None:
            (frames or earlier).append(_frame(called_from))
        elif frames and outermost_first:
            break
        elif not frames and (raised := _RAISED.match(line) or _RAISED_OPEN.match(line)):
            kind, message = raised.groupdict().get("type"), raised.group("message")
            frames.append(_frame(raised))
        elif logged := _LOGGED.match(line):
            if frames:
                break
            kind, message = logged.group("type"), logged.group("message")
        elif (place := _INDENTED.match(line)) and place.group("function"):
            frames.append(_frame(place))
        elif frames and line.strip() and not _is_quoted(line, frames):
            break
        if len(frames) == most:
            break
    return kind or None, message, frames + (earlier[::-1] if outermost_first else [])


def _is_quoted(line: str, frames: list[Frame]) -> bool:
    """Tell a line of the message, or the code at fault: Ruby puts both in front of the callers."""
    return len(frames) == 1 and _RAISED.match(line) is None


def _crash_of_vm(lines: Iterable[str]) -> tuple[str | None, str | None, list[Frame]]:
    """Return the fault and the Ruby frames of `[BUG] ...`, whose backtrace is outermost first."""
    message: str | None = None
    frames: list[Frame] = []
    inside = False
    for line in lines:
        bug = _BUG.match(line) if message is None else None
        place = _INDENTED.match(line) if inside else None
        if bug is not None:
            message = bug.group("message")
        elif line.startswith(_LEVEL_OF_RUBY):
            inside = True
        elif place is not None:
            frames.append(_frame(place))
        elif inside:
            break
    return "[BUG]", message, frames[::-1]


def _frame(place: re.Match[str]) -> Frame:
    file = place.group("file")
    function = place.group("function")
    library = any(part in file for part in _NOT_OURS)
    return Frame(
        function=function,
        file=file,
        line=int(place.group("line")),
        in_app=False if library else None,
    )
