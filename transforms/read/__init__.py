"""From an input's files to raw reports: each dump with what stands beside it, archives opened."""

from transforms.read.items import ReadBytes, opened, parse_annotations, read_item
from transforms.read.listing import (
    InputFile,
    InputItem,
    Listing,
    is_document,
    items_of,
    pair_sidecars,
    prefix_of_family,
)

__all__ = [
    "InputFile",
    "InputItem",
    "Listing",
    "ReadBytes",
    "is_document",
    "items_of",
    "opened",
    "pair_sidecars",
    "parse_annotations",
    "prefix_of_family",
    "read_item",
]
