"""Android's "application not responding" traces, as ART writes them and xCrash wraps them.

The form is that of ART's `Runtime::DumpForSigQuit` and `Thread::DumpState`. Kept is the main
thread's stack, native frames and managed ones; never other threads, locks or the heap.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.android_frames import native_frame
from transforms.parse.android_header import header_facts, keep_header, without_logcat_prefix
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.java_trace import java_frame, with_own_marked
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "android_anr"

MAPPING = FieldMapping(
    recognized_by="xCrash's type `anr`, ART's dump of threads, or logcat's `ANR in`",
    product="`App ID`, `Package`, `Process` or `Cmd line`, before the colon",
    version="`App version`, or the version behind `Package`",
    os="`OS version`, else the build fingerprint",
    arch="`ABI`",
    process_type="the process's name behind the colon, without a number",
    reason="`ANR`",
    exception_type="`ANR`",
    message="`Subject` or `Reason`",
    frames="the thread `main`: native and Java frames",
    received_at="`Crash time`, `Timestamp`, or the dump's own line",
    uptime_s="`Process uptime`, else `Crash time` less `Start time`",
)

_REASON = "ANR"
_MAIN_THREAD = '"main" '
_NOT_RESPONDING = re.compile(rb"(?m)^[^\n]{0,80}\bANR in [\w.:]")
_SIGNALS = (b"----- pid ", b"DALVIK THREADS", b"Cmd line: ")


def sniff(payload: bytes) -> bool:
    """Tell a trace by xCrash's type of crash, by ART's dump of threads, or by logcat's line."""
    head = head_of_text(payload)
    if b"Crash type: 'anr'" in head:
        return True
    if b'"main" prio=' in head and any(signal in head for signal in _SIGNALS):
        return True
    logged = b"ANR in " in head and b"Reason: " in head and b"FATAL EXCEPTION" not in head
    return logged and bool(_NOT_RESPONDING.search(head))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a trace: where the main thread stood.

    Raises:
        ParseError: `TRUNCATED` when the text ends before the main thread and tells no cause.
    """
    header: dict[str, str] = {}
    lines = map(without_logcat_prefix, trace_lines(raw.payload))
    for line in lines:
        if line.startswith(_MAIN_THREAD):
            break
        keep_header(line, header)
    frames = _frames(lines, limits.max_frames + 1)
    facts = header_facts(header)
    require(frames or facts.subject)
    yield replace(
        facts.report(FORMAT),
        reason=_REASON,
        exception_type=_REASON,
        message=facts.subject,
        frames=tuple(with_own_marked(frames[: limits.max_frames], facts.product)),
        truncated=len(frames) > limits.max_frames,
    )


def _frames(lines: Iterable[str], most: int) -> list[Frame]:
    """Return the frames of one thread, up to the blank line behind it."""
    frames: list[Frame] = []
    for line in lines:
        if not line.strip() or len(frames) == most:
            break
        frame = java_frame(line) or native_frame(line.lstrip().removeprefix("native: "))
        if frame is not None:
            frames.append(frame)
    return frames
