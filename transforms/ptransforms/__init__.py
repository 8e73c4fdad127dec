"""The Beam wrappers, all of them, each thin around a pure function of another module."""

from transforms.ptransforms.counting import Bound, Count, SumReleased
from transforms.ptransforms.outputs import METRICS_NAMESPACE, STACKS, SUMMING, TALLIES
from transforms.ptransforms.reading import Exclude, Parse, Read, Scrub, Sign
from transforms.ptransforms.releasing import Gate, Publish, Release

__all__ = [
    "METRICS_NAMESPACE",
    "STACKS",
    "SUMMING",
    "TALLIES",
    "Bound",
    "Count",
    "Exclude",
    "Gate",
    "Parse",
    "Publish",
    "Read",
    "Release",
    "Scrub",
    "Sign",
    "SumReleased",
]
