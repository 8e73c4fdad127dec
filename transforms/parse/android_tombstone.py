"""Android tombstones as text, as debuggerd writes them, and xCrash's and logcat's variants.

The form is that of AOSP's `system/core/debuggerd/libdebuggerd/tombstone_proto_to_text.cpp`. Kept
are the facts of the header and the backtrace of the crashing thread; never registers, memory,
maps, open files, logs or other threads.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.android_frames import native_frame
from transforms.parse.android_header import header_facts
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.parser import ParseError
from transforms.parse.text import text_lines

FORMAT = "android_tombstone"

MAPPING = FieldMapping(
    recognized_by="debuggerd's banner, or its lines of process and signal",
    product="xCrash's `App ID`; else `>>> name <<<` or `Cmdline`, before the colon",
    version="xCrash's `App version`",
    os="`OS version`, else the build fingerprint",
    arch="`ABI`",
    process_type="the process's name behind the colon, without a number",
    reason="the signal with its code",
    exception_type="the signal",
    message="`Abort message`, else `Cause`",
    frames="the first backtrace",
    received_at="`Timestamp` or `Crash time`",
    uptime_s="`Process uptime`, else `Crash time` less `Start time`",
)

_SNIFFED_BYTES = 16 * 1024
_MAX_LINES = 2_000  # the header and the first backtrace come first; memory and maps follow
_BANNER = b"*** *** *** *** *** *** *** ***"
_HEADER = frozenset(
    {
        "ABI",
        "Abort message",
        "App ID",
        "App version",
        "Build fingerprint",
        "Cause",
        "Cmdline",
        "Crash time",
        "OS version",
        "Process uptime",
        "Start time",
        "Timestamp",
    }
)
_OTHER_CRASHES = (b"Crash type: 'java'", b"Crash type: 'anr'")
_LOGCAT = re.compile(
    r"(?:[0-9:. -]{1,48}[VDIWEFA] |[VDIWEFA]/)(?:crash_dump(?:32|64)|DEBUG)\s{0,8}"
    r"(?:\([ 0-9]{1,8}\))?\s{0,8}: ?"
)
_PROCESS = re.compile(r"pid: [0-9]{1,9}, tid: [0-9]{1,9}")
_SIGNAL = re.compile(r"signal (?P<number>[0-9]{1,3})(?: \((?P<name>[A-Z0-9_+?]{1,24})\))?")
_CODE = re.compile(r", code (?P<number>-?[0-9]{1,9})(?: \((?P<name>[A-Z0-9_?]{1,24})[^)]{0,64}\))?")


def sniff(payload: bytes) -> bool:
    """Tell a native crash by debuggerd's banner, or by its lines about process and signal."""
    head = payload[:_SNIFFED_BYTES]
    if any(other in head for other in _OTHER_CRASHES):
        return False
    named = b"pid: " in head and b", tid: " in head and b">>> " in head
    if _BANNER in head:
        return named or b"Build fingerprint: " in head or b"Crash type: 'native'" in head
    return named and b"signal " in head and (b"backtrace:" in head or b"Build fingerprint" in head)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a tombstone.

    Raises:
        ParseError: `TRUNCATED` when the text ends before it tells a signal or a stack.
    """
    header: dict[str, str] = {}
    frames: list[Frame] = []
    for line in _unwrapped_lines(raw.payload):
        frame = native_frame(line)
        if frame is not None:
            frames.append(frame)
            if len(frames) > limits.max_frames:
                break
        elif frames and not line.lstrip().startswith("NOTE:"):
            break
        else:
            _keep_header(line, header)
    if not frames and "signal" not in header and "Abort message" not in header:
        raise ParseError(FailureKind.TRUNCATED)
    signal = header.get("signal", "")
    yield replace(
        header_facts(header).report(FORMAT),
        reason=_reason(signal),
        exception_type=_signal_name(signal),
        message=header.get("Abort message") or header.get("Cause"),
        frames=tuple(frames[: limits.max_frames]),
        truncated=len(frames) > limits.max_frames,
    )


def _unwrapped_lines(payload: bytes) -> Iterator[str]:
    """Yield the lines from the banner on, without the prefix that logcat puts before each."""
    start = payload.rfind(b"\n", 0, max(0, payload.find(_BANNER))) + 1
    for line in islice(text_lines(payload[start:]), _MAX_LINES):
        prefix = _LOGCAT.match(line)
        yield line[prefix.end() :] if prefix else line


def _keep_header(line: str, header: dict[str, str]) -> None:
    if _PROCESS.match(line):
        name = line.rpartition(">>> ")[2].partition(" <<<")[0].strip()
        header.setdefault("Process", name)
    elif line.startswith("signal "):
        header.setdefault("signal", line)
    else:
        name, colon, value = line.partition(":")
        if colon and name in _HEADER:
            value = _unquoted(value.strip())
            # Behind a command stand arguments, which are no part of its name.
            header.setdefault(name, value.partition(" ")[0] if name == "Cmdline" else value)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == "'"
    return value[1:-1] if quoted else value


def _signal_name(line: str) -> str | None:
    signal = _SIGNAL.match(line)
    return signal and signal_name(signal.group("name"), int(signal.group("number")))


def _reason(line: str) -> str | None:
    """Return `SIGSEGV / SEGV_MAPERR` of a line of signal, code and fault address."""
    code = _CODE.search(line)
    return reason_of(_signal_name(line), code.group("name") if code else None)


def signal_name(name: str | None, number: int) -> str:
    """Return a signal's name; debuggerd writes `?` for one that it does not know."""
    return name if name and "?" not in name else f"signal {number}"


def reason_of(signal: str | None, code: str | None) -> str | None:
    """Return `SIGSEGV / SEGV_MAPERR` of the names of a signal and of its code."""
    return f"{signal} / {code}" if signal and code and "?" not in code else signal
