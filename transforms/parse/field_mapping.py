"""Where a format tells each fact: what `docs/formats.md` shows, kept beside the parser's code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMapping:
    """One short text a fact, in Markdown: where the parser takes it from; None where it does not.

    `os` stands for the system's name, version and build; `identities` for those that the parser
    itself names, besides what is found anywhere in the bytes.
    """

    recognized_by: str
    product: str | None = None
    version: str | None = None
    channel: str | None = None
    os: str | None = None
    arch: str | None = None
    process_type: str | None = None
    reason: str | None = None
    exception_type: str | None = None
    message: str | None = None
    frames: str | None = None
    install_id: str | None = None
    report_id: str | None = None
    received_at: str | None = None
    uptime_s: str | None = None
    consent: str | None = None
    identities: str | None = None
