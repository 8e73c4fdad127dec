"""`gs://` on a server that keeps generation preconditions: reading, publishing, and once only."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

from tests.engines.running import crashveil
from tests.engines.servers import free_port, program, serving
from tests.folders import tree
from transforms.publish import FileSystem
from transforms.storage import output_filesystem

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    port = free_port()
    command = [program("fake-gcs-server"), "-scheme", "http", "-host", "127.0.0.1"]
    command += ["-port", str(port), "-backend", "memory", "-public-host", f"127.0.0.1:{port}"]
    with serving(command, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def storage(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", endpoint)
    client = Client(project="test", credentials=AnonymousCredentials())
    yield client
    client.close()


def download(bucket: str, prefix: str, folder: Path, storage: Client) -> None:
    for blob in storage.list_blobs(bucket, prefix=prefix):
        path = folder / blob.name.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob.download_as_bytes())


def test_objects_are_read_and_published_as_files_are(
    fleet: Path,
    local: Path,
    tmp_path: Path,
    storage: Client,
    endpoint: str,
    environment: dict[str, str],
) -> None:
    bucket = storage.create_bucket("fleet")
    for path in sorted(fleet.rglob("*")):
        if path.is_file():
            bucket.blob(f"raw/{path.relative_to(fleet).as_posix()}").upload_from_filename(str(path))
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    told = crashveil(
        "run",
        "gs://fleet/raw",
        "--output",
        "gs://fleet/out",
        environment=environment | {"STORAGE_EMULATOR_HOST": endpoint},
    )
    assert "2,000 reports" in told
    download("fleet", "out/", tmp_path / "out", storage)
    assert tree(tmp_path / "out") == tree(local)


@pytest.mark.parametrize(
    "name", ["gs://refused/in", "gs://refused/in/*.txt", "gs://refused/in/0.txt"]
)
def test_who_refused_is_left_out_however_the_objects_are_named(
    storage: Client, endpoint: str, environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    bucket = storage.bucket("refused")
    if not bucket.exists():
        bucket.create()
        for number in range(12):
            trace = (
                f'Traceback (most recent call last):\n  File "a.py", line {number}, in f\nE: x\n'
            )
            bucket.blob(f"in/{number}.txt").upload_from_string(trace)
            bucket.blob(f"in/{number}.json").upload_from_string('{"consent": "false"}')
    told = crashveil(
        "run",
        name,
        "--output",
        str(tmp_path / "out"),
        environment=environment | {"STORAGE_EMULATOR_HOST": endpoint},
    )
    assert f"consent_refused {1 if name.endswith('0.txt') else 12}" in told


def test_of_many_who_create_an_object_at_once_one_does(storage: Client) -> None:
    storage.create_bucket("once")
    outputs: list[FileSystem] = [output_filesystem("gs://once/out") for _ in range(8)]
    created: list[bool] = []

    def create(number: int) -> None:
        created.append(outputs[number].create("_ledger/entry.json", b"%d" % number))

    threads = [threading.Thread(target=create, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(created) == [False] * 7 + [True]
    assert outputs[0].read("_ledger/entry.json") in {b"%d" % number for number in range(8)}
