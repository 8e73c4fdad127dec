"""The Beam wrappers, all of them, each thin around a pure function of another module."""

from transforms.ptransforms.counting import Bound, Count, HideDifferences, Release, SumReleased
from transforms.ptransforms.outputs import (
    CELLS,
    FOOTPRINTS,
    METRICS_NAMESPACE,
    NAMES,
    STACKS,
    SUMMING,
    TALLIES,
)
from transforms.ptransforms.reading import Exclude, Parse, Read, Scrub, Sign
from transforms.ptransforms.releasing import Gate, Publish

__all__ = [
    "CELLS",
    "FOOTPRINTS",
    "METRICS_NAMESPACE",
    "NAMES",
    "STACKS",
    "SUMMING",
    "TALLIES",
    "Bound",
    "Count",
    "Exclude",
    "Gate",
    "HideDifferences",
    "Parse",
    "Publish",
    "Read",
    "Release",
    "Scrub",
    "Sign",
    "SumReleased",
]
