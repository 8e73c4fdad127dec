"""Android tombstones as Protocol Buffers: debuggerd writes them beside the text since Android 12.

`ApplicationExitInfo.getTraceInputStream` gives an application this form of its own crashes. The
fields are those of AOSP's `system/core/debuggerd/proto/tombstone.proto`. Kept is what
`android_tombstone` keeps of the text: never registers, memory, maps, open files or logs.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.android_frames import frame_in_file
from transforms.parse.android_header import product_and_process_type
from transforms.parse.android_tombstone import reason_of, signal_name
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.normalise import android_from_fingerprint
from transforms.parse.parser import ParseError
from transforms.parse.protobuf_reader import Message, read_fields, read_message
from transforms.parse.times import parse_time

FORMAT = "tombstone_proto"

MAPPING = FieldMapping(
    recognized_by="its first fields: fingerprint, a time in `timestamp`, `pid`",
    product="`command_line`'s first, before the colon",
    os="`build_fingerprint`",
    arch="`arch`",
    process_type="`command_line`'s first behind the colon, without a number",
    reason="`signal_info`: `name` with `code_name`",
    exception_type="`signal_info.name`",
    message="`abort_message`, else the first of `causes`",
    frames="`current_backtrace` of the thread that `tid` names",
    received_at="`timestamp`",
    uptime_s="`process_uptime`",
)

_ARCH, _FINGERPRINT, _TIMESTAMP, _PID, _TID, _COMMAND_LINE = 1, 2, 4, 5, 6, 9
_SIGNAL, _ABORT_MESSAGE, _CAUSES, _THREADS, _UPTIME = 10, 14, 15, 16, 20
_KEPT: Final = frozenset(
    {_ARCH, _FINGERPRINT, _TIMESTAMP, _PID, _TID, _COMMAND_LINE}
    | {_SIGNAL, _ABORT_MESSAGE, _CAUSES, _THREADS, _UPTIME}
)
_KEY, _VALUE = 1, 2
"""A map on the wire is a list of messages of a key and a value."""
_SIGNAL_NUMBER, _SIGNAL_NAME, _SIGNAL_CODE_NAME = 1, 2, 4
_HUMAN_READABLE = 1
_BACKTRACE = 4
_OFFSET, _FUNCTION, _FILE = 1, 4, 6

_ARCHITECTURES: Final = {0: "arm", 1: "arm64", 2: "x86", 3: "x86_64", 4: "riscv64"}
_LAST_SNIFFED = _TID
_SNIFFED_FIELDS = 8
_SNIFFED_BYTES = 4 * 1024
_TIME = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:")
_MAX_FIELDS = 200_000  # a process may have 65,530 mappings, and about as many files open
_MAX_THREADS = 65_536
_MAX_SMALL_FIELDS = 64
_MAX_ENTRY_FIELDS = 4  # a key and a value, and not much that is unknown: there may be many entries


def sniff(payload: bytes) -> bool:
    """Tell a tombstone by its first fields, which stand in the order of their numbers."""
    if payload[:1] not in {b"\x08", b"\x12"}:  # the processor, which is left out when it is 0
        return False
    head: dict[int, int | bytes] = {}
    try:
        for number, value in islice(read_fields(payload[:_SNIFFED_BYTES]), _SNIFFED_FIELDS):
            if number > _LAST_SNIFFED:
                break
            head[number] = value
    except ParseError:
        pass  # a file that is cut off may still show what it is
    fingerprint, time, pid = (head.get(number) for number in (_FINGERPRINT, _TIMESTAMP, _PID))
    return (
        isinstance(fingerprint, bytes)
        and isinstance(time, bytes)
        and _TIME.match(time) is not None
        and isinstance(pid, int)
    )


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a tombstone.

    Raises:
        ParseError: `TRUNCATED` when it ends before it tells a signal or a stack, `MALFORMED` when
            it or what is read of it is no message.
    """
    tombstone = read_message(raw.payload, _MAX_FIELDS, _KEPT, _MAX_THREADS)
    signal = tombstone.nested(_SIGNAL, _MAX_SMALL_FIELDS)
    name = _signal_name(signal)
    frames, all_frames = _frames(tombstone, limits)
    if not frames and name is None and tombstone.text(_ABORT_MESSAGE) is None:
        raise ParseError(FailureKind.TRUNCATED)
    product, process_type = product_and_process_type(tombstone.text(_COMMAND_LINE) or "")
    system = android_from_fingerprint(tombstone.text(_FINGERPRINT) or "")
    uptime = tombstone.numbers.get(_UPTIME)
    cause = tombstone.nested(_CAUSES, _MAX_SMALL_FIELDS).text(_HUMAN_READABLE)
    yield CrashReport(
        format=FORMAT,
        received_at=parse_time(tombstone.text(_TIMESTAMP)),
        product=product,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=_ARCHITECTURES.get(tombstone.numbers.get(_ARCH, 0)),
        process_type=process_type,
        reason=reason_of(name, signal.text(_SIGNAL_CODE_NAME)),
        exception_type=name,
        message=tombstone.text(_ABORT_MESSAGE) or cause,
        frames=frames,
        uptime_s=None if uptime is None else float(uptime),
        truncated=not (tombstone.whole and all_frames),
    )


def _signal_name(signal: Message) -> str | None:
    name, number = signal.text(_SIGNAL_NAME), signal.numbers.get(_SIGNAL_NUMBER)
    return name if number is None else signal_name(name, number)


def _frames(tombstone: Message, limits: Limits) -> tuple[tuple[Frame, ...], bool]:
    """Return the crashed thread's frames, innermost first, and whether they are all."""
    thread = _thread(tombstone, tombstone.numbers.get(_TID, 0))
    kept = frozenset({_BACKTRACE})
    stack = read_message(thread, _MAX_FIELDS, kept, limits.max_frames + 1)
    found = [read_message(each, _MAX_SMALL_FIELDS) for each in stack.contents.get(_BACKTRACE, ())]
    frames = tuple(
        frame_in_file(each.text(_FILE) or "", each.text(_FUNCTION), each.numbers.get(_OFFSET, 0))
        for each in found[: limits.max_frames]
    )
    return frames, stack.whole and len(found) <= limits.max_frames


def _thread(tombstone: Message, wanted: int) -> bytes:
    """Return the message of the thread of an id; empty when there is none."""
    for entry in tombstone.contents.get(_THREADS, ()):
        thread = read_message(entry, _MAX_ENTRY_FIELDS)
        if thread.numbers.get(_KEY, 0) == wanted:
            return thread.contents.get(_VALUE, [b""])[0]
    return b""
