"""Google Cloud Storage: listing and reading objects, and publishing to a bucket.

Goes through google-cloud-storage itself, which retries what may be retried, and asks for a
generation precondition where only one of several may succeed. With STORAGE_EMULATOR_HOST set it
talks to that server, without credentials.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from google.api_core.exceptions import Forbidden, GoogleAPIError, NotFound, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage import Blob, Client
from google.cloud.storage.retry import DEFAULT_RETRY

SCHEME = "gs://"


def read_object(url: str) -> bytes:
    """Return an object's bytes.

    Raises:
        OSError: there is none, or the service does not give it.
    """
    with _as_os_error():
        content: bytes = _blob(url).download_as_bytes()
        return content


def object_exists(url: str) -> bool:
    """Tell whether there is an object.

    Raises:
        OSError: the service does not tell.
    """
    with _as_os_error():
        found: bool = _blob(url).exists()
        return found


def list_objects(url: str) -> Iterator[tuple[str, int, float | None]]:
    """Yield URL, size in bytes and time of change (seconds since 1970) of a prefix's objects.

    The time is that of the bytes: a label or a hold changes nothing that is read.

    Raises:
        OSError: the service does not list them.
    """
    bucket, name = _split(url)
    with _as_os_error():
        for blob in _client().list_blobs(bucket, prefix=name):
            written = blob.time_created.timestamp() if blob.time_created else None
            yield f"{SCHEME}{bucket}/{blob.name}", blob.size or 0, written


class CloudFileSystem:
    """An output below a URL, as `transforms.publish.FileSystem`; objects appear whole or not."""

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")

    def exists(self, path: str) -> bool:
        """Tell whether there is an object of this path."""
        return object_exists(self._url(path))

    def read(self, path: str) -> bytes:
        """Return an object's bytes."""
        return read_object(self._url(path))

    def write(self, path: str, content: bytes) -> None:
        """Write an object; it appears when its last byte is there."""
        with _as_os_error():
            _blob(self._url(path)).upload_from_string(content, retry=DEFAULT_RETRY)

    def create(self, path: str, content: bytes) -> bool:
        """Write an object unless there is one: the service checks, so of several one succeeds.

        Whoever may add but not replace is told that it is forbidden when there is one.
        """
        with _as_os_error():
            try:
                _blob(self._url(path)).upload_from_string(content, if_generation_match=0)
            except PreconditionFailed:
                return False
            except Forbidden:
                if self.exists(path):
                    return False
                raise
            return True

    def move(self, source: str, target: str) -> None:
        """Copy an object to its new name, then delete the old one."""
        old, new = _blob(self._url(source)), _blob(self._url(target))
        with _as_os_error():
            old.bucket.copy_blob(old, new.bucket, new.name, retry=DEFAULT_RETRY)
            _delete(old)

    def delete(self, path: str) -> None:
        """Delete an object; no error when there is none."""
        with _as_os_error():
            _delete(_blob(self._url(path)))

    def delete_folder(self, folder: str) -> None:
        """Delete all objects below a folder; no error when there are none."""
        for path in self.list_files(folder):
            self.delete(path)

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all objects below a folder, sorted."""
        urls = [url for url, _, _ in list_objects(self._url(folder) + "/")]
        return sorted(url.removeprefix(self._root + "/") for url in urls)

    def _url(self, path: str) -> str:
        return f"{self._root}/{path}"


@cache
def _clients_by_process(_: int) -> Client:
    return Client()


def _client() -> Client:
    """Return this process's client; a forked process must not share its parent's connections."""
    return _clients_by_process(os.getpid())


def _blob(url: str) -> Blob:
    bucket, name = _split(url)
    return _client().bucket(bucket).blob(name)


def _split(url: str) -> tuple[str, str]:
    bucket, _, name = url.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise OSError("a URL of Cloud Storage names a bucket: gs://BUCKET/NAME")
    return bucket, name


def _delete(blob: Blob) -> None:
    try:
        blob.delete(retry=DEFAULT_RETRY)
    except NotFound:
        return


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise FileNotFoundError("no such object or bucket") from None
    except GoogleAuthError:
        raise OSError("no credentials for Cloud Storage were found here") from None
    except (GoogleAPIError, ValueError, ConnectionError) as error:
        raise OSError(f"Cloud Storage refused ({type(error).__name__})") from error
