"""The published tables: every column, its type and what it means.

This file is the allowlist of the output: what is not named here is not published. A column is a
dimension (part of a row's key), a count, or an attribute (shown when enough installs share it); a
tally tells of the run, and is not shown where exact numbers would undo noise.
"""

from dataclasses import dataclass
from enum import StrEnum

CONTRACT_VERSION = "1"
"""Version of the privacy contract that a footer refers to (docs/privacy-contract.md)."""

FOOTER_KEYS = (
    "crashveil.contract_version",
    "crashveil.table",
    "crashveil.policy",
    "crashveil.anonymous",
    "crashveil.k",
    "crashveil.max_cells_per_install",
    "crashveil.max_crashes_per_cell",
    "crashveil.reports_without_install_are_distinct",
    "crashveil.period_days",
    "crashveil.nlp",
    "crashveil.epsilon",
    "crashveil.delta",
)
"""Every key that a published file's footer holds (P11), and no other (P10)."""


class Role(StrEnum):
    """What a column is to the release rule."""

    DIMENSION = "dimension"
    COUNT = "count"
    ATTRIBUTE = "attribute"
    PARAMETER = "parameter"
    TALLY = "tally"


class ColumnType(StrEnum):
    """The Parquet types in use; text is always a plain string column, never a dictionary."""

    TEXT = "string"
    INTEGER = "int64"
    FRAMES = "list<struct<module, function, file, line, offset>>"
    COUNTS = "list<struct<name, count>>"


FRAME_FIELDS = {
    "module": ColumnType.TEXT,
    "function": ColumnType.TEXT,
    "file": ColumnType.TEXT,
    "line": ColumnType.INTEGER,
    "offset": ColumnType.INTEGER,
}
"""What is shown of a frame: these fields of a `CleanFrame`, in this order."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, role, and a sentence for the data dictionary."""

    name: str
    type: ColumnType
    role: Role
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One published table: its name, a sentence on what a row is, and its columns in order.

    `sums` names the table whose rows a row of this one sums up: only released ones (P7).
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    sums: str | None = None

    def names(self, role: Role) -> tuple[str, ...]:
        """Return the names of the columns with a role, in order."""
        return tuple(column.name for column in self.columns if column.role is role)


_PRODUCT = Column("product", ColumnType.TEXT, Role.DIMENSION, "The application's name.")
_VERSION = Column(
    "version", ColumnType.TEXT, Role.DIMENSION, "The application's version, as it reports it."
)
_OS_NAME = Column(
    "os_name", ColumnType.TEXT, Role.DIMENSION, "Operating system: Windows, macOS, Android, ..."
)
_SIGNATURE = Column(
    "signature", ColumnType.TEXT, Role.DIMENSION, "What crashes: made of the scrubbed stack."
)
_INSTALLS = Column(
    "install_count",
    ColumnType.INTEGER,
    Role.COUNT,
    "Distinct installations in this row and period. Do not add over periods: that gives "
    "install-periods, not installations.",
)
_CRASHES = Column(
    "crash_count",
    ColumnType.INTEGER,
    Role.COUNT,
    "Crashes, of which each installation adds at most the policy's number a row.",
)

CRASHES_BY_VERSION_OS = Table(
    "crashes_by_version_os",
    "Crashes of one product, version and channel on one operating system and architecture.",
    (
        _PRODUCT,
        _VERSION,
        Column("channel", ColumnType.TEXT, Role.DIMENSION, "Release channel: stable, beta, ..."),
        _OS_NAME,
        Column("os_version", ColumnType.TEXT, Role.DIMENSION, "Its marketing version: 11, 15.3."),
        Column("arch", ColumnType.TEXT, Role.DIMENSION, "Processor: x86, x86_64, arm, arm64."),
        Column("process_type", ColumnType.TEXT, Role.DIMENSION, "main, renderer, gpu, ..."),
        _INSTALLS,
        _CRASHES,
    ),
)
CRASHES_BY_SIGNATURE = Table(
    "crashes_by_signature",
    "Crashes with one signature, of one product and version on one operating system.",
    (
        _PRODUCT,
        _VERSION,
        _OS_NAME,
        _SIGNATURE,
        _INSTALLS,
        _CRASHES,
        Column("reason", ColumnType.TEXT, Role.ATTRIBUTE, "Signal or exception code, if shared."),
        Column("exception_type", ColumnType.TEXT, Role.ATTRIBUTE, "Exception class, if shared."),
    ),
)
SIGNATURES = Table(
    "signatures",
    "What is known of one signature of one product.",
    (
        _PRODUCT,
        _SIGNATURE,
        _INSTALLS,
        Column(
            "message_template",
            ColumnType.TEXT,
            Role.ATTRIBUTE,
            "The message with its variable parts replaced, if enough installations share it.",
        ),
        Column(
            "frames",
            ColumnType.FRAMES,
            Role.ATTRIBUTE,
            "The deepest part of the scrubbed stack that enough installations share, "
            "innermost frame first; without lines and offsets where too few share any of those.",
        ),
    ),
    sums=CRASHES_BY_SIGNATURE.name,
)
RELEASES = Table(
    "releases",
    "One release of one table and period: by which rules, and what became of the reports.",
    (
        Column("table_name", ColumnType.TEXT, Role.PARAMETER, "The table that was released."),
        Column("policy", ColumnType.TEXT, Role.PARAMETER, "Name of the policy that applied."),
        Column("contract_version", ColumnType.TEXT, Role.PARAMETER, "Of the privacy contract."),
        Column("k", ColumnType.INTEGER, Role.PARAMETER, "Installations that a row needed."),
        Column("max_cells_per_install", ColumnType.INTEGER, Role.PARAMETER, "P2's L0."),
        Column("max_crashes_per_cell", ColumnType.INTEGER, Role.PARAMETER, "P2's LINF."),
        Column("period_days", ColumnType.INTEGER, Role.PARAMETER, "Days in the period."),
        Column("cells_released", ColumnType.INTEGER, Role.COUNT, "Rows in the table."),
        Column(
            "cells_suppressed",
            ColumnType.INTEGER,
            Role.TALLY,
            "Rows that too few shared, rounded down to a multiple of k as all counts after it.",
        ),
        Column(
            "cells_withheld", ColumnType.INTEGER, Role.TALLY, "Rows that the last scan held back."
        ),
        Column(
            "reports_read",
            ColumnType.INTEGER,
            Role.TALLY,
            "Reports of the period, without those of whoever refused.",
        ),
        Column(
            "reports_rejected",
            ColumnType.COUNTS,
            Role.TALLY,
            "Reports that could not be used, by kind, in the period of their time or their file's.",
        ),
        Column(
            "redactions", ColumnType.COUNTS, Role.TALLY, "Values that were hidden, by entity type."
        ),
    ),
)

CELL_TABLES = (CRASHES_BY_VERSION_OS, CRASHES_BY_SIGNATURE, SIGNATURES)
"""The tables that are made of cells, each with the release rule on every row."""

COMPARED_TABLES = (CRASHES_BY_VERSION_OS, CRASHES_BY_SIGNATURE)
"""The tables that count the same crashes, so that sums of their rows can be compared (P7)."""

SHARED_DIMENSIONS = tuple(
    name
    for name in CRASHES_BY_SIGNATURE.names(Role.DIMENSION)
    if name in CRASHES_BY_VERSION_OS.names(Role.DIMENSION)
)
"""The dimensions by which the compared tables' rows can be summed up and subtracted."""

TABLES = (*CELL_TABLES, RELEASES)
"""All published tables."""
