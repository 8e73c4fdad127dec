"""Go's panics and fatal errors, as the runtime prints them (`runtime/panic.go`, `traceback.go`).

Kept is the first goroutine, which is the one that crashed; never its arguments or other goroutines.
Its stack begins with the panic: what stands above are deferred functions that ran because of it.
A package is named as its code does it, by the last part of the path that it is imported by.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.frame_names import last_of_path
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "go_panic"

MAPPING = FieldMapping(
    recognized_by="a goroutine's header",
    reason="the signal, else `panic` or `fatal error`",
    exception_type="`panic` or `fatal error`, else the signal",
    message="the text behind `panic:` or `fatal error:`",
    frames="the first goroutine's, without the deferred functions that its panic called",
)

_GOROUTINE = re.compile(r"\s{0,8}goroutine [0-9]{1,20}(?: gp=[^\[]{1,200})? \[[^\]]{1,200}\]:$")
_SNIFFED = re.compile(rb"(?m)^\s{0,8}goroutine \d{1,20}(?: gp=[^\[\n]{1,200})? \[[^\]\n]{1,200}\]:")
_CAUSE = re.compile(r"(?P<kind>panic|fatal error): (?P<message>.*)$")
_SIGNAL = re.compile(r"\[signal (?P<name>SIG[A-Z0-9]{2,12})|(?P<bare>SIG[A-Z0-9]{2,12}): ")
_RECOVERED = re.compile(r" \[recovered(?:, repanicked)?\]$")
_PLACE = re.compile(
    r"\s{1,8}(?P<file>.{1,1024}):(?P<line>[0-9]{1,9})(?: \+0x[0-9a-f]{1,16}.{0,200})?$"
)
_PANIC = "panic"
_STANDARD_LIBRARY = frozenset(
    {
        "archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto",
        "database", "debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash",
        "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net",
        "os", "path", "plugin", "reflect", "regexp", "runtime", "slices", "sort", "strconv",
        "strings", "structs", "sync", "syscall", "testing", "text", "time", "unicode", "unique",
        "unsafe", "vendor", "weak",
    }
)  # fmt: skip
"""How paths in the standard library begin (https://pkg.go.dev/std)."""

_OF_OTHERS = ("/pkg/mod/", "/vendor/")
_CALL = re.compile(r"(?P<name>\S[^\t]{0,1024})\([^()]{0,2048}\)$")


def sniff(payload: bytes) -> bool:
    """Tell a trace by a goroutine's header."""
    head = head_of_text(payload)
    return b"goroutine " in head and bool(_SNIFFED.search(head))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a trace.

    Raises:
        ParseError: `TRUNCATED` when the first goroutine has no frame and no cause is told.
    """
    kind = message = signal = None
    lines = trace_lines(raw.payload)
    for line in lines:
        if _GOROUTINE.match(line):
            break
        cause, signalled = _CAUSE.match(line), _SIGNAL.match(line)
        if cause is not None and kind is None:
            kind, message = cause.group("kind"), _RECOVERED.sub("", cause.group("message"))
        elif signalled is not None and signal is None:
            signal = signalled.group("name") or signalled.group("bare")
    frames, elided = _frames(lines, limits.max_frames + 1)
    require(frames or message)
    frames, panicked = _from_the_panic(frames)
    if panicked and signal is None:
        kind = kind or _PANIC
    yield CrashReport(
        FORMAT,
        reason=signal or kind,
        exception_type=kind or signal,
        message=message,
        frames=tuple(frames[: limits.max_frames]),
        truncated=elided or len(frames) > limits.max_frames,
    )


def _frames(lines: Iterable[str], most: int) -> tuple[list[Frame], bool]:
    """Return the frames of one goroutine, and whether the runtime left some out."""
    frames: list[Frame] = []
    call: str | None = None
    for line in lines:
        place = _PLACE.match(line) if call else None
        if place is not None and call is not None:
            frames.append(_frame(call, place.group("file"), int(place.group("line"))))
            call = None
        elif line.startswith("...") and "frames elided" in line:
            return frames, True
        elif len(frames) == most or line.startswith(("created by ", "[originating from ")):
            break
        else:
            found = _CALL.match(line)
            if found is None:
                break
            call = found.group("name")
    return frames, False


def _from_the_panic(frames: list[Frame]) -> tuple[list[Frame], bool]:
    """Return the stack from the first panic on, and whether there was one.

    A deferred function may panic again: the first panic is the outermost.
    """
    panics = [
        number
        for number, frame in enumerate(frames)
        if frame.module is None and frame.function == _PANIC
    ]
    return frames[panics[-1] if panics else 0 :], bool(panics)


def _frame(call: str, file: str, line: int) -> Frame:
    """Return the frame of a call such as `example.org/shop.(*Basket).Count`."""
    path, slash, last = call.rpartition("/")
    package, _, function = last.partition(".")
    if not function:
        return Frame(None, call, file, line, in_app=False if call == _PANIC else None)
    imported = unquote(path + slash + package)
    library = imported.partition("/")[0] in _STANDARD_LIBRARY or any(
        part in file for part in _OF_OTHERS
    )
    return Frame(
        last_of_path(imported) or None, function, file, line, in_app=False if library else None
    )
