"""When a local run takes several worker processes."""

import os
import subprocess
import sys

import pytest
from apache_beam.options.pipeline_options import DirectOptions

from pipelines import workers
from pipelines.options import split_arguments
from transforms.read import InputFile, InputItem, Listing

MANY = Listing([InputItem(InputFile("a", "a", 1, None))] * 20_000)
LARGE = Listing([InputItem(InputFile("a.tar", "a.tar", 1 << 30, None))])
SMALL = Listing([InputItem(InputFile("a", "a", 1_000, None))] * 1_000)


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def mode(listing: Listing, *arguments: str) -> tuple[str, int]:
    _, options = split_arguments(arguments)
    if workers.may_spread(options, arguments):
        options = workers.with_workers(options, listing)
    direct = options.view_as(DirectOptions)
    return direct.direct_running_mode, direct.direct_num_workers


@pytest.mark.parametrize("listing", [MANY, LARGE])
def test_a_large_input_is_read_by_one_process_a_core(listing: Listing) -> None:
    assert mode(listing) == ("multi_processing", 2)


def test_a_small_input_is_read_in_one_process() -> None:
    assert mode(SMALL) == ("in_memory", 1)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("--direct_running_mode=in_memory", ("in_memory", 1)),
        ("--direct_num_workers=1", ("in_memory", 1)),
        ("--runner=PrismRunner", ("in_memory", 1)),
    ],
)
def test_what_was_asked_for_stays(argument: str, expected: tuple[str, int]) -> None:
    assert mode(MANY, argument) == expected


def test_one_process_reads_where_nothing_can_be_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(workers.socket, "create_connection", refuse)
    assert mode(MANY) == ("in_memory", 1)


def test_all_other_options_stay_and_the_given_ones_are_not_changed() -> None:
    _, options = split_arguments(["--temp_location=/tmp/x", "--experiments=one"])
    before = options.get_all_options()
    after = workers.with_workers(options, MANY).get_all_options()
    assert options.get_all_options() == before
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"direct_running_mode", "direct_num_workers"}


WRITERS = """
import subprocess, sys, threading
from pipelines.workers import silent_workers

def fail():
    raise ValueError("jane.q9x7 of a thread")

with silent_workers():
    subprocess.run("echo jane.q9x7 of a process >&2", shell=True, check=True)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    print("the command itself", file=sys.stderr)
subprocess.run("echo a process afterwards >&2", shell=True, check=True)
print("the command afterwards", file=sys.stderr)
"""


@pytest.mark.parametrize("silent", [True, False])
def test_threads_and_processes_of_an_engine_write_nothing(silent: bool) -> None:
    program = WRITERS if silent else WRITERS.replace("with silent_workers():", "if True:")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ("jane.q9x7" not in done.stderr) == silent
    assert "the command itself\n" in done.stderr
    assert done.stderr.endswith("a process afterwards\nthe command afterwards\n")
