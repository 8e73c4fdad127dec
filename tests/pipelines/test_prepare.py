"""What a run is refused for before anything is read, and that trying leaves nothing behind."""

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines import prepare as module
from pipelines.prepare import PrepareError, Request, prepare
from tests.folders import tree
from transforms.publish import PublishError
from transforms.staging import StagingError

KEY = {"CRASHVEIL_KEY": "5d0b7c92e14fa8360c9b2e6f7182d3a4905e6fbc13a7d8420e9c5b61f70a3d28"}


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    """What asks for a run of one file."""
    (tmp_path / "a.event").write_text("{}")
    arguments, output = (str(tmp_path / "a.event"),), str(tmp_path / "out" / "here")
    return Request(arguments, output, "default", staging=str(tmp_path / "staging"))


@pytest.fixture
def _unlisted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_items", lambda *_, **__: pytest.fail("was listed"))


def test_a_run_that_can_be_written_leaves_nothing_behind_before_it_begins(
    request_: Request, tmp_path: Path
) -> None:
    (tmp_path / "staging").mkdir()
    prepare(request_, KEY)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.event", "staging"]


@pytest.mark.usefixtures("_unlisted")
@pytest.mark.parametrize("below", ["", "/more/folders"])
def test_an_output_that_cannot_be_made_is_told_before_the_input_is_listed(
    request_: Request, below: str
) -> None:
    (file,) = request_.arguments
    output = f"{file}/out{below}"
    with pytest.raises(PublishError, match=f"^--output {output}: cannot be written: Not a direc"):
        prepare(replace(request_, output=output), KEY)


@pytest.mark.usefixtures("_unlisted")
@pytest.mark.parametrize(
    ("full", "kind", "told"),
    [
        ("out", PublishError, "--output .*/out: cannot be written: Read-only file system"),
        ("staging", StagingError, "staging .*/staging: cannot be read or written: Read-only file"),
    ],
)
def test_a_folder_that_is_there_and_cannot_be_written_is_told(
    request_: Request,
    tmp_path: Path,
    full: str,
    kind: type[Exception],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request_ = replace(request_, output=str(tmp_path / "out"))
    for name in ("out", "staging"):
        (tmp_path / name).mkdir()
    really = module.tempfile.TemporaryFile

    def read_only(*args: Any, **options: Any) -> Any:
        if options["dir"] == tmp_path / full:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return really(*args, **options)

    monkeypatch.setattr(module.tempfile, "TemporaryFile", read_only)
    with pytest.raises(kind, match=told):
        prepare(request_, KEY)
    assert tree(tmp_path / "out") == tree(tmp_path / "staging") == {}


def test_where_others_write_no_folder_of_this_machine_is_tried(request_: Request) -> None:
    (file,) = request_.arguments
    engine = ("--runner=PortableRunner", "--job_endpoint=localhost:1")
    prepare(replace(request_, arguments=(file, *engine), output="/proc/nowhere"), KEY)


@pytest.mark.usefixtures("_unlisted")
@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("--streaming", "crashveil stream reads messages"),
        ("--template_location=/t", "has no templates"),
        ("--direct_num_workers=-4", "below 0"),
    ],
)
def test_an_option_that_its_engine_does_not_take_is_refused_before_the_input_is_listed(
    request_: Request, argument: str, told: str
) -> None:
    with pytest.raises(PrepareError, match=told):
        prepare(replace(request_, arguments=(*request_.arguments, argument)), KEY)
