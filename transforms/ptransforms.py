"""The Beam wrappers, all of them, each around a pure function of another module.

A step hands on what earlier steps counted (`Tally`) untouched, so that a pipeline reads as one line.
Records before `Sign` are personal data: they stay within one fused stage and meet no coder.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import AsDict, AsIter, PCollection, TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.policy import Limits, Policy
from schemas.records import (
    AnonymousCrash,
    Cell,
    Clean,
    CleanFrame,
    CrashReport,
    Failure,
    FailureKind,
    RawReport,
    Stage,
    Tally,
    TallyName,
)
from transforms.aggregate import (
    Contribution,
    Pseudonyms,
    contributions,
    is_closed,
    period_of,
)
from transforms.anonymize import ScrubbedReport, identify, sign
from transforms.parse import parse_payload
from transforms.progress import ProgressWriter
from transforms.read import InputItem, read_item
from transforms.scrub import ScrubError, Scrubber, load_scrubber
from transforms.storage import read_bytes

METRICS_NAMESPACE = "crashveil"

Element = Any
"""What flows between fused steps: the step's record, or a `Tally` of an earlier step."""
