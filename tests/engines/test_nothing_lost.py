"""100,000 uploads through every way to run: none lost, none doubled, whatever is killed.

Crashes come in no order and some of them twice. The counts wanted are those of the simulation.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engines.counted import Fleet, released
from tests.engines.flink_cluster import flink_cluster
from tests.engines.pubsub import Topic, yesterday
from tests.engines.running import COMMAND, crashveil
from tests.engines.servers import program

pytestmark = pytest.mark.engines

FLEET = Fleet(tuple(f"2026-01-{day:02}" for day in range(5, 10)), installs=9_000)
DAYS = FLEET.days
REPORTS = FLEET.crashes + FLEET.again
"""100,000 uploads: 90,000 crashes, and every ninth of them a second time."""

_PATIENCE = 3_000
"""Seconds; a run of the whole fleet takes 2 to 5 minutes on two quiet cores."""


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uploads") / "raw"
    FLEET.write(folder)
    return folder


def test_the_fleet_has_the_size_that_is_told(uploads: Path) -> None:
    lines = [line for path in uploads.rglob("*.ndjson") for line in path.read_text().split("\n")]
    assert len(lines) == REPORTS == 100_000
    assert len(set(lines)) == FLEET.crashes
    assert sum(crashes for _, crashes in FLEET.wanted().by_version.values()) == FLEET.crashes
    assert sum(crashes for _, crashes in FLEET.wanted().by_signature.values()) == FLEET.crashes


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="one process"),
        pytest.param(
            ["--direct_running_mode=multi_processing", "--direct_num_workers=2"], id="two processes"
        ),
        pytest.param(["--runner=PrismRunner", "--environment_type=LOOPBACK"], id="prism"),
    ],
)
def test_a_batch_run_counts_each_crash_once(
    options: list[str], uploads: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    if "--runner=PrismRunner" in options:
        options = [*options, f"--prism_location={program('prism')}"]
    told = crashveil(
        "run",
        uploads,
        "--output",
        tmp_path / "out",
        *options,
        environment=environment,
        timeout=_PATIENCE,
    )
    assert f"{REPORTS:,} reports" in told
    assert f"{FLEET.again:,}" in next(line for line in told.splitlines() if "duplicates" in line)
    assert released(tmp_path / "out") == FLEET.wanted()


def deliver(uploads: Path, folder: Path, rounds: int) -> Iterator[None]:
    """Bring a part of the files, of all days, each time."""
    files = sorted(uploads.rglob("*.ndjson"))
    random.Random(7).shuffle(files)  # noqa: S311 - not for secrets
    for number in range(rounds):
        for path in files[number::rounds]:
            target = folder / path.parent.name
            target.mkdir(parents=True, exist_ok=True)
            os.link(path, target / path.name)
        yield


def run_for(command: list[str], seconds: float, environment: dict[str, str]) -> bool:
    """Run a command and kill it, with all that it started, after some time; tell if it was hit."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def test_incremental_runs_that_are_killed_count_each_crash_once(
    uploads: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Five deliveries; each is begun, killed and begun again. All periods close at the end."""
    draw = random.Random(11)  # noqa: S311 - not for secrets
    folders = ["--output", str(tmp_path / "out"), "--staging", str(tmp_path / "staging")]
    command = ["run", str(tmp_path / "in"), *folders, "--as-of", DAYS[0]]
    kills, took = 0, 60.0
    for _ in deliver(uploads, tmp_path / "in", 5):
        kills += run_for([COMMAND, *command], draw.uniform(0.2, 1) * took, environment)
        begun = time.monotonic()
        crashveil(*command, environment=environment, timeout=_PATIENCE)
        took = time.monotonic() - begun
        assert not (tmp_path / "out").exists()
    command[-1] = "2026-01-20"
    for _ in range(5):
        kills += run_for([COMMAND, *command], draw.uniform(0.3, 1) * took, environment)
    crashveil(*command, environment=environment, timeout=_PATIENCE)
    assert kills >= 5
    assert released(tmp_path / "out") == FLEET.wanted()


def test_a_watcher_that_is_killed_and_started_again_counts_each_crash_once(
    uploads: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Days that are over are released at once, so a day's folder comes as a whole."""
    (tmp_path / "in").mkdir()
    (tmp_path / "waiting").mkdir()
    command = [COMMAND, "watch", str(tmp_path / "in"), "--every", "1"]
    command += ["--output", str(tmp_path / "out"), "--staging", str(tmp_path / "staging")]
    for _ in deliver(uploads, tmp_path / "waiting", 1):
        pass
    draw = random.Random(13)  # noqa: S311 - not for secrets
    for day in DAYS:
        (tmp_path / "waiting" / day).rename(tmp_path / "in" / day)
        assert run_for(command, draw.uniform(12, 40), environment)
    watcher = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert watcher.stdout is not None
    assert "round 1" in watcher.stdout.readline()  # from here on a signal stops it in good order
    manifests = [tmp_path / "out" / "_manifests" / f"period={day}.json" for day in DAYS]
    deadline = time.monotonic() + _PATIENCE
    while not all(path.exists() for path in manifests) and time.monotonic() < deadline:
        assert watcher.poll() is None
        time.sleep(1)
    watcher.send_signal(signal.SIGTERM)
    watcher.communicate(timeout=120)
    assert watcher.returncode == 0
    assert released(tmp_path / "out") == FLEET.wanted()


