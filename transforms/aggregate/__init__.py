"""From anonymous crashes to counted cells: periods, keyed hashes, what one install adds, counts."""

from transforms.aggregate.bound import (
    Contribution,
    Footprint,
    admitted,
    contributions,
    footprints,
    sums_a_released_cell,
)
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
    "Footprint",
    "Pseudonyms",
    "admitted",
    "contributions",
    "derive_run_key",
    "fingerprint",
    "footprints",
    "is_closed",
    "keyed_hash",
    "period_of",
    "sums_a_released_cell",
]
