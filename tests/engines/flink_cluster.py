"""A Flink cluster on loopback: a JobManager, TaskManagers, Beam's job server, Python workers.

Each is a process of its own, as on a real cluster. All Java ones share a classpath of jars that
`make test-engines` installs.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.engines.servers import PROGRAMS, free_port, wait_for

SLOTS = 2
"""Of each TaskManager, and the parallelism of a job: one that is left can run it alone."""

_JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
_JOB_SERVER = "org.apache.beam.runners.flink.FlinkJobServerDriver"
_OPENED = (
    *("java.lang", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.text"),
    *("java.time", "java.util", "java.util.concurrent", "java.util.concurrent.atomic"),
    *("java.util.concurrent.locks", "sun.nio.ch"),
)
"""Packages that Flink 1.19 reaches into, which Java 17 keeps closed."""


def java_command(folder: Path) -> list[str]:
    """Return how to start a program of the classpath, or skip the test."""
    jars = PROGRAMS / "flink"
    java = shutil.which("java")
    if java is None or not list(jars.glob("beam-runners-flink-*.jar")):
        pytest.skip("Flink is not here: make test-engines installs it, with Java and Maven")
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
    return [java, *opened, f"-Djava.io.tmpdir={folder}", "-Xmx1g", "-cp", f"{jars}/*"]


@dataclass
class Cluster:
    """What is running; `task_managers` can be killed one by one."""

    rest_port: int
    job_port: int
    worker_port: int
    task_managers: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def options(self) -> list[str]:
        """Return the options that send a job here."""
        return [
            "--runner=PortableRunner",
            f"--job_endpoint=127.0.0.1:{self.job_port}",
            "--environment_type=EXTERNAL",
            f"--environment_config=127.0.0.1:{self.worker_port}",
            "--environment_cache_millis=60000",
            f"--parallelism={SLOTS}",
        ]

    def ask(self, path: str) -> Any:
        """Return what the JobManager answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.rest_port}{path}", timeout=20) as told:
            return json.load(told)

    def wait_until_reading(self, seconds: float) -> str:
        """Wait until the step that reads reports has run for some seconds; return its job."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            for job in self.ask("/jobs/overview")["jobs"]:
                for step in self.ask(f"/jobs/{job['jid']}")["vertices"]:
                    reads = "Parse" in step["name"] and step["status"] == "RUNNING"
                    if reads and step["duration"] > 1000 * seconds:
                        return str(job["jid"])
            time.sleep(0.2)
        pytest.fail("no job reads reports on the cluster")

    def only_job(self) -> str:
        """Return the one job that there is."""
        (job,) = self.ask("/jobs/overview")["jobs"]
        return str(job["jid"])

    def checkpoints(self, job: str) -> dict[str, int]:
        """Return how many checkpoints of a job were completed, restored, and so on."""
        counts: dict[str, int] = self.ask(f"/jobs/{job}/checkpoints")["counts"]
        return counts

    def wait_for_checkpoints(self, wanted: int) -> None:
        """Wait until so many checkpoints of the one job are complete."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            with suppress(HTTPError, ValueError):  # while the job is handed over
                if self.checkpoints(self.only_job())["completed"] >= wanted:
                    return
            time.sleep(0.5)
        pytest.fail("the checkpoints did not come")

    def failures(self, job: str) -> list[str]:
        """Return the names of the exceptions for which a job was begun again."""
        history = self.ask(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"]
        return [entry["exceptionName"] for entry in history]


def _configuration(folder: Path, job_manager_port: int, rest_port: int) -> str:
    megabytes = {
        "jobmanager.memory.process.size": 1024,
        "taskmanager.memory.task.heap.size": 384,
        "taskmanager.memory.task.off-heap.size": 0,
        "taskmanager.memory.framework.heap.size": 128,
        "taskmanager.memory.framework.off-heap.size": 128,
        "taskmanager.memory.jvm-metaspace.size": 256,
        "taskmanager.memory.jvm-overhead.min": 192,
        "taskmanager.memory.jvm-overhead.max": 192,
        "taskmanager.memory.managed.size": 256,
        "taskmanager.memory.network.min": 256,
        "taskmanager.memory.network.max": 256,
        "rest.server.max-content-length": 400,
        "rest.client.max-content-length": 400,
    }
    in_bytes = {name for name in megabytes if name.startswith("rest.")}
    sizes = {
        name: size * 2**20 if name in in_bytes else f"{size}m" for name, size in megabytes.items()
    }
    settings = sizes | {
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": job_manager_port,
        "jobmanager.bind-host": "127.0.0.1",
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": rest_port,
        "taskmanager.host": "127.0.0.1",
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.cpu.cores": 1,
        "taskmanager.numberOfTaskSlots": SLOTS,
        "taskmanager.load-balance.mode": "SLOTS",
        "classloader.resolve-order": "parent-first",
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": 60,  # while a dead one counts as alive
        "restart-strategy.fixed-delay.delay": "1s",
        "pekko.ask.timeout": "60s",
        "io.tmp.dirs": folder,
        "state.checkpoints.dir": (folder / "checkpoints").as_uri(),
    }
    return "".join(f"{name}: {value}\n" for name, value in settings.items())


class _Processes(ExitStack):
    """Processes that write their logs to a folder, and end with the block."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.temporary = folder / "tmp"
        self.java = java_command(self.temporary)
        self._folder = folder
        self._path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.temporary.mkdir(parents=True)

    def start(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        log = self.enter_context((self._folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            command,
            cwd=self._folder,
            env=os.environ | {"PATH": self._path},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.callback(_stop, process)
        return process

    def start_job_server(self, port: int, *options: str) -> None:
        address = ("--job-host=127.0.0.1", f"--job-port={port}", "--artifact-port=0")
        files = ("--expansion-port=-1", f"--artifacts-dir={self.temporary}")
        wait_for(
            port, self.start("job-server", *self.java, _JOB_SERVER, *address, *files, *options)
        )


@contextmanager
def job_server(folder: Path) -> Iterator[int]:
    """Run Beam's job server until the block ends, with a Flink in it; yields its port."""
    with _Processes(folder) as processes:
        port = free_port()
        processes.start_job_server(port, "--flink-master=[local]")
        yield port


@contextmanager
def flink_cluster(folder: Path, task_managers: int = 2) -> Iterator[Cluster]:
    """Run a cluster until the block ends; its logs and temporary files are in `folder`."""
    with _Processes(folder) as processes:
        start, java = processes.start, processes.java
        cluster = Cluster(rest_port=free_port(), job_port=free_port(), worker_port=free_port())
        settings = _configuration(processes.temporary, free_port(), cluster.rest_port)
        (folder / "flink-conf.yaml").write_text(settings)
        conf = ("--configDir", str(folder))
        wait_for(cluster.rest_port, start("job-manager", *java, _JOB_MANAGER, *conf))
        cluster.task_managers = [
            start(f"task-manager-{number}", *java, _TASK_MANAGER, *conf)
            for number in range(task_managers)
        ]
        pool = ("-m", "apache_beam.runners.worker.worker_pool_main")
        served = f"--service_port={cluster.worker_port}"
        wait_for(cluster.worker_port, start("workers", sys.executable, *pool, served))
        master = f"--flink-master=127.0.0.1:{cluster.rest_port}"
        processes.start_job_server(cluster.job_port, master, f"--flink-conf-dir={folder}")
        _wait_for_task_managers(cluster, task_managers)
        yield cluster


def _wait_for_task_managers(cluster: Cluster, wanted: int) -> None:
    deadline = time.monotonic() + 120
    while cluster.ask("/overview")["taskmanagers"] < wanted:
        assert all(each.poll() is None for each in cluster.task_managers), "a TaskManager ended"
        assert time.monotonic() < deadline, "the TaskManagers did not come"
        time.sleep(0.5)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and what it started, such as the workers of the pool."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
