"""A staging area held by one process: two that read and release there would count twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from transforms.ptransforms import told_as_staging
from transforms.staging import StagingError
from transforms.storage import is_remote, restricted_filesystem


@dataclass(frozen=True, slots=True)
class HeldArea:
    """A staging area that no other run or watcher works with; only `hold` makes one."""

    place: str


@contextmanager
def hold(staging: str) -> Iterator[HeldArea]:
    """Hold a staging area; the system gives it up when the process ends, however it does.

    One in a bucket is not held: there is no lock that would go with its holder.

    Raises:
        StagingError: another one holds it, or it cannot be written.
    """
    if is_remote(staging):
        yield HeldArea(staging)
        return
    import fcntl

    with told_as_staging(staging):
        restricted_filesystem(staging)  # makes the folder
        file = (Path(staging) / "lock").open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StagingError(
                f"staging {staging}: another crashveil works with it: wait until it has ended"
            ) from None
        yield HeldArea(staging)
