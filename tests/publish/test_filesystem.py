"""The local disk: a file is there whole, or it is not there."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import tree
from transforms.publish import LocalFileSystem
from transforms.publish.filesystem import STAGING


def test_what_is_written_is_listed_read_moved_and_deleted(tmp_path: Path) -> None:
    output = LocalFileSystem(tmp_path)
    output.write("a/b/one", b"1")
    output.write("a/two", b"2")
    assert output.list_files("a") == ["a/b/one", "a/two"]
    output.move("a/two", "c/d/two")
    assert (output.exists("a/two"), output.exists("c/d/two")) == (False, True)
    assert output.read("c/d/two") == b"2"
    output.delete_folder("a")
    assert output.list_files("a") == []
    assert not output.exists("a/b/one")


def test_a_folder_that_is_not_there_is_empty_and_can_be_deleted(tmp_path: Path) -> None:
    output = LocalFileSystem(tmp_path / "not yet")
    output.delete_folder("a")
    assert output.list_files("a") == []


def test_a_folder_that_cannot_be_listed_is_no_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = LocalFileSystem(tmp_path)
    output.write("a/b/one", b"1")
    really = os.scandir

    def forbidden(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(path) == tmp_path / "a" / "b":
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(PermissionError):
        output.list_files("a")


def test_a_write_that_fails_leaves_the_earlier_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = LocalFileSystem(tmp_path)
    output.write("file", b"earlier")

    def disk_is_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_is_full)
    with pytest.raises(OSError, match="No space left"):
        output.write("file", b"later, and longer")
    assert output.read("file") == b"earlier"
    assert tree(tmp_path) == {"file": b"earlier"}


def test_a_published_file_has_the_rights_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        LocalFileSystem(tmp_path).write("file", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644


def test_what_is_not_published_yet_is_its_owners_alone(tmp_path: Path) -> None:
    """A draw of noise that a killed run leaves there must not be read beside the next one."""
    before = os.umask(0o022)
    try:
        LocalFileSystem(tmp_path / "out").write(f"{STAGING}/table/1.parquet", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out" / STAGING).stat().st_mode) == 0o700


def test_of_several_creations_of_a_file_the_first_stays(tmp_path: Path) -> None:
    output = LocalFileSystem(tmp_path)
    assert [output.create("a/file", content) for content in (b"1", b"2", b"3")] == [
        True,
        False,
        False,
    ]
    assert output.read("a/file") == b"1"
    assert output.list_files("") == ["a/file"]
