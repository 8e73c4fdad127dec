"""Storage: reading dumps and publishing releases, on local disks and on `gs://`."""

import os
import stat
from pathlib import Path

from transforms.cloud_storage import CloudFileSystem, read_object
from transforms.publish import FileSystem, LocalFileSystem, StagedElsewhere

_OWNER_ALONE = 0o700


def is_remote(path: str) -> bool:
    """Tell whether a path names an object in a storage service rather than a local file."""
    return "://" in path


def read_bytes(path: str) -> bytes:
    """Return a file's bytes.

    Raises:
        OSError: it cannot be read, or is not a regular file (a pipe would block for ever).
    """
    if is_remote(path):
        return read_object(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return file.read()


def restricted_filesystem(area: str) -> FileSystem:
    """Return the operations on what is not published.

    A local folder is made for its owner alone, and so are those within one that is there already.

    Raises:
        OSError: the folder cannot be made.
    """
    if is_remote(area):
        return CloudFileSystem(area)
    Path(area).mkdir(_OWNER_ALONE, parents=True, exist_ok=True)
    return LocalFileSystem(Path(area), _OWNER_ALONE)


def output_filesystem(output: str, staging: str | None = None) -> FileSystem:
    """Return the operations of publishing for a local folder or a storage service's URL.

    `staging` is another such place, for what is not published yet; else that is in the output.
    """
    if staging is not None:
        return StagedElsewhere(output_filesystem(output), restricted_filesystem(staging))
    return CloudFileSystem(output) if is_remote(output) else LocalFileSystem(Path(output))
