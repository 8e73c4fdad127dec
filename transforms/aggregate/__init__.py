"""From anonymous crashes to counted cells: periods, keyed hashes, what one install adds, counts."""

from transforms.aggregate.bound import Contribution, admitted, contributions, without_refused
from transforms.aggregate.count import CellCount
from transforms.aggregate.pack import CrashPacker, by_install, crashes_of
from transforms.aggregate.period import is_closed, period_of
from transforms.aggregate.pseudonym import (
    Pseudonyms,
    derive_run_key,
    fingerprint,
    keyed_hash,
)

__all__ = [
    "CellCount",
    "Contribution",
    "CrashPacker",
    "Pseudonyms",
    "admitted",
    "by_install",
    "contributions",
    "crashes_of",
    "derive_run_key",
    "fingerprint",
    "is_closed",
    "keyed_hash",
    "period_of",
    "without_refused",
]
