"""Minidumps of Windows, Breakpad and Crashpad.

Kept are the system, the exception, the crashing thread's frames as module and offset, and what
annotations tell. Memory and registers are read to walk the stack, and never kept; file names,
command lines, environments and handles are not read at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.annotations import with_annotations
from transforms.parse.calls import call_bytes
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.minidump_annotations import assertion, crashpad_annotations
from transforms.parse.minidump_modules import read_modules
from transforms.parse.minidump_stack import crashing_thread_stack
from transforms.parse.minidump_streams import SIGNATURE, Location, Minidump, Stream, open_minidump
from transforms.parse.minidump_system import platform, processor, system_of, uptime_seconds
from transforms.parse.modules import Modules
from transforms.parse.normalise import module_name
from transforms.parse.parser import ParseError
from transforms.parse.reasons import reason

FORMAT = "minidump"

MAPPING = FieldMapping(
    recognized_by="the signature `MDMP`",
    product="the first module's name without `.exe`; an annotation stands before it",
    version="the first module's file version; an annotation stands before it",
    channel="annotations",
    os="SystemInfo's platform and version; on Linux the stream of `/etc/lsb-release`, else "
    "`uname` in the service pack",
    arch="SystemInfo's processor",
    process_type="annotations",
    reason="the exception's code, named for its platform, with flags or parameters",
    message="the annotation `abort_message`, `assertion`, `AssertionMessage`, `LOG_FATAL` or "
    "`MozCrashReason`; else Breakpad's assertion stream",
    frames="the crashing thread's stack by frame pointers, then by scanning, as module and offset, "
    "callers at their calls",
    install_id="Crashpad's client id; annotations",
    report_id="Crashpad's report id; annotations",
    received_at="annotations; else the header's time",
    uptime_s="header's time less MiscInfo's start of the process",
    consent="annotations",
    identities="annotations",
)

_READ_PARAMETERS: Final = 2
_REQUESTING_THREAD_IS_VALID: Final = 0x2
_MESSAGE_KEYS: Final = (
    "abort_message",
    "assertion",
    "AssertionMessage",
    "LOG_FATAL",
    "MozCrashReason",
)


def sniff(payload: bytes) -> bool:
    """Tell a minidump by its signature."""
    return payload.startswith(SIGNATURE)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a minidump; what the file's end cut off is marked as truncated.

    Raises:
        ParseError: the header, the directory, the system or the exception cannot be read.
    """
    minidump = open_minidump(raw.payload)
    if minidump.stream(Stream.SYSTEM_INFO) is None:
        raise ParseError(FailureKind.MALFORMED)
    system, arch, crash = system_of(minidump), processor(minidump), _crash(minidump)
    modules, all_modules = read_modules(minidump)
    annotations, all_annotations = crashpad_annotations(minidump)
    addresses, whole_stack = crashing_thread_stack(
        minidump, arch, modules, crash.thread_id, crash.context, limits.max_frames
    )
    executable = modules.in_order[0] if modules.in_order else None
    report = CrashReport(
        FORMAT,
        received_at=minidump.written_at,
        product=_product(executable.path if executable else None),
        version=executable.version if executable else None,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=arch,
        reason=crash.reason,
        message=_message(annotations) or assertion(minidump),
        frames=tuple(_frames(addresses, arch, modules)),
        uptime_s=_uptime(minidump),
        truncated=minidump.truncated or not (all_modules and all_annotations and whole_stack),
    )
    yield with_annotations(report, annotations)


@dataclass(frozen=True, slots=True)
class _Crash:
    """What happened, in which thread, and where that thread's registers are."""

    reason: str | None = field(default=None, repr=False)
    thread_id: int | None = None
    context: Location | None = None


def _crash(minidump: Minidump) -> _Crash:
    """Read MINIDUMP_EXCEPTION_STREAM; a dump that was asked for names its thread alone."""
    exception = minidump.stream(Stream.EXCEPTION)
    reader = minidump.reader
    if exception is None:
        return _Crash(thread_id=_requesting_thread(minidump))
    base = exception.offset
    code, flags = reader.u32(base + 8), reader.u32(base + 12)
    number = min(reader.u32(base + 32), _READ_PARAMETERS)
    parameters = tuple(reader.u64(base + 40 + 8 * index) for index in range(number))
    return _Crash(
        reason(platform(minidump), code, flags, parameters),
        reader.u32(base),
        Location(reader.u32(base + 164), reader.u32(base + 160)),
    )


def _requesting_thread(minidump: Minidump) -> int | None:
    info = minidump.stream(Stream.BREAKPAD_INFO)
    if info is None or not minidump.reader.u32(info.offset) & _REQUESTING_THREAD_IS_VALID:
        return None
    return minidump.reader.u32(info.offset + 8)


def _frames(addresses: Sequence[int], arch: str | None, modules: Modules) -> Iterator[Frame]:
    """Yield frames as module and offset; an address outside all modules tells nothing.

    A caller's is that of its call, as in minidump-stackwalk's JSON.
    """
    call = call_bytes(arch)
    for number, address in enumerate(addresses):
        place = address - call if number else address
        module = modules.containing(place)
        offset = None if module is None else place - module.base
        yield Frame(module_name(module.path) if module else None, offset=offset)


def _product(path: str | None) -> str | None:
    """Return the executable's name without its ending, as the product of a bare minidump."""
    name = module_name(path)
    return None if name is None else name.removesuffix(".exe").removesuffix(".EXE")


def _message(annotations: dict[str, str]) -> str | None:
    return next((annotations[key] for key in _MESSAGE_KEYS if key in annotations), None)


def _uptime(minidump: Minidump) -> float | None:
    try:
        return uptime_seconds(minidump)
    except ParseError:
        return None
