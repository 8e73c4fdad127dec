"""A Pub/Sub server on loopback, a topic on it, and streams that read it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from google.cloud import pubsub_v1

from pipelines.batch import Run, run_batch
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from schemas.policy import Policy
from tests.engines.servers import free_port, program, serving
from transforms.keys import KeySource
from transforms.read import Listing

AGAIN_AFTER = 60
"""Seconds after which our own reader has a message delivered again; the watermark waits longer."""

_PROJECT = "test-project"
_STREAM = """
import sys
from dataclasses import replace
from datetime import timedelta

from pipelines import stream
from pipelines.options import split_arguments
from tests.engines.pubsub import AGAIN_AFTER, run_of
from transforms.read import Listing
from transforms.ptransforms import PullMessages

output, subscription, lateness, *arguments = sys.argv[1:]
options = split_arguments(["--streaming", *arguments])[1]
reader = stream.source(subscription, options)
if isinstance(reader, PullMessages):
    reader = replace(reader, again_after=AGAIN_AFTER)
stream.source = lambda *_: reader
run = run_of(Listing(), output)
stream.run_stream(stream.Stream(run, subscription, timedelta(seconds=float(lateness))), options)
"""


def yesterday() -> str:
    """Return the day (UTC) whose period a stream releases."""
    return (datetime.now(UTC).date() - timedelta(days=1)).isoformat()


def run_of(listing: Listing, output: str) -> Run:
    """Return the run of a test, in a batch or on a stream."""
    return Run(listing, output, Policy(name="test"), date(2100, 1, 1), KeySource(bytes(range(32))))


def batch_of(payloads: Sequence[str], folder: Path) -> Path:
    """Return what the local runner publishes of the same reports."""
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.ndjson").write_text("\n".join(payloads))
    listing = Listing(find_items([str(folder / "in")]))
    run_batch(run_of(listing, str(folder / "out")), split_arguments([])[1])
    return folder / "out"


@dataclass(frozen=True)
class Topic:
    """A topic with one subscription."""

    publisher: pubsub_v1.PublisherClient
    path: str
    subscription: str

    def publish(self, payloads: Sequence[str], seconds: float = 0) -> None:
        """Publish messages, spread over some time."""
        begun = time.monotonic()
        for number, payload in enumerate(payloads):
            time.sleep(max(0, begun + seconds * number / len(payloads) - time.monotonic()))
            self.publisher.publish(self.path, payload.encode())
        self.publisher.stop()

    @contextmanager
    def stream(self, output: Path, closes_in: float, *options: str) -> Iterator["Stream"]:
        """Run a stream until the block ends; yesterday's period closes in some seconds."""
        now = datetime.now(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        lateness = (now - midnight + timedelta(seconds=closes_in)).total_seconds()
        arguments = [str(output), self.subscription, str(lateness), *options]
        command = [sys.executable, "-c", _STREAM, *arguments]
        process = subprocess.Popen(command, start_new_session=True)
        try:
            yield Stream(process, output, yesterday())
        finally:  # with Prism, which it has started
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass(frozen=True)
class Stream:
    """A stream that runs, and the day whose period it will release."""

    process: "subprocess.Popen[bytes]"
    output: Path
    day: str

    def wait_for_release(self, seconds: float) -> None:
        """Wait until the day is released."""
        deadline = time.monotonic() + seconds
        manifest = self.output / "_manifests" / f"period={self.day}.json"
        while not manifest.exists():
            assert self.process.poll() is None, "the stream ended"
            assert time.monotonic() < deadline, "the period was not released"
            time.sleep(1)


@contextmanager
def pubsub_server() -> Iterator[str]:
    """Run a server until the block ends; yields what PUBSUB_EMULATOR_HOST has to be."""
    port = free_port()
    with serving([program("pubsub_server"), str(port)], port):
        yield f"127.0.0.1:{port}"


@contextmanager
def new_topic() -> Iterator[Topic]:
    """Make a topic and a subscription on the server that PUBSUB_EMULATOR_HOST names."""
    subscriber, publisher = pubsub_v1.SubscriberClient(), pubsub_v1.PublisherClient()
    topic = publisher.topic_path(_PROJECT, "crashes")
    subscription = subscriber.subscription_path(_PROJECT, "pipeline")
    publisher.create_topic(name=topic)
    subscriber.create_subscription(name=subscription, topic=topic)
    yield Topic(publisher, topic, subscription)
    subscriber.close()
