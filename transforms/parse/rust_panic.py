"""Rust's panics, as the standard library's hook prints them (`library/std/src/panicking.rs`).

Kept is the place of the panic, its message and the backtrace, if there is one.
"""

import re
from collections.abc import Iterable, Iterator

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.trace_text import head_of_text, report_of_trace, require, trace_lines

FORMAT = "rust_panic"

MAPPING = FieldMapping(
    recognized_by="`panicked at` as the hook of the standard library writes it",
    reason="`panic`",
    exception_type="`panic`",
    message="the panic's message",
    frames="the backtrace, else the place of the panic",
)

_KIND = "panic"
_PANICKED = re.compile(
    r"(?:.{0,200}?thread '[^']{0,256}' (?:\([0-9]{1,20}\) )?)?panicked at (?P<what>.*)$"
)
_PLACE = re.compile(r"(?P<file>.{1,1024}?):(?P<line>[0-9]{1,9})(?::[0-9]{1,9})?:?$")
_OLD_PLACE = re.compile(r"', (?P<file>[^']{1,1024}?):(?P<line>[0-9]{1,9})(?::[0-9]{1,9})?$")
_FRAME = re.compile(r"\s{0,16}[0-9]{1,5}: {1,8}(?:0x[0-9a-f]{1,16} - )?(?P<function>\S.{0,2048})$")
_AT = re.compile(r"\s{1,64}at (?P<file>.{1,1024}?):(?P<line>[0-9]{1,9})(?::[0-9]{1,9})?$")
_HASH = re.compile(r"::h[0-9a-f]{16}$")
_LIBRARY = re.compile(r"<?(?:std|core|alloc|rust_begin_unwind|__rust_\w{1,64}|backtrace)\b")
_NOT_OURS = ("/rustc/", "/.cargo/registry/", "\\.cargo\\registry\\")


def sniff(payload: bytes) -> bool:
    """Tell a panic by the hook's words."""
    head = head_of_text(payload)
    return any(
        mark in head for mark in (b"' panicked at ", b"\npanicked at ", b") panicked at ")
    ) or head.startswith(b"panicked at ")


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report: the first panic in the text.

    Raises:
        ParseError: `TRUNCATED` when the text ends before it tells where or why.
    """
    most = limits.max_frames + 1
    before = list(_frames(trace_lines(raw.payload), most))  # a hook of one's own may print it first
    lines = iter(trace_lines(raw.payload))
    panicked = next(filter(None, map(_PANICKED.match, lines)), None)
    place, message = _place_and_message(panicked.group("what") if panicked else "", lines)
    require(place or message)
    frames = list(_frames(lines, most)) or before
    if not any(frame.function for frame in frames):
        frames = [place] if place else []
    yield report_of_trace(FORMAT, _KIND, message, frames, limits)


def _place_and_message(what: str, lines: Iterator[str]) -> tuple[Frame | None, str | None]:
    """Return both of `file:line:column:` and the line after it, or of `'message', file:line`."""
    if what.startswith("'"):
        text = what[1:]
        place = _OLD_PLACE.search(text)
        if place is None:  # a message of several lines
            place = next(filter(None, map(_end_of_old_message, lines)), None)
            return _frame_at(place), text or None
        return _frame_at(place), text[: place.start()] or None
    return _frame_at(_PLACE.match(what)), next(lines, "").strip() or None


def _end_of_old_message(line: str) -> re.Match[str] | None:
    return _OLD_PLACE.search(line[-2048:])


def _frame_at(place: re.Match[str] | None) -> Frame | None:
    if place is None:
        return None
    file = place.group("file")
    library = any(part in file for part in _NOT_OURS)
    return Frame(None, None, file, int(place.group("line")), in_app=False if library else None)


def _frames(lines: Iterable[str], most: int) -> Iterator[Frame]:
    """Yield the frames of the backtrace: each is a line of its function and one of its place."""
    function: str | None = None
    count = 0
    for line in lines:
        at = _AT.match(line) if function else None
        found = None if at else _FRAME.match(line)
        if function is not None:
            yield _frame(function, at)
            function = None
            count += 1
        if at is None and (found is None or count == most):
            if count:
                return
        elif found is not None:
            function = _HASH.sub("", found.group("function"))
    if function is not None:
        yield _frame(function, None)


def _frame(function: str, at: re.Match[str] | None) -> Frame:
    file = at.group("file") if at else None
    library = _LIBRARY.match(function) or any(part in (file or "") for part in _NOT_OURS)
    return Frame(
        function=None if function == "<unknown>" else function,
        file=file,
        line=int(at.group("line")) if at else None,
        in_app=False if library else None,
    )
