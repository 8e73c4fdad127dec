"""Stack traces of JavaScript: V8's and Hermes', those of Firefox and Safari, and old Opera's.

Kept is the root cause, where Node prints a `[cause]`.

The forms are those of `Error.prototype.stack` in each engine. Columns and a URL's query are not
kept.
"""

import re
from collections.abc import Iterator

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.frame_names import function_name
from transforms.parse.normalise import without_query
from transforms.parse.trace_text import head_of_text, report_of_trace, require, trace_lines

FORMAT = "javascript_trace"

MAPPING = FieldMapping(
    recognized_by="a frame of V8, SpiderMonkey, JavaScriptCore or Opera",
    reason="the error's class",
    exception_type="the error's class",
    message="the error's message",
    frames="the first trace's; of a chain of causes the last",
)

_ERROR = re.compile(
    r"(?:.{0,64}?Uncaught (?:\(in promise\) )?)?(?P<type>[A-Z_$a-z][\w$.]{0,128})"
    r"(?: \[[A-Z_0-9]{1,64}\])?(?:: (?P<message>.*))?$"
)
_OPERA_ERROR = re.compile(r"Statement on line [0-9]{1,9}: (?P<message>.*)$")
_V8 = re.compile(r"\s{0,16}at (?:async )?(?P<rest>\S.*)$")
_LOCATED = re.compile(r"(?P<file>.{1,2048}?):(?P<line>[0-9]{1,9})(?::[0-9]{1,9})?$")
_LINE_AND_COLUMN = re.compile(r"\S:[0-9]{1,9}:[0-9]{1,9}$")
_OPERA = re.compile(
    r"\s{1,4}Line (?P<line>[0-9]{1,9}) of (?:linked|inline#[0-9]{1,6}) script (?:in )?"
    r"(?P<file>\S{1,2048}?)(?:: In function (?P<function>\S{1,256}))?$"
)
_OPERA_11 = re.compile(
    r"(?:called from|Error (?:thrown|created|initially occurred) at) line (?P<line>[0-9]{1,9}), "
    r"column [0-9]{1,9}(?: in (?P<function>[^\n]{1,256}?)\([^()\n]{0,256}\)>?)? in "
    r"(?P<file>\S{1,2048}):$"
)
_OPERA_11_UNNAMED = "<anonymous function"
_OF_HERMES = "address at "  # a place within bytecode
_EVALUATED_AT = re.compile(r"eval at [^(]{0,256}\((?P<place>[^()]{1,2048})\)")
_EVALUATED_ON = re.compile(r" line (?P<line>[0-9]{1,9}) > (?:eval|Function|AsyncFunction)\b")
_V8_SNIFFED = re.compile(
    rb"(?m)^\s{0,16}at (?:[^\n]{1,256} \()?[^\s()][^()\n]{0,1024}:\d{1,9}:\d{1,9}\)?\s{0,4}$"
)
_OTHERS_SNIFFED = re.compile(
    rb"(?m)^[^@\n]{0,256}@(?:(?:https?|file|app|blob|capacitor|resource|chrome|[a-z-]{1,32}extension)"
    rb"://?[^\n]{1,1024}:\d{1,9}|[^\s@][^\s]{0,256}:\d{1,9}:\d{1,9})\s{0,4}$"
)
_CAUSE = "[cause]: "
_OPERA_CREATED = "Error created at "
_OPERA_SNIFFED = (b" of linked script ", b"\ncalled from line ")
_NO_FUNCTION = frozenset({"Anonymous function", "<anonymous function>"})  # of Opera
_NO_FILE = (
    "<anonymous>",
    "native",
    "[native code]",
    "unknown location",
    "eval code",
    "native code",
)
_OF_NODE = ("node:", "internal/")
_OF_OTHERS = "node_modules"


def sniff(payload: bytes) -> bool:
    """Tell a trace by a frame of one of the engines."""
    head = head_of_text(payload)
    return (
        (b"at " in head and bool(_V8_SNIFFED.search(head)))
        or (b"@" in head and bool(_OTHERS_SNIFFED.search(head)))
        or any(mark in head for mark in _OPERA_SNIFFED)
    )


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report: the first trace in the text.

    Raises:
        ParseError: `TRUNCATED` when there is no frame.
    """
    most = limits.max_frames + 1
    kind: str | None = None
    message: str | None = None
    frames: list[Frame] = []
    for line in trace_lines(raw.payload):
        cause = line.lstrip().removeprefix(_CAUSE) if frames else line
        frame = None if cause.startswith(_OPERA_CREATED) else _frame(line.removesuffix(" {"))
        if frames and _CAUSE in line:
            (kind, message), frames = _error(cause) or (None, None), []
        elif frame is not None:
            frames.append(frame)
            if len(frames) == most:
                break
        elif frames and not line.startswith("    "):  # old Opera quotes the source so
            break
        elif not frames:
            kind, message = _error(line) or (kind, message)
    require(frames)
    yield report_of_trace(FORMAT, kind, message, frames, limits)


def _error(line: str) -> tuple[str | None, str | None] | None:
    opera = _OPERA_ERROR.match(line)
    if opera is not None:
        return "Error", opera.group("message")
    found = _ERROR.match(line)
    if found is None:
        return None
    kind, message = found.group("type"), found.group("message")
    named = kind.endswith(("Error", "Exception", "Warning"))
    return (kind, message) if named else None


def _frame(line: str) -> Frame | None:
    v8, opera = _V8.match(line), _OPERA.match(line)
    if opera is not None:
        return _made(opera.group("function") or "", f"{opera.group('file')}:{opera.group('line')}")
    if (located := _OPERA_11.match(line)) is not None:
        function = (located.group("function") or "").removeprefix(_OPERA_11_UNNAMED)
        name = function.removeprefix(": ").removesuffix(">")
        return _made(name, f"{located['file']}:{located['line']}")
    if v8 is not None:
        return _frame_of_v8(v8.group("rest"))
    # A function's name may hold an `@`, and so may a URL: the place begins with the scheme's.
    scheme = line.find("://")
    at = line.rfind("@", 0, scheme if scheme > 0 else len(line))
    if at >= 0:
        # Firefox writes `async*name` where the name was called by what is awaited.
        named = line[:at].rpartition("*")[2]
        return _made(named.partition("(")[0] or named, line[at + 1 :])
    # Node prints where an error was thrown above it, as a place with a line alone.
    return _made("", line) if scheme > 0 and _LINE_AND_COLUMN.search(line[-32:]) else None


def _frame_of_v8(rest: str) -> Frame | None:
    """Return the frame of `function (place)` or of a place alone."""
    function, opened, place = rest.partition(" (")
    if not opened:
        return _made("", rest)
    evaluated = _EVALUATED_AT.search(place)
    if evaluated is not None:
        return _made(function, evaluated.group("place"))
    place = place.removesuffix(")").removeprefix(_OF_HERMES)
    return _made(function.partition(" [as ")[0], place)


def _made(function: str, place: str) -> Frame | None:
    """Return a frame, or None for a place that is none."""
    name = None if function in _NO_FUNCTION else function_name(function)
    located = _LOCATED.match(place)
    if place.startswith(_NO_FILE):
        return Frame(function=name) if name else None
    if located is None:
        return None
    file, line = located.group("file"), int(located.group("line"))
    evaluated = _EVALUATED_ON.search(file)
    if evaluated is not None:
        file, line = file[: evaluated.start()], int(evaluated.group("line"))
    file = without_query(file)
    library = file.startswith(_OF_NODE) or _OF_OTHERS in file
    return Frame(function=name, file=file, line=line, in_app=False if library else None)
