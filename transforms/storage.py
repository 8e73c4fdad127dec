"""Storage: reading dumps and publishing releases, on local disks and on `gs://`.

Local files go through the operating system, everything else through Beam's filesystems.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems
from google.api_core.exceptions import GoogleAPIError, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage import Client

from transforms.publish import FileSystem, LocalFileSystem

_GOOGLE = "gs://"


def is_remote(path: str) -> bool:
    """Tell whether a path names an object in a storage service rather than a local file."""
    return "://" in path


def read_bytes(path: str) -> bytes:
    """Return a file's bytes.

    Raises:
        OSError: it cannot be read, or is not a regular file (a pipe would block for ever).
    """
    if is_remote(path):
        return _read_remote(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return file.read()


def exists(path: str) -> bool:
    """Tell whether there is an object of this path in a storage service.

    Raises:
        OSError: the service does not tell.
    """
    with _as_os_error():
        found: bool = FileSystems.exists(path)
        return found


def output_filesystem(output: str) -> FileSystem:
    """Return the operations of publishing for a local folder or a storage service's URL."""
    return _BeamFileSystem(output) if is_remote(output) else LocalFileSystem(Path(output))


def _read_remote(path: str) -> bytes:
    with (
        _as_os_error(),
        FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file,
    ):
        payload: bytes = file.read()
        return payload


class _BeamFileSystem:
    """An output in a storage service; objects there appear whole or not at all."""

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")

    def exists(self, path: str) -> bool:
        """Tell whether there is an object of this path."""
        return exists(self._url(path))

    def read(self, path: str) -> bytes:
        """Return an object's bytes."""
        return _read_remote(self._url(path))

    def write(self, path: str, content: bytes) -> None:
        """Write an object; it appears when its last byte is there."""
        with (
            _as_os_error(),
            FileSystems.create(
                self._url(path), compression_type=CompressionTypes.UNCOMPRESSED
            ) as file,
        ):
            file.write(content)

    def create(self, path: str, content: bytes) -> bool:
        """Write an object unless there is one: the service checks, so of several one succeeds."""
        if not self._root.startswith(_GOOGLE):
            raise OSError("a ledger needs a local folder or gs://")
        bucket, _, name = self._url(path).removeprefix(_GOOGLE).partition("/")
        try:
            blob = Client().bucket(bucket).blob(name)
            blob.upload_from_string(content, if_generation_match=0)
        except PreconditionFailed:
            return False
        except (GoogleAPIError, GoogleAuthError) as error:
            raise OSError("the storage service refused") from error
        return True

    def move(self, source: str, target: str) -> None:
        """Copy an object to its new name, then delete the old one."""
        with _as_os_error():
            FileSystems.rename([self._url(source)], [self._url(target)])

    def delete_folder(self, folder: str) -> None:
        """Delete all objects below a folder; no error when there are none."""
        if found := self.list_files(folder):
            with _as_os_error():
                FileSystems.delete([self._url(path) for path in found])

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all objects below a folder, sorted."""
        with _as_os_error():
            (result,) = FileSystems.match([self._url(folder) + "/**"])
        return sorted(
            metadata.path.removeprefix(self._root + "/") for metadata in result.metadata_list
        )

    def _url(self, path: str) -> str:
        return f"{self._root}/{path}"


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except BeamIOError as error:
        raise OSError("the storage service refused") from error
