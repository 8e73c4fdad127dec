"""The Beam wrappers, all of them, each thin around a pure function of another module."""

from transforms.ptransforms.counting import Bound, Count, Release
from transforms.ptransforms.differences import HideDifferences, SumReleased
from transforms.ptransforms.gating import Gate
from transforms.ptransforms.listing import List
from transforms.ptransforms.metrics import METRICS_NAMESPACE, Tell
from transforms.ptransforms.noise import ReleaseWithNoise
from transforms.ptransforms.outputs import (
    LACKING,
    NAMES,
    STACKS,
    SUMMING,
    TALLIES,
    UNREAD,
)
from transforms.ptransforms.periods import HoldBack, LeaveLate
from transforms.ptransforms.publishing import Publish
from transforms.ptransforms.pulling import PullMessages
from transforms.ptransforms.reading import Exclude, Parse, Read, Scrub
from transforms.ptransforms.signing import Sign
from transforms.ptransforms.staging import NoteUnread, ReadStaged, Stage, told_as_staging
from transforms.ptransforms.streaming import IntoPeriods, ReadMessages

__all__ = [
    "LACKING",
    "METRICS_NAMESPACE",
    "NAMES",
    "STACKS",
    "SUMMING",
    "TALLIES",
    "UNREAD",
    "Bound",
    "Count",
    "Exclude",
    "Gate",
    "HideDifferences",
    "HoldBack",
    "IntoPeriods",
    "LeaveLate",
    "List",
    "NoteUnread",
    "Parse",
    "Publish",
    "PullMessages",
    "Read",
    "ReadMessages",
    "ReadStaged",
    "Release",
    "ReleaseWithNoise",
    "Scrub",
    "Sign",
    "Stage",
    "SumReleased",
    "Tell",
    "told_as_staging",
]
