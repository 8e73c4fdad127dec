"""Watching: rounds over an input that grows, one watcher at a time, and a stop that finishes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines import prepare, watch
from pipelines.batch import Run
from pipelines.cli import commands
from pipelines.held_area import HeldArea, hold
from pipelines.inputs import EmptyInputError, InputError, UnlistedInputError
from pipelines.prepare import Request
from pipelines.summary import Tallies
from tests.generic_reports import generic_report
from tests.keys import HEX_KEY
from transforms.publish import LocalFileSystem, read_entries
from transforms.staging import StagingError

COMMAND = str(Path(sys.executable).parent / "crashveil")


def add(folder: Path, name: str, day: int, installs: int) -> None:
    reports = [generic_report(day, install) for install in range(installs)]
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / f"{name}.part").write_text("\n".join(map(json.dumps, reports)))
    (folder / "in" / f"{name}.part").rename(folder / "in" / name)


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "in").mkdir()
    arguments = ["--output", "out", "--staging", "staging", "--every", "1"]
    process = subprocess.Popen(
        [COMMAND, "watch", "in", "not-there-yet", *arguments],
        cwd=tmp_path,
        env=os.environ | {"CRASHVEIL_KEY": HEX_KEY, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def line_with(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    deadline = time.monotonic() + 90
    for line in process.stdout:
        if words in line:
            return line
        assert time.monotonic() < deadline
    raise AssertionError(f"the watcher ended without saying {words!r}")


def test_a_watcher_releases_what_comes_to_any_input_and_finishes_its_round_when_told_to_stop(
    watcher: subprocess.Popen[str], tmp_path: Path
) -> None:
    line_with(watcher, "no files yet; WARNING: input not-there-yet: no such file or folder; next")
    add(tmp_path, "a.ndjson", 5, 12)
    line_with(watcher, "12 reports read, 0 rejected, 0 late, 1 periods released")
    add(tmp_path, "b.ndjson", 6, 10)
    add(tmp_path, "late.ndjson", 5, 3)
    line_with(watcher, "3 late, 1 periods released")
    with pytest.raises(StagingError, match="another crashveil works"), hold(f"{tmp_path}/staging"):
        pass
    watcher.send_signal(signal.SIGTERM)
    rest, _ = watcher.communicate(timeout=60)
    assert watcher.returncode == 0
    assert rest.endswith("crashveil: stopped\n")
    released = [entry.period for entry in read_entries(LocalFileSystem(tmp_path / "out"))]
    assert released == ["2026-01-05", "2026-01-06"]


@pytest.mark.parametrize("command", ["run", "watch"])
def test_a_staging_area_that_another_works_with_is_left_alone(tmp_path: Path, command: str) -> None:
    add(tmp_path, "a.ndjson", 5, 12)
    output, staging = tmp_path / "out", str(tmp_path / "staging")
    arguments = [command, str(tmp_path / "in"), f"--output={output}", f"--staging={staging}"]
    with hold(staging):
        done = CliRunner().invoke(commands, arguments, env={"CRASHVEIL_KEY": HEX_KEY})
    assert done.exit_code == 4
    assert done.stderr.splitlines()[-1] == (
        f"crashveil: error: staging {staging}: another crashveil works with it: "
        "wait until it has ended"
    )
    assert not output.exists()
    assert [path.name for path in Path(staging).iterdir()] == ["lock"]


def test_a_watcher_that_is_refused_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    for staging in ("out/staging", ""):
        arguments = ["watch", "in", "--output=out", f"--staging={staging}"]
        done = CliRunner().invoke(commands, arguments, env={"CRASHVEIL_KEY": HEX_KEY})
        assert done.exit_code == 2
        assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_watcher_without_a_key_says_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    done = subprocess.run(
        [COMMAND, "watch", "in", "--output", "out", "--staging", "staging"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "CRASHVEIL_KEY"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("crashveil: error: --staging: needs a key")


def test_a_round_reads_its_listing_from_a_folder_that_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []

    def noted(run: Run, *_: object) -> Tallies:
        assert run.local_folder is not None
        assert run.local_folder.is_dir()
        folders.append(run.local_folder)
        return Tallies({})

    add(tmp_path, "a.ndjson", 5, 1)
    monkeypatch.setattr(watch, "run_incrementally", noted)
    staging = str(tmp_path / "staging")
    request = Request([str(tmp_path / "in")], str(tmp_path / "out"), "default", staging=staging)
    assert not watch._round(request, HeldArea(staging), {"CRASHVEIL_KEY": HEX_KEY}).failed
    assert [folder.exists() for folder in folders] == [False]


@pytest.mark.parametrize(
    ("error", "told"),
    [(UnlistedInputError("input gs://b: cannot be listed"), "FAILED: input gs://b"),
     (EmptyInputError("nothing"), "no files yet")],
)  # fmt: skip
def test_an_input_that_cannot_be_listed_is_no_empty_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: InputError, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(prepare, "find_items", fail)
    request = Request(["gs://b"], str(tmp_path / "out"), "default", staging=str(tmp_path / "s"))
    done = watch._round(request, HeldArea(str(request.staging)), {"CRASHVEIL_KEY": HEX_KEY})
    assert done.told.startswith(told)
    assert done.failed == (told != "no files yet")


def request_for(tmp_path: Path, *names: str) -> Request:
    inputs = [str(tmp_path / name) for name in names]
    return Request(
        inputs,
        str(tmp_path / "out"),
        "default",
        staging=str(tmp_path / "staging"),
        may_be_empty=True,
    )


@pytest.mark.parametrize("files", [0, 1])
def test_a_round_warns_of_an_input_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    monkeypatch.setattr(watch, "run_incrementally", lambda *_: Tallies({}))
    (tmp_path / "in").mkdir()
    if files:
        add(tmp_path, "a.ndjson", 5, 1)
    request = request_for(tmp_path, "in", "misspelt")
    area = HeldArea(str(request.staging))
    done = watch._round(request, area, {"CRASHVEIL_KEY": HEX_KEY})
    assert (done.severity, list(done.absent)) == ("WARNING", [str(tmp_path / "misspelt")])
    (tmp_path / "misspelt").mkdir()
    assert watch._round(request, area, {"CRASHVEIL_KEY": HEX_KEY}).severity == "INFO"


def test_a_round_over_inputs_of_which_none_is_there_fails(tmp_path: Path) -> None:
    request = request_for(tmp_path, "misspelt")
    done = watch._round(request, HeldArea(str(request.staging)), {"CRASHVEIL_KEY": HEX_KEY})
    assert (done.severity, done.failed) == ("ERROR", True)
    assert done.told == f"FAILED: input {tmp_path / 'misspelt'}: no such file or folder"


def test_a_round_that_fails_tells_of_what_kind_an_error_is_but_not_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Tallies:
        raise ConnectionResetError("the text of a library, jane.doe@example.org")

    add(tmp_path, "a.ndjson", 5, 1)
    monkeypatch.setattr(watch, "run_incrementally", fail)
    staging = str(tmp_path / "staging")
    request = Request([str(tmp_path / "in")], str(tmp_path / "out"), "default", staging=staging)
    done = watch._round(request, HeldArea(str(request.staging)), {"CRASHVEIL_KEY": HEX_KEY})
    assert done.failed
    assert done.told == "FAILED: cannot read or write: ConnectionResetError"
