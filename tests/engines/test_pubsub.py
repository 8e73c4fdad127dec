"""The stream on a real Pub/Sub server: nothing lost, nothing doubled, released at the close."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from google.api_core.client_options import ClientOptions
from google.cloud import pubsub_v1

from tests.engines.servers import free_port, program, serving

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
INSTALLS, CRASHES_EACH, AGAIN = 300, 2, 100
PROJECT, TOPIC, SUBSCRIPTION = "test-project", "crashes", "pipeline"

STREAM = """
import sys
from datetime import date, timedelta
from pipelines.batch import Run
from pipelines.options import split_arguments
from pipelines.stream import Stream, run_stream
from schemas.policy import Policy
from transforms.keys import KeySource
from transforms.listing import Listing

key = KeySource(bytes(range(32)))
run = Run(Listing(), sys.argv[1], Policy(name="test"), date(2100, 1, 1), key)
stream = Stream(run, sys.argv[2], timedelta(seconds=float(sys.argv[3])))
run_stream(stream, split_arguments(["--streaming"])[1])
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    port = free_port()
    with serving([program("pubsub_server"), str(port)], port):
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{port}")
        yield


def reports(day: str) -> list[bytes]:
    return [
        json.dumps(
            {
                "format": "crashveil/1",
                "report_id": f"{install}-{number}",
                "install_id": f"install-{install}",
                "received_at": f"{day}T10:00:00Z",
                "product": "Paint",
                "version": "1.0",
                "os_name": "Linux",
                "frames": [{"module": "libpaint.so", "function": "draw"}],
            }
        ).encode()
        for install in range(INSTALLS)
        for number in range(CRASHES_EACH)
    ]


@pytest.mark.usefixtures("server")
def test_what_is_published_is_counted_once_and_released_at_the_close(tmp_path: Path) -> None:
    publisher = pubsub_v1.PublisherClient(client_options=ClientOptions())
    subscriber = pubsub_v1.SubscriberClient()
    topic = publisher.topic_path(PROJECT, TOPIC)
    subscription = subscriber.subscription_path(PROJECT, SUBSCRIPTION)
    publisher.create_topic(name=topic)
    subscriber.create_subscription(name=subscription, topic=topic)
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = (midnight - timedelta(days=1)).date().isoformat()
    lateness = (now - midnight + timedelta(seconds=90)).total_seconds()
    arguments = [str(tmp_path / "out"), subscription, str(lateness)]
    stream = subprocess.Popen([sys.executable, "-c", STREAM, *arguments])
    try:
        payloads = reports(yesterday)
        for payload in [*payloads, *payloads[:AGAIN]]:
            publisher.publish(topic, payload).result(timeout=30)
        deadline = time.monotonic() + 200
        manifest = tmp_path / "out" / "_manifests" / f"period={yesterday}.json"
        while not manifest.exists() and time.monotonic() < deadline:
            assert stream.poll() is None
            time.sleep(1)
    finally:
        stream.kill()
        stream.wait()
        publisher.stop()
        subscriber.close()
    (path,) = (tmp_path / "out" / "crashes_by_version_os").rglob("*.parquet")
    (row,) = pq.read_table(path).to_pylist()
    assert row["install_count"] == INSTALLS
    assert row["crash_count"] == INSTALLS * CRASHES_EACH
