"""Where a release goes: the few file operations that publishing needs, and the local disk's."""

import os
import shutil
from pathlib import Path
from typing import Protocol
from uuid import uuid4


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

    def move(self, source: str, target: str) -> None:
        """Move a file to a path that is free: whole and lasting, or not at all."""
        ...

    def delete_folder(self, folder: str) -> None:
        """Delete a folder and all files below it; no error when there is none."""
        ...

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder, sorted; none if there is no such folder."""
        ...


class LocalFileSystem:
    """A folder on a local disk; made, with its parents, when the first file is written."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def exists(self, path: str) -> bool:
        """Tell whether there is a file of this path."""
        return (self._root / path).is_file()

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        return (self._root / path).read_bytes()

    def write(self, path: str, content: bytes) -> None:
        """Write a file under another name beside its own, flush it to disk, then rename it."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{uuid4().hex}.part")
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        self._sync_folders(target)

    def move(self, source: str, target: str) -> None:
        """Rename a file, and flush the folders that hold its new name to disk."""
        path = self._root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        (self._root / source).rename(path)
        self._sync_folders(path)

    def delete_folder(self, folder: str) -> None:
        """Delete a folder and all files below it."""
        if (self._root / folder).exists():
            shutil.rmtree(self._root / folder)

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder, sorted."""
        return sorted(
            path.relative_to(self._root).as_posix()
            for path in (self._root / folder).rglob("*")
            if not path.is_dir()
        )

    def _sync_folders(self, path: Path) -> None:
        for parent in path.relative_to(self._root).parents:
            descriptor = os.open(self._root / parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
