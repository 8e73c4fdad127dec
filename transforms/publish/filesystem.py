"""Where a release goes: the few file operations that publishing needs, and the local disk's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

STAGING = "_staging"
"""The folder in an output for what is not published yet; what is left there may be deleted.

On a local disk it is its owner's alone: a draw of noise that a killed run left is not to be read.
"""


class FileSystem(Protocol):
    """An output folder. Paths are relative to it, with `/`. Every method may raise OSError."""

    def exists(self, path: str) -> bool:
        """Tell whether there is a file of this path."""
        ...

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write a file, over an earlier one if there is one: whole and lasting, or not at all."""
        ...

    def create(self, path: str, content: bytes) -> bool:
        """Write a file, whole and lasting, unless there is one: of several at once one succeeds.

        Tells whether the file was written.
        """
        ...

    def move(self, source: str, target: str) -> None:
        """Move a file to a path that is free: whole and lasting, or not at all."""
        ...

    def delete(self, path: str) -> None:
        """Delete a file; no error when there is none."""
        ...

    def delete_folder(self, folder: str) -> None:
        """Delete a folder and all files below it; no error when there is none."""
        ...

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder, sorted; none if there is no such folder."""
        ...


class LocalFileSystem:
    """A folder on a local disk; made, with its parents, when the first file is written.

    `folder_mode` says who may enter the folders that are made, less what the process's mask denies.
    """

    def __init__(self, root: Path, folder_mode: int = 0o777) -> None:
        self._root, self._folder_mode = root, folder_mode

    def exists(self, path: str) -> bool:
        """Tell whether there is a file of this path."""
        return (self._root / path).is_file()

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        return (self._root / path).read_bytes()

    def write(self, path: str, content: bytes) -> None:
        """Write a file under another name, flush it to disk, then rename it."""
        with self._written_part(content) as part:
            part.replace(self._target(path))
        self._sync_folders(self._root / path)

    def create(self, path: str, content: bytes) -> bool:
        """Write a file under another name, flush it to disk, then link it, which never replaces."""
        if self.exists(path):
            return False
        with self._written_part(content) as part:
            try:
                self._target(path).hardlink_to(part)
            except FileExistsError:
                return False
        self._sync_folders(self._root / path)
        return True

    def move(self, source: str, target: str) -> None:
        """Rename a file, and flush the folders that hold its new name to disk."""
        (self._root / source).rename(self._target(target))
        self._sync_folders(self._root / target)

    def delete(self, path: str) -> None:
        """Delete a file."""
        (self._root / path).unlink(missing_ok=True)

    def delete_folder(self, folder: str) -> None:
        """Delete a folder and all files below it."""
        if (self._root / folder).exists():
            shutil.rmtree(self._root / folder)

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder, sorted."""
        return sorted(
            (Path(parent) / name).relative_to(self._root).as_posix()
            for parent, _, names in os.walk(self._root / folder, onerror=_unless_absent)
            for name in names
        )

    def _target(self, path: str) -> Path:
        """Return where a file will stand, its folder made."""
        target = self._root / path
        if path.startswith(f"{STAGING}/"):
            self._make_staging()
        for folder in reversed(Path(path).parents):
            (self._root / folder).mkdir(self._folder_mode, parents=True, exist_ok=True)
        return target

    @contextmanager
    def _written_part(self, content: bytes) -> Iterator[Path]:
        """Give a new file in the staging folder, so that a killed process leaves it there."""
        self._make_staging()
        part = self._root / STAGING / f"{uuid4().hex}.part"
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield part
        finally:
            part.unlink(missing_ok=True)

    def _make_staging(self) -> None:
        (self._root / STAGING).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _sync_folders(self, path: Path) -> None:
        for parent in path.relative_to(self._root).parents:
            descriptor = os.open(self._root / parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _unless_absent(error: OSError) -> None:
    """Raise what keeps a folder from being listed: a release that is not seen is made twice."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


class StagedElsewhere:
    """An output whose staging folder lies in another place, so that readers never see it.

    Nothing in the output itself is then ever replaced or deleted.
    """

    def __init__(self, output: FileSystem, staging: FileSystem) -> None:
        self._output, self._staging = output, staging

    def exists(self, path: str) -> bool:
        """Tell whether there is a file of this path."""
        return self._of(path).exists(path)

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        return self._of(path).read(path)

    def write(self, path: str, content: bytes) -> None:
        """Write a file, over an earlier one if there is one."""
        self._of(path).write(path, content)

    def create(self, path: str, content: bytes) -> bool:
        """Write a file unless there is one."""
        return self._of(path).create(path, content)

    def move(self, source: str, target: str) -> None:
        """Copy a staged file to its place; the staged one stays until its folder is deleted."""
        self._of(target).create(target, self._of(source).read(source))

    def delete(self, path: str) -> None:
        """Delete a file."""
        self._of(path).delete(path)

    def delete_folder(self, folder: str) -> None:
        """Delete a folder and all files below it."""
        self._of(folder).delete_folder(folder)

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder, sorted."""
        return self._of(folder).list_files(folder)

    def _of(self, path: str) -> FileSystem:
        return self._staging if path.partition("/")[0] == STAGING else self._output
