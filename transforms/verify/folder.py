"""The folder to be verified: all that is in it, whatever it is."""

from dataclasses import dataclass
from pathlib import Path

from transforms.publish.filesystem import STAGING


@dataclass(frozen=True, slots=True)
class Folder:
    """A published output on a local disk. Paths are relative to it, with `/`, and sorted.

    `files` are regular files; `others` whatever a release never has: links, devices, empty folders,
    and files so large that they are not read.
    """

    root: Path
    files: tuple[str, ...]
    others: tuple[str, ...]

    def read(self, path: str) -> bytes:
        """Return the bytes of one of the files.

        Raises:
            OSError: it cannot be read.
        """
        return (self.root / path).read_bytes()


_LARGEST_TABLE, _LARGEST_RECORD = 512 * 1024**2, 1024**2
"""Bytes of a table's file, and of an entry, claim or manifest. A file may tell of any number of
bytes without having them, and whoever verifies must not run out of memory."""


def list_folder(root: Path) -> Folder:
    """Return what is in a folder, links not followed.

    Raises:
        OSError: it cannot be listed.
    """
    files: list[str] = []
    others: list[str] = []
    folders = [root]
    while folders:
        folder = folders.pop()
        entries = list(folder.iterdir())
        if not entries and folder not in (root, root / STAGING):  # a killed run's
            others.append(folder.relative_to(root).as_posix())
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink():
                folders.append(entry)
            elif entry.is_file() and not entry.is_symlink() and not _is_too_large(entry):
                files.append(entry.relative_to(root).as_posix())
            else:
                others.append(entry.relative_to(root).as_posix())
    return Folder(root, tuple(sorted(files)), tuple(sorted(others)))


def _is_too_large(file: Path) -> bool:
    most = _LARGEST_RECORD if file.suffix == ".json" else _LARGEST_TABLE
    return file.stat().st_size > most
