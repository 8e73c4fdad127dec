"""Running a pipeline on whatever engine the options name, and saying in one line why it failed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import apache_beam as beam
import grpc
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.runners.runner import PipelineResult

import pipelines.lost_workers  # noqa: F401 - takes care of Beam's worker processes
from pipelines.options import OptionError, has_job_server, is_local, is_template
from pipelines.summary import Tallies
from schemas.records import TallyName
from transforms.os_errors import why
from transforms.ptransforms import METRICS_NAMESPACE
from transforms.publish import PublishError
from transforms.staging import StagingError

_YEAR = 365 * 86_400
_ANSWER_SECONDS = 10


class EngineError(Exception):
    """A pipeline that an engine could not finish; one line without anything of a report in it."""


def wait_without_end(options: PipelineOptions) -> None:
    """Have Beam wait for a job for as long as it runs, once its job server is there.

    Beam has one time for both, by default five minutes, after which it also gives up a job that
    runs.

    Raises:
        EngineError: the job server does not answer within some seconds.
    """
    portable = options.view_as(PortableOptions)
    patience = min(portable.job_server_timeout, _ANSWER_SECONDS)
    if portable.job_endpoint and portable.job_endpoint != "embed":
        with grpc.insecure_channel(portable.job_endpoint) as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=patience)
            except grpc.FutureTimeoutError:
                raise EngineError(
                    f"no job server answers at {portable.job_endpoint} (--job_endpoint)"
                ) from None
    portable.job_server_timeout = _YEAR


def run_pipeline(build: Callable[[beam.Pipeline], None], options: PipelineOptions) -> Tallies:
    """Build a pipeline, run it to its end, and return what it counted.

    Raises:
        PublishError: the release is refused or cannot be written.
        StagingError: the staging area cannot be written, or not be read with this key.
        OptionError: the options do not fit the engine.
        EngineError: the engine failed or does not answer, or this machine's folder of temporary
            files is full.
    """
    if has_job_server(options):
        wait_without_end(options)
    try:
        pipeline = beam.Pipeline(options=options)
        build(pipeline)
    except (ValueError, ImportError, AttributeError) as error:
        raise OptionError(str(error)) from None
    except OSError as error:
        told = f"temporary files (TMPDIR) cannot be written: {why(error)}"
        raise EngineError(told) from None
    with _as_one_line(values_possible=is_local(options)):
        result = pipeline.run()
    with _as_one_line(values_possible=True):
        result.wait_until_finish()
    if is_template(options):
        return Tallies({})
    return _tallies(result)


_WHERE = re.compile(r" \[while running '(?P<step>[^']*)'\]")
"""Beam adds it to the text of what a step raises."""


@contextmanager
def _as_one_line(*, values_possible: bool) -> Iterator[None]:
    """Turn what an engine raises into this module's errors.

    What it says while a job is handed over is about the job; what a step raises may quote a report.
    """
    try:
        yield
    except (PublishError, StagingError) as error:
        raise type(error)(_WHERE.sub("", str(error))) from None
    except Exception as error:  # noqa: BLE001 - its text may hold values of a report
        for kind in (PublishError, StagingError):
            if told := _told_in(str(error), kind):
                raise kind(told) from None
        if not values_possible:
            told = str(error) or type(error).__name__
            raise EngineError(f"the engine did not take the job: {told}") from None
        raise EngineError(_why_failed(error)) from None


def _told_in(text: str, kind: type[Exception]) -> str | None:
    """Return what a worker in another process said with an error that holds no value of a report.

    A traceback ends so: a line that begins with the error's whole name. Another error's text, which
    may quote a report, stands behind that error's name.
    """
    name = re.escape(f"{kind.__module__}.{kind.__name__}")
    found = re.search(rf"^{name}: (?P<told>.*?)(?: \[while running|$)", text, re.MULTILINE)
    return found["told"] if found else None


def _why_failed(error: Exception) -> str:
    """Return one line on a failed run that holds nothing of what the error says."""
    where = _WHERE.search(str(error))
    step = f" in step {where['step']}" if where else ""
    return f"the pipeline failed{step} ({type(error).__name__}); no further period was published"


def _tallies(result: PipelineResult) -> Tallies:
    found = result.metrics().query(MetricsFilter().with_namespace(METRICS_NAMESPACE))
    counts: Counter[tuple[TallyName, str]] = Counter()
    for counter in found["counters"]:  # one for each step that told
        name, label = counter.key.metric.name.split("/", 1)
        counts[TallyName(name), label] += counter.result or 0
    return Tallies(counts)
