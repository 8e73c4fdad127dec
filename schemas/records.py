"""The records, in the order in which they flow: raw, parsed, scrubbed, anonymous, counted.

Everything up to `CrashReport` holds personal data and never crosses a Beam barrier, a log or a
disk. `Clean` text is what the scrubber has finished; nothing after it accepts plain `str`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from schemas.crossing import CrossingRecord

Clean = NewType("Clean", str)
"""Text that the scrubber has finished: made by `transforms.scrub`, and of such text by
`transforms.group` (a test holds that)."""

UNKNOWN = Clean("unknown")
"""Stands in a dimension that a report does not tell."""


class FailureKind(StrEnum):
    """Why a file, or one report in it, could not be used. Counted by name, never with a value."""

    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    OVERSIZED = "oversized"
    UNKNOWN_FORMAT = "unknown_format"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    NOT_A_CRASH = "not_a_crash"
    NO_TIME = "no_time"
    PARSER_ERROR = "parser_error"
    SCRUBBER_ERROR = "scrubber_error"


class Stage(StrEnum):
    """The step at which a failure happened."""

    READ = "read"
    PARSE = "parse"
    SCRUB = "scrub"


@dataclass(frozen=True, slots=True)
class Failure:
    """One report that costs one count: where it failed and how, never what it held."""

    stage: Stage
    kind: FailureKind
    format: str = "unknown"


class TallyName(StrEnum):
    """What a run counts about itself. Registered here: nothing else is ever counted or shown."""

    READ = "reports_read"
    REJECTED = "reports_rejected"
    EXCLUDED = "reports_excluded"
    ACCEPTED = "reports_accepted"
    HELD_BACK = "reports_held_back"
    LATE = "reports_late"
    DUPLICATE = "reports_duplicate"
    REDACTED = "values_redacted"
    SCRUB_CACHE = "scrub_cache"
    RELEASED = "cells_released"
    SUPPRESSED = "cells_suppressed"
    WITHHELD = "cells_withheld"
    PERIODS = "periods"
    MILLISECONDS = "milliseconds"


@dataclass(frozen=True, slots=True)
class Tally(CrossingRecord):
    """A count of a run. `label` is a kind of failure, an entity type or a table: never a value.

    `period` is given where a count is of one period.
    """

    name: TallyName
    label: str = ""
    count: int = 1
    period: str = ""


@dataclass(frozen=True, slots=True)
class RawReport:
    """The bytes of one file as they were received. Personal data: its `repr` shows none of it.

    `source` is the path or URL that the bytes came from, `received_at` the collector's time of
    arrival when known (UTC, aware), `annotations` the key-value pairs of a sidecar file.
    """

    source: str = field(repr=False)
    payload: bytes = field(repr=False)
    received_at: datetime | None = None
    annotations: Mapping[str, str] = field(default_factory=dict, repr=False)


class IdentityKind(StrEnum):
    """What a value that names a person or a device is; also the entity type that replaces it."""

    USER_NAME = "USER_NAME"
    HOST_NAME = "HOST_NAME"
    DEVICE_ID = "DEVICE_ID"


@dataclass(frozen=True, slots=True)
class Identity:
    """A value found anywhere in the raw report that must be hidden wherever it recurs."""

    kind: IdentityKind
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """One raw frame of the crashing thread, innermost first.

    `offset` is relative to the module's base, never an absolute address. `in_app` tells whether
    the frame is the application's own code, where the format knows it.
    """

    module: str | None = field(default=None, repr=False)
    function: str | None = field(default=None, repr=False)
    file: str | None = field(default=None, repr=False)
    line: int | None = None
    offset: int | None = None
    in_app: bool | None = None


@dataclass(frozen=True, slots=True)
class CrashReport:
    """The allowlisted facts of one report, not yet scrubbed. Personal data: `repr` shows none.

    `report_id` tells two uploads of one crash, `install_id` one installation; both are raw here
    and leave this record only as keyed hashes. `received_at` is UTC and aware. `consent` is False
    when the report itself says that the user refused, None when it does not say.
    """

    format: str
    report_id: str | None = field(default=None, repr=False)
    install_id: str | None = field(default=None, repr=False)
    received_at: datetime | None = field(default=None, repr=False)
    product: str | None = field(default=None, repr=False)
    version: str | None = field(default=None, repr=False)
    channel: str | None = field(default=None, repr=False)
    os_name: str | None = field(default=None, repr=False)
    os_version: str | None = field(default=None, repr=False)
    os_build: str | None = field(default=None, repr=False)
    arch: str | None = field(default=None, repr=False)
    process_type: str | None = field(default=None, repr=False)
    reason: str | None = field(default=None, repr=False)
    exception_type: str | None = field(default=None, repr=False)
    message: str | None = field(default=None, repr=False)
    frames: tuple[Frame, ...] = field(default=(), repr=False)
    uptime_s: float | None = None
    consent: bool | None = None
    truncated: bool = False
    identities: tuple[Identity, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CleanFrame:
    """A frame after scrubbing: the file is a basename or cut at the project's root."""

    module: Clean | None = None
    function: Clean | None = None
    file: Clean | None = None
    line: int | None = None
    offset: int | None = None
    in_app: bool | None = None


