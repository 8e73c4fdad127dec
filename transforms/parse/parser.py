"""What every parser is: a name, a sniff on content, and a bounded read into `CrashReport`s."""

from collections.abc import Iterator
from typing import Protocol

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, RawReport
from transforms.parse.field_mapping import FieldMapping


class ParseError(Exception):
    """A report that cannot be read. Carries its kind alone: no value can leak through it."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(kind.value)
        self.kind = kind


class Parser(Protocol):
    """A parser module: it is the object that the registry lists."""

    FORMAT: str
    MAPPING: FieldMapping

    def sniff(self, payload: bytes) -> bool:
        """Tell from content alone whether the payload is of this format; cheap, never raises."""
        ...

    def parse(self, raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
        """Yield the payload's reports, most often one.

        Raises:
            ParseError: the payload is of this format but cannot be read.
        """
        ...
