"""Entries of systemd-coredump as `journalctl --output=json` exports them.

Fields are those of systemd.journal-fields(7) and systemd-coredump(8); the frames stand in the
message, `#0  0x00007f… raise (libc.so.6 + 0x3c9c5)`. Command line, environment, limits, open
files and the memory itself are not kept.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, Identity, IdentityKind, RawReport
from transforms.parse.documents import is_one_object
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.identities import harvest
from transforms.parse.json_reader import integer, mapping, read_json, read_object, text
from transforms.parse.normalise import architecture, module_name
from transforms.parse.parser import ParseError
from transforms.parse.reasons import SIGNALS
from transforms.parse.text import text_lines
from transforms.parse.times import parse_time

FORMAT = "coredump_json"

MAPPING = FieldMapping(
    recognized_by="`COREDUMP_SIGNAL`",
    product="the package's name, else the executable's or `COREDUMP_COMM`",
    version="the package's version",
    os="Linux, without version",
    arch="the architecture that `MESSAGE` tells",
    reason="`COREDUMP_SIGNAL_NAME`, else the signal's number by name",
    frames="`MESSAGE`: the first thread's",
    install_id="`_MACHINE_ID`",
    received_at="`COREDUMP_TIMESTAMP`, else `__REALTIME_TIMESTAMP`",
    identities="host name, machine id, boot id; what is told in arrays of bytes",
)

_MICROSECONDS: Final = 1_000_000
_SIGNAL_FIELD: Final = b'"COREDUMP_SIGNAL"'
_STACK_TITLE: Final = "Stack trace of thread"
_ARCHITECTURE_TITLE: Final = "ELF object binary architecture:"
_ARCHITECTURES: Final = {"AMD x86-64": "x86_64", "Intel 80386": "x86", "AARCH64": "arm64"}
_FRAME = re.compile(
    r"#[0-9]{1,5} {1,4}0x[0-9a-fA-F]{1,16} (?P<function>\S{1,2048}) \((?P<place>.+)\)"
)
_NOT_KNOWN: Final = "n/a"
_PEOPLE: Final = (
    (IdentityKind.HOST_NAME, "COREDUMP_HOSTNAME"),
    (IdentityKind.HOST_NAME, "_HOSTNAME"),
    (IdentityKind.DEVICE_ID, "_MACHINE_ID"),
    (IdentityKind.DEVICE_ID, "_BOOT_ID"),
)


def sniff(payload: bytes) -> bool:
    """Tell an entry by its signal's field, which only systemd-coredump writes."""
    return _SIGNAL_FIELD in payload and is_one_object(payload)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of an entry.

    Raises:
        ParseError: `TRUNCATED` or `MALFORMED`.
    """
    entry = read_object(raw.payload)
    signal = integer(entry.get("COREDUMP_SIGNAL"))
    message = (_text(entry.get("MESSAGE")) or "").encode("utf-8", "replace")
    lines = [line.strip() for line in text_lines(message)]
    frames = _frames(lines)
    package = _package(entry)
    micros = integer(entry.get("COREDUMP_TIMESTAMP") or entry.get("__REALTIME_TIMESTAMP"))
    yield CrashReport(
        format=FORMAT,
        install_id=text(entry.get("_MACHINE_ID")),
        received_at=None if micros is None else parse_time(micros // _MICROSECONDS),
        product=text(package.get("name"))
        or module_name(_text(entry.get("COREDUMP_EXE")))
        or _text(entry.get("COREDUMP_COMM")),
        version=text(package.get("version")),
        os_name="Linux",
        arch=_architecture(lines),
        reason=text(entry.get("COREDUMP_SIGNAL_NAME")) or SIGNALS.get(signal or 0),
        frames=frames[: limits.max_frames],
        truncated=len(frames) > limits.max_frames,
        identities=tuple(_identities(entry)),
    )


def _identities(entry: Mapping[str, Any]) -> Iterator[Identity]:
    """Yield what fields name, and what arrays of bytes tell, which no search of the text finds."""
    named = ((kind, text(entry.get(key))) for kind, key in _PEOPLE)
    yield from (Identity(kind, value) for kind, value in named if value is not None)
    for field in entry.values():
        if isinstance(field, list):
            yield from harvest((_text(field) or "").encode("utf-8", "replace"))


def _text(value: object) -> str | None:
    """Return a field's text; the journal writes what is no UTF-8 as an array of bytes."""
    if isinstance(value, list) and all(isinstance(each, int) and 0 <= each < 256 for each in value):  # noqa: PLR2004 - a byte
        return bytes(value).decode("utf-8", "replace")
    return text(value)


def _package(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return name and version of the package, from its own fields or its ELF note."""
    name, version = entry.get("COREDUMP_PACKAGE_NAME"), entry.get("COREDUMP_PACKAGE_VERSION")
    if name or version:
        return {"name": name, "version": version}
    note = _text(entry.get("COREDUMP_PACKAGE_JSON"))
    if note is None:
        return {}
    try:
        modules = mapping(read_json(note.encode("utf-8", "replace")))
    except ParseError as error:
        if error.kind is FailureKind.OVERSIZED:
            raise
        return {}
    executable = _text(entry.get("COREDUMP_EXE"))
    return mapping(modules.get(executable or "")) or modules


def _frames(lines: list[str]) -> tuple[Frame, ...]:
    """Return the frames of the first thread that the message shows: the crashed one."""
    titles = (n for n, line in enumerate(lines) if line.startswith(_STACK_TITLE))
    first = next(titles, len(lines)) + 1
    last = next(titles, len(lines))
    found = (_FRAME.fullmatch(line) for line in lines[first:last])
    return tuple(_frame(match) for match in found if match is not None)


def _frame(match: re.Match[str]) -> Frame:
    path, _, offset = match["place"].rpartition(" + ")
    module = None if path == _NOT_KNOWN else module_name(path)
    function = match["function"]
    return Frame(
        module=module,
        function=None if function == _NOT_KNOWN else function,
        offset=integer(offset) if module else None,
    )


def _architecture(lines: list[str]) -> str | None:
    told = (line.removeprefix(_ARCHITECTURE_TITLE).strip() for line in lines
            if line.startswith(_ARCHITECTURE_TITLE))  # fmt: skip
    name = next(told, None)
    return _ARCHITECTURES.get(name or "") or architecture(name)
