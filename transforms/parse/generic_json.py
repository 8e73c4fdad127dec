"""crashveil's own form: one JSON object a report, so that any reporter can write it.

`docs/generic-report.schema.json` is its JSON Schema; `report_schema` makes it from the records that
a report becomes, so that a field of `CrashReport` is a field here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, Identity, IdentityKind, RawReport
from transforms.parse.documents import is_json_lines
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.frame_names import function_name, stable_name
from transforms.parse.identities import MOST_IDENTITIES
from transforms.parse.json_reader import integer, mapping, read_object, seconds, sequence, text
from transforms.parse.normalise import architecture, module_name, operating_system
from transforms.parse.parser import ParseError
from transforms.parse.times import parse_time

FORMAT = "generic_json"
FORM = "crashveil/1"

MAPPING = FieldMapping(
    recognized_by='`"format": "crashveil/1"` in a JSON object',
    product="`product`",
    version="`version`",
    channel="`channel`",
    os="`os_name`, `os_version`, `os_build`",
    arch="`arch`",
    process_type="`process_type`",
    reason="`reason`",
    exception_type="`exception_type`",
    message="`message`",
    frames="`frames`",
    install_id="`install_id`",
    report_id="`report_id`",
    received_at="`received_at`",
    uptime_s="`uptime_s`",
    consent="`consent`",
    identities="`identities`",
)

_SNIFFED_BYTES = 64 * 1024
_NAMED = re.compile(rb'"format"\s{0,8}:\s{0,8}"crashveil/1"')
_KINDS = frozenset(kind.value for kind in IdentityKind)

_TEXT = {"type": ["string", "null"]}
_FLAG = {"type": ["boolean", "null"]}
_COUNT = {"type": ["integer", "null"], "minimum": 0}
_FIELDS: dict[str, dict[str, Any]] = {
    "format": {"const": FORM, "description": "The form and its version."},
    "report_id": _TEXT | {"description": "Tells two uploads of one crash. Never published."},
    "install_id": _TEXT | {"description": "Tells one installation. Never published."},
    "received_at": {
        "type": ["string", "number", "null"],
        "description": "ISO 8601, UTC where it has no offset; or seconds since 1970.",
    },
    "product": _TEXT | {"description": "The application."},
    "version": _TEXT | {"description": "The application's version."},
    "channel": _TEXT | {"description": "The release channel, such as `beta`."},
    "os_name": _TEXT | {"description": "The operating system, by any of its usual names."},
    "os_version": _TEXT | {"description": "The operating system's public version."},
    "os_build": _TEXT | {"description": "The operating system's build."},
    "arch": _TEXT | {"description": "The processor, such as `arm64`."},
    "process_type": _TEXT | {"description": "The kind of process, such as `renderer`."},
    "reason": _TEXT | {"description": "Why the process ended, such as `SIGSEGV / SEGV_MAPERR`."},
    "exception_type": _TEXT | {"description": "The type of the exception, or the signal."},
    "message": _TEXT | {"description": "The exception's message; it is scrubbed."},
    "frames": {
        "type": ["array", "null"],
        "items": {"$ref": "#/$defs/frame"},
        "description": "The crashing thread's stack, innermost first.",
    },
    "uptime_s": {
        "type": ["number", "null"],
        "minimum": 0,
        "description": "Seconds from the start of the process to the crash.",
    },
    "consent": _FLAG | {"description": "False: the user refused, and the report is left out."},
    "truncated": _FLAG | {"description": "True: the reporter left some of it out."},
    "identities": {
        "type": ["array", "null"],
        "items": {"$ref": "#/$defs/identity"},
        "description": "Values that name a person or a device, hidden wherever they recur.",
    },
}
_FRAME_FIELDS: dict[str, dict[str, Any]] = {
    "module": _TEXT | {"description": "The library, package or class."},
    "function": _TEXT | {"description": "The function or method."},
    "file": _TEXT | {"description": "The source file."},
    "line": _COUNT | {"description": "The line in the source file."},
    "offset": _COUNT | {"description": "From the module's base; never an absolute address."},
    "in_app": _FLAG | {"description": "Whether the frame is the application's own code."},
}
_IDENTITY_FIELDS: dict[str, dict[str, Any]] = {
    "kind": {"enum": [kind.value for kind in IdentityKind], "description": "What it names."},
    "value": {"type": "string", "description": "The value to hide."},
}


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a report in this form."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "crashveil report",
        "description": "One crash. What is absent or null is not known; other fields are ignored.",
        "type": "object",
        "required": ["format"],
        "properties": {field.name: _FIELDS[field.name] for field in fields(CrashReport)},
        "$defs": {
            "frame": {
                "type": "object",
                "properties": {field.name: _FRAME_FIELDS[field.name] for field in fields(Frame)},
            },
            "identity": {
                "type": "object",
                "required": ["kind", "value"],
                "properties": {
                    field.name: _IDENTITY_FIELDS[field.name] for field in fields(Identity)
                },
            },
        },
    }


def schema_text() -> str:
    """Return the schema as `docs/generic-report.schema.json` holds it."""
    return json.dumps(report_schema(), indent=2) + "\n"


def sniff(payload: bytes) -> bool:
    """Tell a report by the form that it names; a file of many is told line by line."""
    head = payload[:_SNIFFED_BYTES].lstrip()
    if not head.startswith(b"{") or not _NAMED.search(head):
        return False
    first_line = head.partition(b"\n")[0].rstrip()
    return not (first_line.endswith(b"}") and is_json_lines(payload))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of an object.

    Raises:
        ParseError: no JSON object of this form (`MALFORMED`, `TRUNCATED`, `OVERSIZED`), or one
            that tells nothing of a crash (`NOT_A_CRASH`).
    """
    told = read_object(raw.payload)
    if told.get("format") != FORM:
        raise ParseError(FailureKind.MALFORMED)
    stack = sequence(told.get("frames"))
    system = operating_system(
        *(text(told.get(f"os_{part}")) for part in ("name", "version", "build"))
    )
    report = CrashReport(
        FORMAT,
        report_id=text(told.get("report_id")),
        install_id=text(told.get("install_id")),
        received_at=parse_time(told.get("received_at")),
        product=text(told.get("product")),
        version=text(told.get("version")),
        channel=text(told.get("channel")),
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(text(told.get("arch"))),
        process_type=text(told.get("process_type")),
        reason=text(told.get("reason")),
        exception_type=text(told.get("exception_type")),
        message=text(told.get("message")),
        frames=tuple(_frame(mapping(frame)) for frame in stack[: limits.max_frames]),
        uptime_s=seconds(told.get("uptime_s")),
        consent=_flag(told.get("consent")),
        truncated=told.get("truncated") is True or len(stack) > limits.max_frames,
        identities=tuple(_identities(told)),
    )
    if not (report.frames or report.reason or report.exception_type or report.message):
        raise ParseError(FailureKind.NOT_A_CRASH)
    yield report


def _frame(told: Mapping[str, Any]) -> Frame:
    module, offset = text(told.get("module")), _count(told.get("offset"))
    return Frame(
        module=module_name(module) if offset is not None else stable_name(module or "") or None,
        function=function_name(text(told.get("function"))),
        file=text(told.get("file")),
        line=_count(told.get("line")) or None,
        offset=offset,
        in_app=_flag(told.get("in_app")),
    )


def _count(value: object) -> int | None:
    number = integer(value)
    return number if number is not None and number >= 0 else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _identities(told: Mapping[str, Any]) -> Iterator[Identity]:
    named = sequence(told.get("identities"))
    if len(named) > MOST_IDENTITIES:
        raise ParseError(FailureKind.OVERSIZED)
    for each in named:
        kind, value = text(mapping(each).get("kind")), text(mapping(each).get("value"))
        if kind in _KINDS and value:
            yield Identity(IdentityKind(kind), value)