@dataclass(frozen=True, slots=True)
class ScrubbedCrash:
    """The facts of one report with all text `Clean`, and no id of a report or an installation.

    `redactions` counts what was hidden, by entity type.
    """

    format: str
    product: Clean | None = None
    version: Clean | None = None
    channel: Clean | None = None
    os_name: Clean | None = None
    os_version: Clean | None = None
    os_build: Clean | None = None
    arch: Clean | None = None
    process_type: Clean | None = None
    reason: Clean | None = None
    exception_type: Clean | None = None
    message: Clean | None = None
    frames: tuple[CleanFrame, ...] = ()
    uptime_s: float | None = None
    truncated: bool = False
    redactions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts(CrossingRecord):
    """What is counted of a crash: scrubbed, and the same for all crashes that are alike.

    `stack` is the digest of the scrubbed stack, which holds those of its prefixes
    (`transforms.group`); the frames themselves travel apart, once.
    """

    product: Clean
    version: Clean
    channel: Clean
    os_name: Clean
    os_version: Clean
    arch: Clean
    process_type: Clean
    signature: Clean
    reason: Clean | None = None
    exception_type: Clean | None = None
    message_template: Clean | None = None
    stack: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class AnonymousCrash:
    """What is counted of a report: small, scrubbed, and tied to people by keyed hashes only.

    `period` is the first day of the report's period (ISO date). `install` and `report` are
    16-byte keyed hashes of one period; they are never published.

    Without `facts` it stands for a report that must not count: the same report may have come before
    without the refusal, in an earlier run even, and goes with it.
    """

    period: str
    install: bytes = field(repr=False)
    report: bytes = field(repr=False)
    facts: Facts | None


@dataclass(frozen=True, slots=True)
class PackedCrashes(CrossingRecord):
    """What crosses the first barrier: some crashes of one period, packed together.

    Their installations' hashes begin with the byte `shard`, so that all crashes of an installation
    come together where packs of one shard do. `count` tells how many of them have facts; `packed`
    is made and opened by `transforms.aggregate`.
    """

    period: str
    shard: int
    count: int
    packed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stack(CrossingRecord):
    """The frames that a digest in `Facts.stack` stands for, in one period.

    `frames` are packed (`transforms.group.pack_frames`), since few of all stacks are ever looked
    at.
    """

    period: str
    digest: bytes = field(repr=False)
    frames: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NameHashes(CrossingRecord):
    """Keyed hashes of the names of people and devices that reports of a period tell.

    `hashes` holds one after the other, `NAME_HASH_BYTES` each, of which `shard` is the first byte:
    so whoever looks for a name need not look at all of them.
    """

    period: str
    shard: int
    hashes: bytes = field(repr=False)


NAME_HASH_BYTES = 8
"""Two of ten million names are of one hash in one of 200,000 periods."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a table before the release rule: its key, and how many share it.

    `installs` counts distinct installations after bounding, `crashes` their bounded crashes.
    `attributes` maps a column to the values seen in it and the distinct installations of each:
    a value that too few share is not released even when the cell is. `stacks` does the same for
    the digests of stack prefixes, one mapping a level, the most exact last.
    `few_installs` are the keyed hashes of all its installations where too few share it, else none.
    """

    table: str
    period: str
    key: tuple[Clean, ...]
    installs: int
    crashes: int
    attributes: Mapping[str, Mapping[Clean, int]] = field(default_factory=dict)
    stacks: tuple[Mapping[bytes, int], ...] = ()
    few_installs: frozenset[bytes] = field(default=frozenset(), repr=False)
