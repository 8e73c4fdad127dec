"""Sentry envelopes: an event, and what was attached to it, such as a minidump.

The form is that of develop.sentry.dev/sdk/foundations/transport/envelopes: a line of headers, and
then for each item a line of headers and its payload, which ends after its length or at the line's.
Sessions, transactions, logs, replays and other attachments are passed over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, RawReport
from transforms.parse import minidump, sentry_event
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import mapping, read_object, text
from transforms.parse.parser import ParseError

FORMAT = "sentry_envelope"

MAPPING = FieldMapping(
    recognized_by="a line of envelope headers, and a line of an item's",
    product="as `sentry_event`; else as `minidump`",
    version="as `sentry_event`; else as `minidump`",
    channel="as `sentry_event`; else as `minidump`",
    os="as `minidump`, else as `sentry_event`",
    arch="as `minidump`, else as `sentry_event`",
    process_type="as `sentry_event`; else as `minidump`",
    reason="as `minidump`, else as `sentry_event`",
    exception_type="as `sentry_event`",
    message="as `sentry_event`; else as `minidump`",
    frames="as `minidump`, else as `sentry_event`",
    install_id="as `sentry_event`; else as `minidump`",
    report_id="as `sentry_event`; else as `minidump`",
    received_at="as `sentry_event`; else as `minidump`",
    uptime_s="as `sentry_event`; else as `minidump`",
    consent="as `minidump`",
    identities="of both",
)

_MAX_ITEMS: Final = 1_000
_MAX_HEADER_BYTES: Final = 16 * 1024
_ENVELOPE_HEADERS: Final = (b'"event_id"', b'"dsn"', b'"sent_at"', b'"sdk"', b'"trace"')

_ITEM_HEADERS: Final = frozenset(
    {"type", "length", "content_type", "filename", "attachment_type", "item_count", "platform"}
)


def sniff(payload: bytes) -> bool:
    """Tell an envelope by the headers of its own, and of its first item."""
    first, _, rest = payload[: 2 * _MAX_HEADER_BYTES].partition(b"\n")
    first, second = first.strip(), rest.partition(b"\n")[0].strip()
    if not (first.startswith(b"{") and first.endswith(b"}") and second.startswith(b"{")):
        return False
    headers = first == b"{}" or any(name in first for name in _ENVELOPE_HEADERS)
    return headers and b'"exception"' not in first and b'"type"' in second and _is_item(second)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of an envelope.

    Raises:
        ParseError: `NOT_A_CRASH` when there is neither a crash's event nor a minidump in it, else
            as the parser of either raises.
    """
    told: CrashReport | None = None
    is_crash = False
    dump: CrashReport | None = None
    for kind, attachment, content in _items(raw.payload):
        if kind == "event" and told is None:
            told, is_crash = sentry_event.report_of(read_object(content), limits)
        elif dump is None and attachment == "event.minidump" and minidump.sniff(content):
            inner = RawReport(raw.source, content, raw.received_at)
            dump = next(minidump.parse(inner, limits))
    if dump is not None:
        yield replace(_completed(dump, told) if told else dump, format=FORMAT)
    elif told is not None and is_crash:
        yield replace(told, format=FORMAT)
    else:
        raise ParseError(FailureKind.NOT_A_CRASH)


def _completed(dump: CrashReport, told: CrashReport) -> CrashReport:
    """Return the minidump's report with what its event tells: who, when, which application.

    What crashed, and where, is the minidump's to tell.
    """
    own = {"format", "reason", "frames", "truncated", "identities", "os_name", "os_version"}
    own |= {"os_build", "arch"}
    said = {
        field.name: value
        for field in fields(told)
        if field.name not in own and (value := getattr(told, field.name)) is not None
    }
    return replace(dump, **said, identities=(*dump.identities, *told.identities))


def _items(payload: bytes) -> Iterator[tuple[str | None, str | None, bytes]]:
    """Yield each item's type, attachment type and payload; the last may have been cut off."""
    position = payload.find(b"\n") + 1
    for _ in range(_MAX_ITEMS):
        if not 0 < position < len(payload):
            return
        end = payload.find(b"\n", position)
        if end < 0:
            return
        if end == position:
            position += 1
            continue
        headers = _headers(payload[position : min(end, position + _MAX_HEADER_BYTES)])
        start, length = end + 1, headers.get("length")
        if not isinstance(length, int) or isinstance(length, bool) or length < 0:
            stop = payload.find(b"\n", start)
            length = (len(payload) if stop < 0 else stop) - start
        yield (
            text(headers.get("type")),
            text(headers.get("attachment_type")),
            payload[start : start + length],
        )
        position = start + length + 1


def _headers(line: bytes) -> Mapping[str, Any]:
    return mapping(read_object(line))


def _is_item(line: bytes) -> bool:
    try:
        headers = _headers(line[:_MAX_HEADER_BYTES])
        return isinstance(headers.get("type"), str) and headers.keys() <= _ITEM_HEADERS
    except ParseError:
        return False
