"""An output under retention: what waits for its release lies elsewhere, and nothing is replaced."""

import errno
from pathlib import Path

import pytest
from google.api_core.exceptions import Forbidden, NotFound

from tests.folders import tree
from tests.publish.test_publisher import DAY, NEXT_DAY, Killed, KilledAtStep, run
from transforms import cloud_storage
from transforms.cloud_storage import CloudFileSystem
from transforms.publish import LocalFileSystem, Published, StagedElsewhere


class Retained(LocalFileSystem):
    """A bucket's retention policy: what is there stays, and cannot be written again."""

    def write(self, path: str, content: bytes) -> None:
        if self.exists(path):
            raise PermissionError(errno.EPERM, "retention policy not met")
        super().write(path, content)

    def move(self, source: str, target: str) -> None:
        raise PermissionError(errno.EPERM, f"{source} cannot be deleted, as {target} is made")

    def delete_folder(self, folder: str) -> None:
        if self.list_files(folder):
            raise PermissionError(errno.EPERM, "retention policy not met")


def output(folder: Path) -> StagedElsewhere:
    return StagedElsewhere(Retained(folder / "published"), LocalFileSystem(folder / "staging"))


def test_files_wait_elsewhere_and_are_published_as_ever(tmp_path: Path) -> None:
    assert run(output(tmp_path)) == Published(new=(DAY, NEXT_DAY))
    run(LocalFileSystem(tmp_path / "alone"))
    assert tree(tmp_path / "published") == tree(tmp_path / "alone")
    assert tree(tmp_path / "staging") == {}


def test_a_run_killed_at_any_step_is_finished_though_nothing_can_be_replaced(
    tmp_path: Path,
) -> None:
    counted = KilledAtStep(output(tmp_path / "whole"), 1_000)
    run(counted)
    for step in range(1_000 - counted.steps_left):
        folder = tmp_path / f"killed at {step}"
        with pytest.raises(Killed):
            run(KilledAtStep(output(folder), step))
        run(output(folder))
        assert tree(folder / "published") == tree(tmp_path / "whole" / "published")
        assert tree(folder / "staging") == {}


class ForbiddenBlob:
    """An object in a bucket where the account may add, and may not replace."""

    def __init__(self, *, exists: bool) -> None:
        self._exists = exists

    def upload_from_string(self, *_: object, **__: object) -> None:
        raise Forbidden("retention policy, or no right to delete")  # type: ignore[no-untyped-call]

    def exists(self) -> bool:
        return self._exists


def test_what_is_forbidden_since_it_is_there_already_was_made_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cloud_storage, "_blob", lambda _: ForbiddenBlob(exists=True))
    assert CloudFileSystem("gs://b").create("claim", b"") is False


def test_what_is_forbidden_otherwise_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_storage, "_blob", lambda _: ForbiddenBlob(exists=False))
    with pytest.raises(OSError, match="refused"):
        CloudFileSystem("gs://b").create("claim", b"")


class GoneBlob:
    """An object that is not there any more."""

    def delete(self, **_: object) -> None:
        raise NotFound("no such object")  # type: ignore[no-untyped-call]


def test_an_object_that_is_gone_already_can_be_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_storage, "_blob", lambda _: GoneBlob())
    CloudFileSystem("gs://b").delete("batches/00000000.parquet")
