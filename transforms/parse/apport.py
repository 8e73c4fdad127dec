"""Ubuntu's apport: `.crash` files of `Key: value`, further lines of a value begin with a space.

Fields are those that apport's `problem_report.py`, `report.py` and kernel handler write; values in
base64, the core among them, are passed over and never decoded. Of the process's command line,
folder, environment and memory map nothing is kept but where a frame lies in its module.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, Identity, IdentityKind, RawReport
from transforms.parse import python_traceback
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.gdb_stack import gdb_frame, memory_map, read_backtrace
from transforms.parse.json_reader import integer
from transforms.parse.normalise import OperatingSystem, architecture, module_name, operating_system
from transforms.parse.parser import ParseError
from transforms.parse.reasons import SIGNALS
from transforms.parse.times import parse_ctime
from transforms.parse.trace_text import require, trace_lines

FORMAT = "apport"

MAPPING = FieldMapping(
    recognized_by="a field `ProblemType`",
    product="the package's or snap's name, else the executable's",
    version="the package's or snap's version",
    channel="the snap's channel",
    os="`DistroRelease`, else the kernel of `Uname`",
    arch="`Architecture`, else the machine of `Uname`",
    reason="`SignalName`, else `Signal` by name; the class of a Python exception",
    exception_type="the class of a Python exception",
    message="`AssertionMessage`; the message of a Python exception",
    frames="`Stacktrace` with `ProcMaps`, else `StacktraceAddressSignature` or `StacktraceTop`; "
    "`Traceback` as `python_traceback`",
    received_at="`Date`, taken for UTC",
    identities="groups in `UserGroups` that are not the system's, users in `AudioDevicesInUse`, "
    "the host in `JournalErrors`",
)

_FIELD: Final = re.compile(rb"\n(?=[A-Za-z0-9_.])")
_WANTED: Final = frozenset(
    {
        "ProblemType", "Architecture", "AssertionMessage", "AudioDevicesInUse", "Date",
        "DistroRelease", "ExecutablePath", "JournalErrors", "Package", "ProcMaps", "Signal",
        "SignalName", "Snap", "SourcePackage", "Stacktrace", "StacktraceAddressSignature",
        "StacktraceTop", "Traceback", "Uname", "UserGroups",
    }
)  # fmt: skip
_MAX_FIELDS: Final = 10_000
_MAX_KEY_BYTES: Final = 64
_MAX_VALUE_BYTES: Final = 4 * 1024 * 1024
_MAX_TEXT_BYTES: Final = 64 * 1024
_ENCODED: Final = b"base64"
_SNIFFED_BYTES: Final = 4096
_PACKAGE = re.compile(r"(?P<name>[^\s:]{1,256})(?::\S{1,16})?(?: (?P<version>[^\s(\[]\S{0,255}))?")
_CHANNEL = re.compile(r"\((?P<name>[\w./-]{1,64})\)$")
_PLACE = re.compile(r"(?P<path>/[^:]{1,1024})\+(?P<offset>[0-9a-f]{1,16})")
_UNAME = re.compile(r"(?P<name>[A-Za-z]{1,32}) (?P<release>\S{1,128})(?: (?P<machine>\S{1,32}))?$")
_USER_OF_DEVICE = re.compile(r"/dev/\S{1,64}:\s{1,32}(?P<name>\S{1,64})\s{1,32}[0-9]")
_HOST_OF_LOG = re.compile(r"(?m)^\w{3} [ 0-9][0-9] [0-9:]{8} (?P<name>[\w.-]{1,64}) ")
_SYSTEM_GROUPS: Final = frozenset(
    """
    adm audio backup bluetooth cdrom colord crontab daemon dialout dip disk docker fax floppy fuse
    games gdm input irc kmem kvm lightdm list lp lpadmin lxd mail man messagebus microk8s n/a
    netdev news nogroup nopasswdlogin ollama operator plugdev proxy pulse pulse-access render root
    rtkit sambashare saned sasl scanner sgx shadow ssh ssl-cert staff sudo sys syslog
    systemd-journal tape tty ubuntu users utmp uucp vboxsf vboxusers video voice wheel wireshark
    www-data libvirt libvirtd
    """.split()  # noqa: SIM905 - to be read as a list of words
)
"""Groups that a system or a package makes; the name of any other may be its user's."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a crash was: its frames, and the exception where one was thrown."""

    frames: tuple[Frame, ...] = field(default=(), repr=False)
    exception_type: str | None = field(default=None, repr=False)
    message: str | None = field(default=None, repr=False)
    truncated: bool = False


