"""What verifying finds: which check, in which file, and what is wrong, never a leaked value."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """The checks by the names under which they report; docs/verify.md says what each proves."""

    LAYOUT = "layout"
    LEDGER = "ledger"
    TREE_HEAD = "tree-head"
    MANIFEST = "manifest"
    CONTENT = "content"
    SCHEMA = "schema"
    FOOTER = "footer"
    ENCODING = "encoding"
    ROWS = "rows"
    FLOOR = "floor"
    COUNTS = "counts"
    RELEASES = "releases"
    SUBTRACTION = "subtraction"
    PERSONAL = "personal"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `file` is relative to the output, empty where it is none's.

    `what` may name tables, columns, row numbers (the first is 1) and entity types, and numbers that
    are published; never a text that was read from a file.
    """

    check: Check
    file: str
    what: str
