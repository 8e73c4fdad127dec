"""Storage: reading dumps and publishing releases, on local disks and on `gs://`.

Local files go through the operating system, everything else through Beam's filesystems.
"""

import os
import stat

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems


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


def _read_remote(path: str) -> bytes:
    try:
        with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            payload: bytes = file.read()
            return payload
    except BeamIOError as error:
        raise OSError("cannot be read from its storage") from error
