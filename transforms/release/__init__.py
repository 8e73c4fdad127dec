"""What may be published of the counted cells: the threshold, the row, and the gate before it."""

from transforms.release.consistency import group_of, tables_that_lack, without_differences
from transforms.release.gate import Scan, withheld
from transforms.release.rows import Row, row_of, strings_of
from transforms.release.threshold import ReleasedCell, release

__all__ = [
    "ReleasedCell",
    "Row",
    "Scan",
    "group_of",
    "release",
    "row_of",
    "strings_of",
    "tables_that_lack",
    "withheld",
    "without_differences",
]
