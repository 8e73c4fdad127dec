"""Crashes as Umeng's analytics sent them from iOS: what happened, a stack, and one image.

The first line tells the signal, or the reason of an uncaught exception. Then come the frames of
`NSThread.callStackSymbols` between brackets, and behind them lines of the application's own image
(the form that symbolicators such as github.com/zqqf16/SYM read).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.apple_crash_text import stack_frame
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import integer
from transforms.parse.normalise import architecture
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "umeng_text"

MAPPING = FieldMapping(
    recognized_by="lines of `dSYM UUID`, `Slide Address` and `Binary Image` behind a stack",
    product="`Binary Image`",
    arch="`CPU Type`",
    reason="the signal, or `uncaught exception`",
    exception_type="the signal, or `uncaught exception`",
    message="the first line, but for a signal's",
    frames="the stack; with offsets in `Binary Image`",
)

_MARKS = (b"\ndSYM UUID:", b"\nSlide Address:", b"\nBinary Image:")
_IMAGE = frozenset({"CPU Type", "Binary Image", "Base Address"})
_SIGNAL = re.compile(r"Application received signal (?P<signal>SIG[A-Z0-9]{1,16})$")
_UNCAUGHT = "uncaught exception"
_NOTHING = frozenset({"", "(null)", "(", "((", ")", "))"})
_UNKNOWN = "?"  # a name of question marks alone, as long as the true one
_LONGEST_ADDRESS = 18


def sniff(payload: bytes) -> bool:
    """Tell it by the names of the lines behind the stack."""
    head = head_of_text(payload)
    return all(mark in head for mark in _MARKS)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a text.

    Raises:
        ParseError: `TRUNCATED` when there is no frame.
    """
    most = limits.max_frames + 1
    said: str | None = None
    image: dict[str, str] = {}
    stack: list[str] = []
    for line in trace_lines(raw.payload):
        name, colon, value = line.partition(":")
        if line[:1].isspace() or line[:1].isdecimal():
            stack += [line] if len(stack) < most else []
        elif colon and name in _IMAGE:
            image.setdefault(name, value.strip())
        elif said is None and not stack and line not in _NOTHING:
            said = line
    frames = [each for line in stack if (each := _frame(line, image)) is not None]
    require(frames)
    signal = _SIGNAL.match(said or "")
    kind = signal.group("signal") if signal else _UNCAUGHT
    yield CrashReport(
        FORMAT,
        product=_known(image.get("Binary Image")),
        arch=architecture(image.get("CPU Type")),
        reason=kind,
        exception_type=kind,
        message=None if signal else said,
        frames=tuple(frames[: limits.max_frames]),
        truncated=len(frames) > limits.max_frames,
    )


def _frame(line: str, image: Mapping[str, str]) -> Frame | None:
    """Return a line's frame; `Shop + 4660` alone is placed, and nothing is called `Shop` there."""
    words = line.split()
    frame = stack_frame(line, [])
    if frame is None:
        return None
    frame = replace(frame, module=_known(frame.module), function=_known(frame.function))
    if words[1] != image.get("Binary Image"):
        return frame
    address, base = _address(words[2]), _address(image.get("Base Address", ""))
    if words[-3:-1] == [words[1], "+"] and words[-1].isdecimal():
        frame = replace(frame, function=None)
    if address is None or base is None or address < base or frame.module is None:
        return frame
    return replace(frame, offset=address - base)


def _known(name: str | None) -> str | None:
    return name if name and name.strip(_UNKNOWN) else None


def _address(written: str) -> int | None:
    is_one = written.startswith("0x") and len(written) <= _LONGEST_ADDRESS
    return integer(written) if is_one else None
