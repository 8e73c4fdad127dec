"""A run's own folder on this machine, private to its user, that goes when the run ends."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_VARIABLE = "TMPDIR"


@contextmanager
def local_folder() -> Iterator[Path]:
    """Make the folder; until it goes, temporary files of this process and its workers go there.

    So those of engines go with it, which do not remove theirs when a run is interrupted.
    """
    named, set_here = os.environ.get(_VARIABLE), tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="crashveil-", ignore_cleanup_errors=True) as folder:
        os.environ[_VARIABLE] = tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = set_here
            if named is None:
                del os.environ[_VARIABLE]
            else:
                os.environ[_VARIABLE] = named
