"""What may be published of the counted cells: the threshold, the row, and the gate before it."""

from transforms.release.budget import BudgetError, Cost, check_budget, yearly_epsilon
from transforms.release.consistency import group_of, is_compared, without_differences
from transforms.release.differential_privacy import (
    MissingExtraError,
    loss_of_period,
    release_with_noise,
)
from transforms.release.gate import withheld
from transforms.release.rows import Row, row_of, strings_of
from transforms.release.threshold import ReleasedCell, release

__all__ = [
    "BudgetError",
    "Cost",
    "MissingExtraError",
    "ReleasedCell",
    "Row",
    "check_budget",
    "group_of",
    "is_compared",
    "loss_of_period",
    "release",
    "release_with_noise",
    "row_of",
    "strings_of",
    "withheld",
    "without_differences",
    "yearly_epsilon",
]
