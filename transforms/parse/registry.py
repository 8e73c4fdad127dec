"""The list of parsers, and the one way into them: `parse_payload`.

A format is told from content alone. The order of parsers matters where one format's text may
hold another's: the stricter sniff stands first.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, Identity, RawReport, Stage
from transforms.parse import (
    abrt_ureport,
    android_anr,
    android_java,
    android_tombstone,
    apple_crash_text,
    apple_ips,
    apport,
    bugsnag_json,
    coredump_json,
    crash_ping,
    documents,
    dotnet_trace,
    elf_core,
    exceptionless_event,
    generic_json,
    go_panic,
    javascript_trace,
    jvm_hs_err,
    kscrash_json,
    minidump,
    multipart_upload,
    python_traceback,
    ruby_trace,
    rust_panic,
    sanitizer_report,
    sentry_envelope,
    sentry_event,
    socorro_processed,
    socorro_raw,
    stackwalk_json,
    tombstone_proto,
    umeng_text,
    windows_wer,
)
from transforms.parse.annotations import normalised_id, with_annotations
from transforms.parse.bounds import within_limits
from transforms.parse.identities import harvest
from transforms.parse.json_reader import read_json
from transforms.parse.mangled_names import with_readable_names
from transforms.parse.parser import ParseError, Parser
from transforms.parse.text import as_utf8

JSON_PARSERS: Final[tuple[Parser, ...]] = (
    generic_json,
    apple_ips,
    crash_ping,
    socorro_processed,
    stackwalk_json,
    coredump_json,
    abrt_ureport,
    sentry_envelope,
    kscrash_json,
    bugsnag_json,
    exceptionless_event,
    socorro_raw,
    sentry_event,
)
"""Of payloads that begin with a brace."""

OTHER_PARSERS: Final[tuple[Parser, ...]] = (
    minidump,
    elf_core,
    tombstone_proto,
    multipart_upload,
    windows_wer,
    apport,
    android_tombstone,
    apple_crash_text,
    umeng_text,
    jvm_hs_err,
    android_anr,
    android_java,
    python_traceback,
    go_panic,
    rust_panic,
    ruby_trace,
    javascript_trace,
    dotnet_trace,
    sanitizer_report,
    stackwalk_json,  # behind front matter
)

PARSERS: Final = tuple(dict.fromkeys((*OTHER_PARSERS, *JSON_PARSERS)))
_SNIFFED_BYTES: Final = 4_096


def recognized_format(payload: bytes) -> str | None:
    """Return the name of the format that the payload's content shows, None if none does.

    A file of many reports has the format of the first of its reports that is recognized.
    """
    payload = as_utf8(payload)
    parser = _parser_of(payload)
    return parser.FORMAT if parser is not None else _format_of_documents(payload)


def parse_payload(raw: RawReport, limits: Limits) -> Iterator[CrashReport | Failure]:
    """Yield the reports that the bytes of one file hold; each that cannot be read is a `Failure`.

    Each report carries the identities found anywhere in its raw bytes and annotations, and is
    within the limits. Never raises, whatever the bytes are.
    """
    raw = _with_payload(raw, as_utf8(raw.payload))
    if not raw.payload or raw.payload.isspace():
        yield Failure(Stage.PARSE, FailureKind.EMPTY)
    elif (parser := _parser_of(raw.payload)) is not None:
        yield from _parse_document(raw, limits, parser)
    elif (format_name := _format_of_documents(raw.payload)) is not None:
        yield from _parse_documents(raw, limits, format_name)
    else:
        yield Failure(Stage.PARSE, FailureKind.UNKNOWN_FORMAT)


def _with_payload(raw: RawReport, payload: bytes) -> RawReport:
    return RawReport(raw.source, payload, raw.received_at, raw.annotations)


def _parser_of(payload: bytes) -> Parser | None:
    is_json = payload[:_SNIFFED_BYTES].lstrip().startswith(b"{")
    candidates = JSON_PARSERS if is_json else OTHER_PARSERS
    return next((parser for parser in candidates if parser.sniff(payload)), None)


def _format_of_documents(payload: bytes) -> str | None:
    found = map(_parser_of, documents.first_documents(payload))
    return next((parser.FORMAT for parser in found if parser is not None), None)


def _parse_documents(
    raw: RawReport, limits: Limits, format_name: str
) -> Iterator[CrashReport | Failure]:
    try:
        for number, document in enumerate(documents.split(raw.payload)):
            if number == limits.max_reports_per_file:
                raise ParseError(FailureKind.OVERSIZED)  # noqa: TRY301 - one way out for both
            parser = _parser_of(document)
            if parser is None:
                yield Failure(Stage.PARSE, _why_unknown(document), format_name)
            else:
                yield from _parse_document(_with_payload(raw, document), limits, parser)
    except ParseError as error:
        yield Failure(Stage.PARSE, error.kind, format_name)


def _parse_document(
    raw: RawReport, limits: Limits, parser: Parser
) -> Iterator[CrashReport | Failure]:
    try:
        identities = harvest(raw.payload)
        for report in parser.parse(raw, limits):
            yield within_limits(_completed(report, raw, identities), limits)
    except ParseError as error:
        yield Failure(Stage.PARSE, error.kind, parser.FORMAT)
    except Exception:  # noqa: BLE001 - its text may hold values of the report; it is only counted
        yield Failure(Stage.PARSE, FailureKind.PARSER_ERROR, parser.FORMAT)


def _why_unknown(line: bytes) -> FailureKind:
    try:
        read_json(line)
    except ParseError as error:
        return error.kind
    return FailureKind.UNKNOWN_FORMAT


def _completed(
    report: CrashReport, raw: RawReport, identities: tuple[Identity, ...]
) -> CrashReport:
    """Return the report with what only the raw report around it tells."""
    report = with_readable_names(with_annotations(report, raw.annotations))
    everyone = dict.fromkeys((*report.identities, *identities))
    return replace(
        report,
        install_id=normalised_id(report.install_id),
        received_at=report.received_at or raw.received_at,
        identities=tuple(sorted(everyone, key=lambda who: (who.kind, who.value))),
    )
