"""The raw body of an upload of Breakpad, Crashpad or Electron: `multipart/form-data` (RFC 7578).

One part is the minidump, the others are annotations. A body is read without its HTTP headers: the
boundary is its first line.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, RawReport
from transforms.parse import minidump
from transforms.parse.annotations import with_annotations
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.gzip_reader import gunzipped
from transforms.parse.minidump_streams import SIGNATURE
from transforms.parse.parser import ParseError
from transforms.parse.unpack_budget import Budget

FORMAT = "multipart_upload"

MAPPING = FieldMapping(
    recognized_by="a boundary as first line, and a part's header as second",
    product="the fields, else as `minidump`",
    version="the fields, else as `minidump`",
    channel="the fields, else as `minidump`",
    os="as `minidump`",
    arch="as `minidump`",
    process_type="the fields, else as `minidump`",
    reason="as `minidump`",
    message="as `minidump`",
    frames="as `minidump`, of the first part that is one, gzipped or not",
    install_id="the fields, else as `minidump`",
    report_id="the fields, else as `minidump`",
    received_at="the fields, else as `minidump`",
    uptime_s="as `minidump`",
    consent="the fields, else as `minidump`",
    identities="the fields and the minidump's annotations",
)

_DASHES: Final = b"--"
_MAX_PARTS: Final = 1_000
_MAX_BOUNDARY_BYTES: Final = 72
"""RFC 2046 section 5.1.1: 70 characters, and the two dashes in front."""

_MAX_HEADER_BYTES: Final = 4_096
_MAX_VALUE_BYTES: Final = 64 * 1024
_MINIDUMP_PART: Final = "upload_file_minidump"
"""The part that Breakpad's and Crashpad's uploaders send the minidump in."""

_GZIP: Final = b"\x1f\x8b"
_DISPOSITION: Final = b"content-disposition: form-data"
_NAME = re.compile(rb"[; ]name=\"(?P<name>[^\"\r\n]{1,256})\"", re.IGNORECASE)


def sniff(payload: bytes) -> bool:
    """Tell a body by its first line, a boundary, and its second, a part's header."""
    boundary = _boundary(payload)
    if boundary is None:
        return False
    head = payload[len(boundary) : len(boundary) + 512].lstrip(b"\r\n").lower()
    return head.startswith((_DISPOSITION, b"content-type:"))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the report of the upload's minidump, with the facts that its fields tell.

    Raises:
        ParseError: `MALFORMED` when the part that is named after a minidump holds none, or a part
            in front of it is gzip that cannot be read; `OVERSIZED` for a gzipped minidump beyond
            what a container may hold; `NOT_A_CRASH` when there is no such part; else as the
            minidump's parser does.
    """
    fields: dict[str, str] = {}
    dump: bytes | None = None
    promised = False
    for name, content in _parts(raw.payload):
        promised = promised or (name == _MINIDUMP_PART and bool(content))
        if dump is None and _holds_minidump(content):
            dump = content
        elif len(content) <= _MAX_VALUE_BYTES:
            fields.setdefault(name, content.decode("utf-8", "replace"))
    if dump is None:
        raise ParseError(FailureKind.MALFORMED if promised else FailureKind.NOT_A_CRASH)
    unpacked, whole = _unpacked(dump, Budget(limits, len(raw.payload)))
    for report in minidump.parse(RawReport(raw.source, unpacked, raw.received_at), limits):
        told = with_annotations(report, fields)
        yield replace(told, format=FORMAT, truncated=told.truncated or not whole)


def _boundary(payload: bytes) -> bytes | None:
    line = payload[: _MAX_BOUNDARY_BYTES + 2].split(b"\n", 1)[0].rstrip(b"\r")
    return (
        line
        if line.startswith(_DASHES) and len(_DASHES) < len(line) <= _MAX_BOUNDARY_BYTES
        else None
    )


def _parts(payload: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each part; the last one may have been cut off."""
    boundary = _boundary(payload)
    if boundary is None:
        raise ParseError(FailureKind.MALFORMED)
    position = len(boundary)
    for _ in range(_MAX_PARTS):
        if payload.startswith(_DASHES, position):
            return
        end = payload.find(b"\n" + boundary, position)
        part = payload[position : len(payload) if end < 0 else end]
        header, found, content = _split_header(part)
        name = _NAME.search(header)
        if found and name is not None:
            yield name["name"].decode("utf-8", "replace"), content.removesuffix(b"\r")
        if end < 0:
            return
        position = end + 1 + len(boundary)


def _split_header(part: bytes) -> tuple[bytes, bool, bytes]:
    """Return a part's header, whether it ends, and what follows it."""
    head = part[:_MAX_HEADER_BYTES]
    for blank in (b"\r\n\r\n", b"\n\n"):
        end = head.find(blank)
        if end >= 0:
            return head[:end], True, part[end + len(blank) :]
    return head, False, b""


def _holds_minidump(content: bytes) -> bool:
    """Tell whether a part is a minidump, gzipped or not; of gzip the signature alone is unpacked.

    Raises:
        ParseError: `MALFORMED` for what begins like gzip and is none.
    """
    is_packed = content.startswith(_GZIP)
    return minidump.sniff(gunzipped(content, len(SIGNATURE))[0] if is_packed else content)


def _unpacked(dump: bytes, budget: Budget) -> tuple[bytes, bool]:
    """Return the minidump of a part (Crashpad gzips its uploads), and whether it is all there.

    Raises:
        ParseError: `OVERSIZED` for more than the budget, `MALFORMED` when it is no gzip.
    """
    if not dump.startswith(_GZIP):
        return dump, True
    content, whole = gunzipped(dump, budget.bytes_allowed() + 1)
    return budget.spend([content]), whole
