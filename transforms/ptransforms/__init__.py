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
from transforms.ptransforms.periods import HoldBack, LeaveLate
from transforms.ptransforms.reading import Exclude, Parse, Read, Scrub, Sign
from transforms.ptransforms.releasing import Gate, Publish, Tell
from transforms.ptransforms.staging import ReadStaged, Stage

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
    "HoldBack",
    "LeaveLate",
    "Parse",
    "Publish",
    "Read",
    "ReadStaged",
    "Release",
    "Scrub",
    "Sign",
    "Stage",
    "SumReleased",
    "Tell",
]
