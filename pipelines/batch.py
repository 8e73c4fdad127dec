"""The batch pipeline. Its body reads like the way of the data; its order is a privacy argument.

Whatever names a person is gone before the first barrier: read, parse, exclude, scrub and sign run
in one fused stage, and what is written, moved between workers or counted comes after them.
"""

import re
from dataclasses import dataclass
from datetime import date

import apache_beam as beam
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineResult

from pipelines.options import OptionError, is_local
from pipelines.summary import Tallies
from schemas.policy import Policy
from schemas.records import TallyName
from transforms.aggregate import derive_run_key, fingerprint
from transforms.keys import KeySource
from transforms.ptransforms import (
    CELLS,
    FOOTPRINTS,
    METRICS_NAMESPACE,
    NAMES,
    STACKS,
    SUMMING,
    TALLIES,
    Bound,
    Count,
    Exclude,
    Gate,
    HideDifferences,
    Parse,
    Publish,
    Read,
    Release,
    Scrub,
    Sign,
    SumReleased,
)
from transforms.publish import PublishError, parameters_of
from transforms.read import InputItem


@dataclass(frozen=True, slots=True)
class Run:
    """One batch run: what to read, where to publish, by which policy, on which day, by which key.

    Without a key one is derived from the listing of the input.

    `progress_folder` is where local workers tell how far they are, None on a cluster.
    """

    items: tuple[InputItem, ...]
    output: str
    policy: Policy
    as_of: date
    key: KeySource | None = None
    progress_folder: str | None = None


class BatchError(Exception):
    """A run that an engine could not finish; one line without anything of a report in it."""


def build(pipeline: beam.Pipeline, run: Run) -> None:
    """Add the whole way of the data to a pipeline."""
    policy = run.policy
    key = run.key or KeySource(
        derive_run_key((item.file.name, item.file.size) for item in run.items)
    )

    signed = (
        pipeline
        | "List" >> beam.Create(run.items)
        | "Read" >> Read(policy)
        | "Parse" >> Parse(policy)
        | "Exclude" >> Exclude(policy, key)
        | "Scrub" >> Scrub(policy)
        | "Sign" >> Sign(policy, key, run.as_of, run.progress_folder)
    )
    bounded = signed.crashes | "Bound" >> Bound(policy, key)
    released = bounded.contributions | "Count" >> Count() | "Release" >> Release(policy)
    compared = released.cells | "Hide" >> HideDifferences(policy, bounded[FOOTPRINTS])
    gated = compared.cells | "Gate" >> Gate(signed[STACKS], signed[NAMES], key)
    summed = (
        bounded[SUMMING]
        | "SumReleased" >> SumReleased(gated[CELLS])
        | "CountSums" >> Count()
        | "ReleaseSums" >> Release(policy)
    )
    gated_sums = summed.cells | "GateSums" >> Gate(signed[STACKS], signed[NAMES], key)
    rows = (gated.rows, gated_sums.rows) | "Together" >> beam.Flatten()

    counted = (signed, bounded, released, compared, gated, summed, gated_sums)
    tallies = tuple(step[TALLIES] for step in counted)
    _ = rows | "Publish" >> Publish(run.output, policy, _fingerprint(run), tallies)


def _fingerprint(run: Run) -> str:
    """Return what claims hold: runs of one policy and key share it, whatever their input."""
    parameters = sorted(parameters_of(run.policy).items())
    return fingerprint(run.key.load() if run.key else b"", *map("=".join, parameters))


def run_batch(run: Run, options: PipelineOptions) -> Tallies:
    """Run the pipeline to its end and return what it counted.

    Raises:
        PublishError: the release is refused or cannot be written.
        OptionError: the options do not fit the engine.
        BatchError: the engine failed.
    """
    try:
        pipeline = beam.Pipeline(options=options)
        build(pipeline, run)
    except (ValueError, ImportError, AttributeError) as error:
        raise OptionError(str(error)) from None
    try:
        result = pipeline.run()
        result.wait_until_finish()
    except PublishError as error:
        raise PublishError(_WHERE.sub("", str(error))) from None
    except Exception as error:  # noqa: BLE001 - its text may hold values of a report
        raise BatchError(_why_failed(error, local=is_local(options))) from None
    return _tallies(result)


_WHERE = re.compile(r" \[while running '(?P<step>[^']*)'\]")
"""Beam adds it to the text of what a step raises."""


def _why_failed(error: Exception, *, local: bool) -> str:
    """Return one line on a failed run.

    What a remote engine says is about the job; what fails in this process may quote a report.
    """
    if not local:
        return f"the engine failed: {error}"
    where = _WHERE.search(str(error))
    step = f" in step {where['step']}" if where else ""
    return f"the pipeline failed{step} ({type(error).__name__}); nothing was published"


def _tallies(result: PipelineResult) -> Tallies:
    found = result.metrics().query(MetricsFilter().with_namespace(METRICS_NAMESPACE))
    counts: dict[tuple[TallyName, str], int] = {}
    for counter in found["counters"]:
        name, label = counter.key.metric.name.split("/", 1)
        counts[TallyName(name), label] = counter.result
    return Tallies(counts)