def test_a_flink_job_whose_task_manager_is_killed_counts_each_crash_once(
    uploads: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Flink begins the job again on the TaskManager that is left."""
    with flink_cluster(tmp_path / "flink") as cluster, ThreadPoolExecutor() as pool:
        arguments = ["run", uploads, "--output", tmp_path / "out", *cluster.options()]
        told = pool.submit(crashveil, *arguments, environment=environment, timeout=_PATIENCE)
        job = cluster.wait_until_reading(20)
        cluster.task_managers[0].kill()
        assert f"{REPORTS:,} reports" in told.result()
        assert cluster.failures(job)
    assert released(tmp_path / "out") == FLEET.wanted()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_stream_counts_each_crash_once(topic: Topic, tmp_path: Path) -> None:
    """As many uploads, all of one day, which wait in the subscription when Prism begins."""
    fleet = Fleet((yesterday(),), installs=45_000)
    uploads = fleet.uploads(fleet.days[0])
    assert len(uploads) == REPORTS
    topic.publish(uploads)
    options = ["--runner=PrismRunner", f"--prism_location={program('prism')}"]
    with topic.stream(tmp_path / "out", 60, *options, "--environment_type=LOOPBACK") as stream:
        stream.wait_for_release(_PATIENCE)
    assert released(tmp_path / "out") == fleet.wanted()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_stream_on_flink_whose_task_manager_is_killed_counts_each_crash_once(
    topic: Topic, tmp_path: Path
) -> None:
    """The same uploads. What is delivered again is read once more, and `releases` tells so."""
    fleet = Fleet((yesterday(),), installs=45_000)
    topic.publish(fleet.uploads(fleet.days[0]))
    with (
        flink_cluster(tmp_path / "flink") as cluster,
        topic.stream(tmp_path / "out", 60, *cluster.options()) as stream,
    ):
        cluster.wait_for_checkpoints(4)
        cluster.task_managers[0].kill()
        stream.wait_for_release(_PATIENCE)
        job = cluster.only_job()
        assert cluster.failures(job)
        assert cluster.checkpoints(job)["restored"] > 0
    told, wanted = released(tmp_path / "out"), fleet.wanted()
    assert told.by_version == wanted.by_version
    assert told.by_signature == wanted.by_signature
    assert told.reports[stream.day] >= wanted.reports[stream.day]
