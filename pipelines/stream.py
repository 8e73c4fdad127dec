"""The streaming pipeline: the same steps, on messages, with a window for each period."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import apache_beam as beam
from apache_beam.io.gcp.pubsub import PubsubMessage, ReadFromPubSub
from apache_beam.options.pipeline_options import FlinkRunnerOptions, PipelineOptions
from apache_beam.pvalue import PCollection

from pipelines.batch import Run, Signed, release, sign_raw
from pipelines.engine import run_pipeline
from pipelines.options import has_job_server
from pipelines.summary import Tallies
from transforms.ptransforms import IntoPeriods, PullMessages, ReadMessages, Tell

_PULLERS_A_SLOT = 4
_PULLERS = 8


@dataclass(frozen=True, slots=True)
class Stream:
    """A streaming run: its messages' source, and how long after its end a period closes.

    `run` has no listing; its key, the same for all workers and restarts, is given.
    """

    run: Run
    subscription: str
    lateness: timedelta


def build(messages: PCollection[PubsubMessage], run: Run, lateness: timedelta) -> None:
    """Add the whole way of the data to a stream of messages."""
    signed = sign_raw(messages | "Read" >> ReadMessages(run.policy), run)
    _ = signed.tallies | "TellRead" >> Tell()

    def windowed(records: PCollection[Any], name: str) -> PCollection[Any]:
        placed: PCollection[Any] = records | name >> IntoPeriods(run.policy, lateness)
        return placed

    placed = Signed(
        windowed(signed.crashes, "PlaceCrashes"),
        windowed(signed.stacks, "PlaceStacks"),
        windowed(signed.names, "PlaceNames"),
        (windowed(signed.tallies[0], "PlaceTallies"),),
    )
    _ = release(placed, run) | "TellReleased" >> Tell()


def source(subscription: str, options: PipelineOptions) -> Any:
    """Return what reads a subscription: the engine's own reader where it has one."""
    if not has_job_server(options):
        return ReadFromPubSub(subscription=subscription, with_attributes=True)
    slots = options.view_as(FlinkRunnerOptions).parallelism
    return PullMessages(subscription, pullers=_PULLERS_A_SLOT * slots if slots > 0 else _PULLERS)


def run_stream(stream: Stream, options: PipelineOptions) -> Tallies:
    """Run until the engine is told to stop.

    Raises:
        PublishError, OptionError, EngineError: as a batch run.
    """

    def add(pipeline: beam.Pipeline) -> None:
        messages = pipeline | "Messages" >> source(stream.subscription, options)
        build(messages, stream.run, stream.lateness)

    return run_pipeline(add, options)
