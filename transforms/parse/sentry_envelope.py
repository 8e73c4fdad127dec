"""Sentry envelopes: an event, and what was attached to it, such as a minidump.

The form is that of develop.sentry.dev/sdk/foundations/transport/envelopes: a line of headers, and
then for each item a line of headers and its payload, which ends after its length or at the line's.
Sessions, transactions, logs, replays and other attachments are passed over.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, RawReport
from transforms.parse import minidump, sentry_event
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import read_object, text
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

_LENGTH: Final = re.compile(rb'"length" ?: ?([0-9]{1,12})(?![0-9.])')


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str | None = field(repr=False)
    attachment: str | None = field(repr=False)
    content: bytes = field(repr=False)


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
        ParseError: `NOT_A_CRASH` when there is neither a crash's event nor a minidump in it; as
            the parser of either raises; `MALFORMED`, behind the report if there is one, when the
            headers of an item were broken and it was passed over.
    """
    told: CrashReport | None = None
    dump: CrashReport | None = None
    is_crash = broken = False
    for item in _items(raw.payload):
        if item is None:
            broken = True
        elif item.kind == "event" and told is None:
            told, is_crash = sentry_event.report_of(read_object(item.content), limits)
        elif dump is None and item.attachment == "event.minidump" and minidump.sniff(item.content):
            inner = RawReport(raw.source, item.content, raw.received_at)
            dump = next(minidump.parse(inner, limits))
    if dump is not None:
        yield replace(_completed(dump, told) if told else dump, format=FORMAT)
    elif told is not None and is_crash:
        yield replace(told, format=FORMAT)
    elif not broken:
        raise ParseError(FailureKind.NOT_A_CRASH)
    if broken:
        raise ParseError(FailureKind.MALFORMED)


def _completed(dump: CrashReport, told: CrashReport) -> CrashReport:
    """Return the minidump's report with what its event tells: who, when, which application.

    What crashed, and where, is the minidump's to tell.
    """
    own = {"format", "reason", "frames", "truncated", "identities", "os_name", "os_version"}
    own |= {"os_build", "arch"}
    said = {
        fact.name: value
        for fact in fields(told)
        if fact.name not in own and (value := getattr(told, fact.name)) is not None
    }
    return replace(dump, **said, identities=(*dump.identities, *told.identities))


def _items(payload: bytes) -> Iterator[_Item | None]:
    """Yield each item, None for one whose headers are broken; the last may have been cut off."""
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
        start, line = end + 1, payload[position : min(end, position + _MAX_HEADER_BYTES)]
        headers = _headers(line)
        if headers is None:
            yield None
            position = _behind_broken(payload, line, start)
            continue
        length = headers.get("length")
        if not isinstance(length, int) or isinstance(length, bool) or length < 0:
            stop = payload.find(b"\n", start)
            length = (len(payload) if stop < 0 else stop) - start
        yield _Item(
            text(headers.get("type")),
            text(headers.get("attachment_type")),
            payload[start : start + length],
        )
        position = start + length + 1


def _behind_broken(payload: bytes, line: bytes, start: int) -> int:
    """Return where the next item begins: by the length in broken headers, else by its own headers.

    A length counts if the payload ends there with its line.
    """
    told = _LENGTH.search(line)
    end = start + int(told.group(1)) if told else len(payload)
    if end < len(payload) and payload.startswith(b"\n", end):
        return end + 1
    while start < len(payload):
        end = payload.find(b"\n", start)
        end = len(payload) if end < 0 else end
        if _is_item(payload[start : min(end, start + _MAX_HEADER_BYTES)]):
            return start
        start = end + 1
    return start


def _headers(line: bytes) -> Mapping[str, Any] | None:
    """Return an item's headers, None if they are broken."""
    try:
        return read_object(line)
    except ParseError:
        return None


def _is_item(line: bytes) -> bool:
    headers = _headers(line) if line.startswith(b"{") else None
    if headers is None:
        return False
    return isinstance(headers.get("type"), str) and headers.keys() <= _ITEM_HEADERS