def sniff(payload: bytes) -> bool:
    """Tell a file by the type of problem, which apport writes first."""
    head = payload[:_SNIFFED_BYTES]
    return head.startswith(b"ProblemType:") or b"\nProblemType:" in head


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a file; one that ends within a line is marked as truncated.

    Raises:
        ParseError: `NOT_A_CRASH` for a problem of another type, `TRUNCATED` when neither a signal
            nor an exception nor a stack is told.
    """
    fields = _read(raw.payload)
    if _text(fields, "ProblemType") != "Crash":
        raise ParseError(FailureKind.NOT_A_CRASH)
    told = _exception(fields, limits) or _stack(fields, limits.max_frames)
    signal = _text(fields, "SignalName") or SIGNALS.get(integer(_text(fields, "Signal")) or 0)
    require(signal or told.exception_type or told.frames)
    product, version, channel = _product(fields)
    system, machine = _system(fields)
    yield CrashReport(
        FORMAT,
        received_at=parse_ctime(_text(fields, "Date")),
        product=product,
        version=version,
        channel=channel,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(_text(fields, "Architecture")) or architecture(machine),
        reason=signal or told.exception_type,
        exception_type=told.exception_type,
        message=_text(fields, "AssertionMessage") or told.message,
        frames=told.frames[: limits.max_frames],
        truncated=told.truncated or not raw.payload.endswith(b"\n"),
        identities=tuple(_identities(fields)),
    )


def _read(payload: bytes) -> Mapping[str, bytes]:
    """Return the first value of each field that is wanted, its lines one below another."""
    fields: dict[str, bytes] = {}
    start = 0
    for _ in range(_MAX_FIELDS):
        following = _FIELD.search(payload, start)
        end = following.start() if following else len(payload)
        colon = payload.find(b":", start, min(end, start + _MAX_KEY_BYTES))
        key = payload[start : max(colon, start)].decode("ascii", "replace")
        if key in _WANTED:
            value = payload[colon + 1 : min(end, colon + 1 + _MAX_VALUE_BYTES)].strip(b" ")
            if value.partition(b"\n")[0].rstrip() != _ENCODED:
                fields.setdefault(key, value.replace(b"\n ", b"\n"))
        if following is None:
            break
        start = following.end()
    return fields


def _text(fields: Mapping[str, bytes], name: str) -> str:
    """Return a field's text, empty where there is none."""
    return fields.get(name, b"")[:_MAX_TEXT_BYTES].decode("utf-8", "replace").strip()


def _exception(fields: Mapping[str, bytes], limits: Limits) -> _Told | None:
    """Return what the traceback of a Python program tells."""
    traceback = fields.get("Traceback")
    if not traceback:
        return None
    (report,) = python_traceback.parse(RawReport("", traceback), limits)
    return _Told(report.frames, report.exception_type, report.message, report.truncated)


def _stack(fields: Mapping[str, bytes], most: int) -> _Told:
    """Return the stack that knows most: gdb's own, else its functions or else their places."""
    mapped = memory_map(trace_lines(fields.get("ProcMaps", b"")))
    frames = read_backtrace(trace_lines(fields.get("Stacktrace", b"")), mapped, most + 1)
    if not frames:
        lines = filter(None, trace_lines(fields.get("StacktraceTop", b"")))
        top = [gdb_frame(line) for line in islice(lines, most + 1)]
        named = any(frame.function for frame in top)
        frames = top if named else _places(fields, most + 1) or top
    return _Told(tuple(frames), truncated=len(frames) > most)


def _places(fields: Mapping[str, bytes], most: int) -> list[Frame]:
    """Return the frames of apport's signature: the executable, the signal, then `path+offset`."""
    parts = _text(fields, "StacktraceAddressSignature").split(":")
    found = filter(None, map(_PLACE.fullmatch, parts))
    return [
        Frame(module_name(match["path"]), offset=int(match["offset"], 16))
        for match in islice(found, most)
    ]


def _product(fields: Mapping[str, bytes]) -> tuple[str | None, str | None, str | None]:
    """Return the name, version and channel of a snap, or name and version of a package."""
    snap = _text(fields, "Snap")
    package = _PACKAGE.match(snap or _text(fields, "Package"))
    channel = _CHANNEL.search(snap)
    if package is None:
        name = _text(fields, "SourcePackage") or module_name(_text(fields, "ExecutablePath"))
        return name, None, None
    return package["name"], package["version"], channel["name"] if channel else None


def _system(fields: Mapping[str, bytes]) -> tuple[OperatingSystem, str | None]:
    """Return the distribution, else the kernel, and what the kernel calls the machine."""
    kernel = _UNAME.match(_text(fields, "Uname"))
    machine = kernel["machine"] if kernel else None
    if release := _text(fields, "DistroRelease"):
        return operating_system(release, None), machine
    if kernel is None:
        return OperatingSystem(), None
    return operating_system(kernel["name"], kernel["release"]), machine


def _identities(fields: Mapping[str, bytes]) -> Iterator[Identity]:
    """Yield the users and hosts that stand in these fields without a word that tells them."""
    for group in _text(fields, "UserGroups").split():
        if group.casefold() not in _SYSTEM_GROUPS:
            yield Identity(IdentityKind.USER_NAME, group)
    for user in set(_USER_OF_DEVICE.findall(_text(fields, "AudioDevicesInUse"))):
        yield Identity(IdentityKind.USER_NAME, user)
    for host in set(_HOST_OF_LOG.findall(_text(fields, "JournalErrors"))):
        yield Identity(IdentityKind.HOST_NAME, host)
