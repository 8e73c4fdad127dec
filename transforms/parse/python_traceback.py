"""Python's tracebacks, as the `traceback` module and `faulthandler` write them.

Kept is the exception that ended the program: the last one printed, or the one that it names as its
direct cause, or a group's first member. Source lines, which a traceback quotes, are not read.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "python_traceback"

MAPPING = FieldMapping(
    recognized_by="`Traceback (most recent call last)` or `Fatal Python error`",
    reason="the exception's class",
    exception_type="the exception's class",
    message="the exception's message",
    frames="the last traceback's, or the direct cause's; faulthandler's first thread",
)

_LAST = "Traceback (most recent call last):"
_FIRST = "(most recent call first):"
_UNCAUGHT_BY_ATHERIS = "=== Uncaught Python exception: ==="
_FATAL = "Fatal Python error: "
_DIRECT_CAUSE = "The above exception was the direct cause of the following exception:"
_FRAME = re.compile(
    r'\s{0,64}File "(?P<file>[^"]{1,1024})", line (?P<line>[0-9]{1,9})'
    r"(?:,? in (?P<function>.{1,512}))?$"
)
_EXCEPTION = re.compile(r"(?P<type>[^\W\d]\w{0,128}(?:\.\w{1,128}){0,32})(?:: (?P<message>.*))?$")
_GROUP = "+ Exception Group Traceback"
_MARGINS = frozenset("|+")
_GROUP_MARGIN = re.compile(r"\s{0,64}[+|][ +-]?(?: \|)?")
_GROUP_MEMBER = re.compile(
    r"\s{0,64}(?:\+-)?(?P<line>\+-{4,64})(?: (?P<number>[0-9]{1,6}|\.\.\.) -{4,64})?$"
)
_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
_NOT_OURS = ("site-packages", "dist-packages", "/lib/python", "\\lib\\", "<frozen ")


def sniff(payload: bytes) -> bool:
    """Tell a traceback by its first line; Ruby's starts alike and goes on with `from`."""
    head = head_of_text(payload)
    if _LAST.encode() in head:
        return b'File "' in head or b": from " not in head
    return _FATAL.encode() in head or (_FIRST.encode() in head and b'File "' in head)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a text with tracebacks.

    Raises:
        ParseError: `TRUNCATED` when there is no frame and no exception.
    """
    reader = _Reader(limits.max_frames + 1)
    for line in trace_lines(raw.payload):
        reader.take(line)
    found = reader.current
    require(found.frames or found.exception_type)
    frames = tuple(found.frames if found.innermost_first else reversed(found.frames))
    yield CrashReport(
        FORMAT,
        reason=found.exception_type,
        exception_type=found.exception_type,
        message=found.message,
        frames=frames[: limits.max_frames],
        truncated=len(frames) > limits.max_frames or found.exception_type is None,
    )


@dataclass(slots=True)
class _Traceback:
    frames: deque[Frame] = field(repr=False)
    innermost_first: bool = False
    exception_type: str | None = field(default=None, repr=False)
    message: str | None = field(default=None, repr=False)


class _Reader:
    """Takes the lines of a text one by one, and keeps the traceback that matters."""

    def __init__(self, most_frames: int) -> None:
        self.current = _Traceback(deque(maxlen=most_frames))
        self._most_frames = most_frames
        self._indent = 0
        self._open = False
        self._is_cause = False
        self._named_above: str | None = None
        self._is_in_group = False
        self._later_members_margin: int | None = None

    def take(self, line: str) -> None:
        if self._is_of_later_member(line):
            return
        text = _GROUP_MARGIN.sub("", line, count=1) if line.lstrip()[:1] in _MARGINS else line
        if text.endswith(_LAST):
            self._indent = len(text) - len(text.lstrip())
            self._begin(_Traceback(deque(maxlen=self._most_frames)))
            self._take_name_above()
        elif text.strip() == _UNCAUGHT_BY_ATHERIS:
            self._named_above = ""
        elif self._named_above == "":
            self._named_above = text
        elif text.startswith(_FATAL):
            self._begin(_fatal(text, self._most_frames))
        elif text.endswith(_FIRST):
            self._begin_thread()
        elif _DIRECT_CAUSE in text:
            self._is_cause = True
        elif self._open:
            self._take_inside(text[self._indent :])

    def _is_of_later_member(self, line: str) -> bool:
        """Tell a line of a group of exceptions behind the group's first member.

        All lines of a group have a margin (CPython's `traceback.py`), so one without ends it.
        """
        told = line.lstrip()
        begins = told.startswith(_GROUP)
        if begins or told[:1] not in _MARGINS:
            self._is_in_group, self._later_members_margin = begins, None
        if not self._is_in_group:
            return False
        member = _GROUP_MEMBER.match(line)
        if self._later_members_margin is None:
            if member is not None and member.group("number") not in {None, "1"}:
                self._later_members_margin = member.start("line")
            return self._later_members_margin is not None
        is_end = member is not None and member.group("number") is None
        if is_end and member is not None and member.start("line") <= self._later_members_margin:
            self._later_members_margin = None
        return True

    def _begin(self, traceback: _Traceback) -> None:
        self._open = not self._is_cause
        self._is_cause = False
        if self._open:
            self.current = traceback

    def _take_name_above(self) -> None:
        """Take the exception that Atheris prints above its traceback, with none below."""
        exception = _EXCEPTION.match(self._named_above or "")
        self._named_above = None
        if exception is not None and self._open:
            self._name(exception)

    def _name(self, exception: re.Match[str]) -> None:
        self.current.exception_type = exception.group("type")
        self.current.message = exception.group("message")

    def _begin_thread(self) -> None:
        """Begin a thread of faulthandler's: the first that is listed is the one that crashed."""
        if self.current.innermost_first and self.current.frames:
            self._open = False
        elif not self.current.innermost_first:
            self._begin(_fatal("", self._most_frames))

    def _take_inside(self, line: str) -> None:
        found = _FRAME.match(line)
        if found is not None:
            self._keep(found)
            return
        if self.current.innermost_first or not line or line[0].isspace():
            return
        self._open = False  # what stands at the margin is the exception, or no longer the traceback
        exception = _EXCEPTION.match(line)
        named = self.current.exception_type is not None
        if exception is not None and not named and exception.group("type") not in _LEVELS:
            self._name(exception)

    def _keep(self, found: re.Match[str]) -> None:
        frames = self.current.frames
        if self.current.innermost_first and len(frames) == frames.maxlen:
            return
        file = found.group("file")
        frames.append(
            Frame(
                function=found.group("function"),
                file=file,
                line=int(found.group("line")),
                in_app=False if any(part in file for part in _NOT_OURS) else None,
            )
        )


def _fatal(line: str, most_frames: int) -> _Traceback:
    """Return what faulthandler says about a crash in native code; its stack is innermost first."""
    reason = line.removeprefix(_FATAL) or None
    kind = _FATAL.removesuffix(": ") if reason else None
    return _Traceback(deque(maxlen=most_frames), True, kind, reason)
