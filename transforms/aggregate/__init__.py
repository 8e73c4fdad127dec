"""From anonymous crashes to counted cells: periods, keyed hashes, what one install adds, counts."""

from transforms.aggregate.bound import Contribution, admitted, contributions
from transforms.aggregate.count import CellCount
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
    "Pseudonyms",
    "admitted",
    "contributions",
    "derive_run_key",
    "fingerprint",
    "is_closed",
    "keyed_hash",
    "period_of",
]
