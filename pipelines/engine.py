"""Running a pipeline on whatever engine the options name, and saying in one line why it failed."""

import re
from collections.abc import Callable

import apache_beam as beam
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions
from apache_beam.runners.runner import PipelineResult

from pipelines.options import OptionError, is_local
from pipelines.summary import Tallies
from schemas.records import TallyName
from transforms.ptransforms import METRICS_NAMESPACE
from transforms.publish import PublishError


class EngineError(Exception):
    """A pipeline that an engine could not finish; one line without anything of a report in it."""


def run_pipeline(build: Callable[[beam.Pipeline], None], options: PipelineOptions) -> Tallies:
    """Build a pipeline, run it to its end, and return what it counted.

    Raises:
        PublishError: the release is refused or cannot be written.
        OptionError: the options do not fit the engine.
        EngineError: the engine failed.
    """
    try:
        pipeline = beam.Pipeline(options=options)
        build(pipeline)
    except (ValueError, ImportError, AttributeError) as error:
        raise OptionError(str(error)) from None
    try:
        result = pipeline.run()
        result.wait_until_finish()
    except PublishError as error:
        raise PublishError(_WHERE.sub("", str(error))) from None
    except Exception as error:  # noqa: BLE001 - its text may hold values of a report
        raise EngineError(_why_failed(error, local=is_local(options))) from None
    if options.view_as(GoogleCloudOptions).template_location is not None:
        return Tallies({})  # the pipeline was written down as a template, and did not run
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
