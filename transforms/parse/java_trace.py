"""Stack traces of Java and Kotlin, as `Throwable.printStackTrace` and ART write them.

Kept is the root cause: the last exception that a `Caused by` names. The frames that it shares with
what it caused, which the text leaves out as `... 11 more`, are put back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from schemas.records import Frame
from transforms.parse.frame_names import stable_name

_FRAME = re.compile(
    r"\s{0,64}at (?P<method>[^\s()](?:[^()]{0,1024}[^\s()])?)"
    r"\((?P<source>"
    r"Native [Mm]ethod|Unknown Source(?::[0-9]{1,9})?|[^\s():]{0,256}(?::-?[0-9]{1,9})?"
    r")\)"
)
_HEADER = re.compile(
    r"(?:Exception in thread \"[^\"]{0,256}\" )?"
    r"(?P<type>[A-Za-z_$][\w$]{0,128}(?:[.][A-Za-z_$][\w$]{0,128}){0,32})"
    r"(?:: (?P<message>.*))?$"
)
_THROWABLE_NAMES = ("Exception", "Error", "Throwable", "Failure", "Panic", "Death")
_CAUSED_BY = "Caused by: "
_CIRCULAR = "Caused by: [CIRCULAR REFERENCE"
_SHARED = re.compile(r"\s{0,64}\.\.\. (?P<count>[0-9]{1,5}) (?:more|common frames omitted)")
_NO_FILE = frozenset({"", "PG", "ProGuard", "SourceFile", "Unknown Source", "<generated>"})
_PLATFORM = (
    "android.",
    "androidx.",
    "com.android.",
    "com.sun.",
    "dalvik.",
    "java.",
    "javax.",
    "jdk.",
    "kotlin.",
    "kotlinx.",
    "libcore.",
    "sun.",
)
_MAX_MESSAGE_LINES = 64


@dataclass(slots=True)
class JavaTrace:
    """One exception with its frames, innermost first."""

    exception_type: str | None = field(default=None, repr=False)
    message: str | None = field(default=None, repr=False)
    frames: list[Frame] = field(default_factory=list, repr=False)


def java_frame(line: str) -> Frame | None:
    """Return the frame of a line such as `at org.example.Main.run(Main.kt:12)`."""
    found = _FRAME.match(line)
    if found is None:
        return None
    module, function = class_and_method(found.group("method"))
    file, _, number = found.group("source").partition(":")
    line_number = int(number) if number.isdecimal() else 0
    return Frame(
        module=module,
        function=function,
        file=None if file in _NO_FILE or file.startswith(("Native ", "r8-map-id")) else file,
        line=line_number or None,
        in_app=False if is_of_platform(module) else None,
    )


def class_and_method(name: str) -> tuple[str | None, str | None]:
    """Return both of `java.base/java.lang.Thread.run`, without what differs from run to run."""
    module, _, function = stable_name(name).rpartition("/")[2].rpartition(".")
    return module or None, function or None


def is_of_platform(module: str | None) -> bool:
    """Tell whether a class is one of Java's, Kotlin's or Android's own."""
    return module is not None and module.startswith(_PLATFORM)


def with_own_marked(frames: Iterable[Frame], application: str | None) -> list[Frame]:
    """Return frames, those whose class lies in the application's package marked as its own.

    `application` is the id of an Android application, which is its package's name in Java.
    """
    if application is None or "." not in application:
        return list(frames)
    package = f"{application}."
    return [
        replace(frame, in_app=True) if (frame.module or "").startswith(package) else frame
        for frame in frames
    ]


def read_java_trace(lines: Iterable[str], max_frames: int) -> JavaTrace:
    """Return the root cause of the first trace in the lines; without frames if there is none.

    Frames beyond one more than `max_frames` are not kept.
    """
    reader = _TraceReader(max_frames + 1)
    for line in lines:
        if not reader.take(line):
            break
    return reader.current


class _TraceReader:
    """Takes the lines of a trace one by one."""

    def __init__(self, most_frames: int) -> None:
        self.current = JavaTrace()
        self._outer = JavaTrace()
        self._most_frames = most_frames
        self._suppressed = False
        self._lines_of_message = 0

    def take(self, line: str) -> bool:
        """Take the next line; tell whether the trace may go on after it."""
        frame = java_frame(line)
        if frame is not None:
            self._add([frame])
        elif line.startswith(_CIRCULAR):
            return False
        elif line.startswith(_CAUSED_BY) and self.current.frames:
            self._outer, self.current = self.current, _headed(line.removeprefix(_CAUSED_BY))
            self._suppressed, self._lines_of_message = False, 0
        elif not self.current.frames:
            return self._take_before_frames(line)
        elif line.lstrip().startswith("Suppressed: "):
            self._suppressed = True
        else:
            shared = _SHARED.match(line)
            self._add_shared(shared)
            return self._suppressed or shared is not None
        return True

    def _take_before_frames(self, line: str) -> bool:
        if self._outer.frames:  # the message of a cause may have several lines
            shared = _SHARED.match(line)
            self._add_shared(shared)
            self._lines_of_message += 1
            return self._lines_of_message <= _MAX_MESSAGE_LINES
        if is_header(line):
            header = _headed(line)
            if self.current.exception_type is None or "." in (header.exception_type or ""):
                self.current = header
        return True

    def _add_shared(self, shared: re.Match[str] | None) -> None:
        count = int(shared.group("count")) if shared else 0
        if count:
            self._add(self._outer.frames[-count:])

    def _add(self, frames: list[Frame]) -> None:
        if not self._suppressed:
            room = self._most_frames - len(self.current.frames)
            self.current.frames += frames[: max(0, room)]


def is_header(line: str) -> bool:
    """Tell whether a line names a throwable, alone or with its message."""
    found = _HEADER.match(line)
    if found is None:
        return False
    name = found.group("type")
    return name.endswith(_THROWABLE_NAMES) or ("." in name and name.rpartition(".")[2][0].isupper())


def _headed(line: str) -> JavaTrace:
    found = _HEADER.match(line)
    if found is None:
        return JavaTrace(message=line)
    return JavaTrace(found.group("type"), found.group("message"))
