"""Java and Kotlin crashes: Android's `FATAL EXCEPTION` in logcat, xCrash's, and plain traces."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse.android_header import AndroidHeader, read_header, without_logcat_prefix
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.java_trace import read_java_trace, with_own_marked
from transforms.parse.normalise import OperatingSystem
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "android_java"

MAPPING = FieldMapping(
    recognized_by="a Java or Kotlin frame, or xCrash's type `java`",
    product="`App ID`, `Package`, `Process` or `Cmd line`, before the colon",
    version="`App version`, or the version behind `Package`",
    os="`OS version`, else the build fingerprint",
    arch="`ABI`",
    process_type="the process's name behind the colon, without a number",
    reason="the root cause's class",
    exception_type="the root cause's class",
    message="the root cause's message",
    frames="the root cause's, with those that it shares with what it caused; the application's own "
    "by its package",
    received_at="`Crash time` or `Timestamp`",
    uptime_s="`Process uptime`, else `Crash time` less `Start time`",
)

_HEADER_LINES = 100
_FRAME = re.compile(
    rb"(?m)^[^\n(]{0,100}\bat [^\s()][^()\n]{0,256}\((?:Native [Mm]ethod|"
    rb"Unknown Source(?::\d{1,9})?|SourceFile:\d{1,9}|"
    rb"[\w$-]{1,128}\.(?:java|kt|kts|scala|groovy|clj)(?::\d{1,9})?)\)"
)
# The one that ended the process, among others that a log may hold before it.
_FATAL = (b"FATAL EXCEPTION", b"java stacktrace:", b'Exception in thread "')
_ANDROID = (b"FATAL EXCEPTION", b"Crash type: 'java'", b"Build fingerprint: ", b"\nPackage: ")


def sniff(payload: bytes) -> bool:
    """Tell a trace by a frame of Java or Kotlin, or by Android's words for a crash."""
    head = head_of_text(payload)
    return b"Crash type: 'java'" in head or bool(_FRAME.search(head))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report: the trace that ended the process, else the first one.

    Raises:
        ParseError: `TRUNCATED` when the text ends before it names an exception or a frame.
    """
    start = max(0, *(raw.payload.find(mark) for mark in _FATAL))
    lines = map(without_logcat_prefix, trace_lines(raw.payload, start))
    trace = read_java_trace(lines, limits.max_frames)
    require(trace.frames or trace.exception_type)
    facts = _android_header(raw.payload, start)
    yield replace(
        facts.report(FORMAT),
        reason=trace.exception_type,
        exception_type=trace.exception_type,
        message=trace.message,
        frames=tuple(with_own_marked(trace.frames[: limits.max_frames], facts.product)),
        truncated=len(trace.frames) > limits.max_frames,
    )


def _android_header(payload: bytes, start: int) -> AndroidHeader:
    """Return what Android tells: at the top, and in the lines behind `FATAL EXCEPTION`."""
    if not any(mark in head_of_text(payload) for mark in _ANDROID):
        return AndroidHeader(system=OperatingSystem())
    top = islice(trace_lines(payload), _HEADER_LINES)
    fatal = islice(trace_lines(payload, start), 4)
    return read_header(map(without_logcat_prefix, (*fatal, *top)))
