"""Publishing: files are staged, released by an entry in the ledger, moved, and a manifest is last.

A period is released once (P5), at the moment in which its entry is made. What was killed before
that is begun anew, what was killed after it is finished by the next run from what is staged. What
an output already holds is kept as it is.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from schemas.policy import Noise
from schemas.tables import TABLES
from transforms.os_errors import why
from transforms.publish.files import PublishedFile
from transforms.publish.filesystem import STAGING, FileSystem
from transforms.publish.ledger import (
    ClaimedError,
    Entry,
    LedgerError,
    append,
    claim,
    is_claimed,
    read_entries,
)
from transforms.publish.manifest import manifest_bytes
from transforms.publish.paths import manifest_path, period_folder
from transforms.release import BudgetError, check_budget

_ATTEMPTS = 3
"""Two runs that publish at once may clean what the other has staged; it is then staged again."""


class PublishError(Exception):
    """A release that is refused or cannot be written; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class PeriodRelease:
    """The files of one period, by the name of their table."""

    period: str
    contents: Mapping[str, bytes]

    def files(self) -> tuple[PublishedFile, ...]:
        """Return what the ledger and the manifest say of the files, sorted by table."""
        return tuple(
            PublishedFile(table, self.period, hashlib.sha256(content).hexdigest(), len(content))
            for table, content in sorted(self.contents.items())
        )


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a run's periods.

    `new` ones were released by it; `same` ones were there already with the same bytes, `kept` ones
    with others, and stay as they were.
    """

    new: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def claim_period(period: str, fingerprint: str, output: FileSystem) -> None:
    """Claim a period before anything of it is drawn or written.

    Raises:
        PublishError: it is claimed for another policy or key, or the output cannot be written.
    """
    with _as_publish_error():
        claim(period, fingerprint, output)


def is_open_claim(period: str, output: FileSystem) -> bool:
    """Tell whether a period is claimed, and not released yet.

    Raises:
        PublishError: the ledger cannot be trusted, or the output cannot be read.
    """
    with _as_publish_error():
        return is_claimed(period, output) and period not in released_periods(output)


def released_periods(output: FileSystem) -> set[str]:
    """Return the periods that are released.

    Raises:
        PublishError: the ledger cannot be trusted or read.
    """
    with _as_publish_error():
        return {entry.period for entry in read_entries(output)}


def publish(
    releases: Iterable[PeriodRelease],
    parameters: Mapping[str, str],
    fingerprint: str,
    output: FileSystem,
    noise: Noise | None = None,
) -> Published:
    """Release periods; those that are released already are finished if need be, and kept.

    Args:
        releases: the periods, each with all of its files.
        parameters: the policy's parameters as the ledger shows them.
        fingerprint: of the policy and key, for the claims.
        output: where to. Its staging folder is empty afterwards.
        noise: the policy's, with the cap on what all releases of a year may cost.

    Raises:
        PublishError: a period is claimed for another policy or key; a file is in the way; the
            ledger cannot be trusted; the year's cap is reached; or the output cannot be written.
    """
    ordered = sorted(releases, key=lambda release: release.period)
    if not ordered:
        return Published()
    released = released_periods(output)
    for attempt in range(_ATTEMPTS):
        try:
            with _as_publish_error():
                return _publish(ordered, released, parameters, fingerprint, output, noise)
        except PublishError as error:
            if not isinstance(error.__cause__, FileNotFoundError) or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _publish(
    releases: Sequence[PeriodRelease],
    released_before: AbstractSet[str],
    parameters: Mapping[str, str],
    fingerprint: str,
    output: FileSystem,
    noise: Noise | None,
) -> Published:
    entries = {entry.period: entry for entry in read_entries(output)}
    for release in releases:
        _refuse_strangers(entries.get(release.period) or _entry(release, parameters), output)
    new, same, kept = [], [], []
    try:
        for release in releases:
            wanted = _entry(release, parameters)
            claim(release.period, fingerprint, output)
            _stage(release, output)
            found = append(wanted, output, partial(_check_log, noise))
            _finish(found, output)
            if release.period not in released_before and found == wanted:
                new.append(release.period)
            elif found.files == wanted.files:
                same.append(release.period)
            else:
                kept.append(release.period)
    finally:
        _clear_staging(output)
    return Published(tuple(new), tuple(same), tuple(kept))


_PERIOD_DAYS = "crashveil.period_days"


def _check_log(noise: Noise | None, entries: Sequence[Entry]) -> None:
    """Refuse a log whose periods share days, or in which a year costs too much.

    What a day and its week tell together, neither may tell: their difference is the other days.
    And what exact counts tell of an installation has no bound that a year with noise could keep.
    """
    if len({entry.parameters.get(_PERIOD_DAYS) for entry in entries}) > 1:
        raise PublishError(
            "this output holds periods of another length, and periods that share days tell more "
            "than each of them may: use the same period_days, or another output folder"
        )
    if noise is None and len({entry.has_noise for entry in entries}) > 1:
        raise PublishError(
            "this output holds counts with noise, whose bound on a year exact counts would break "
            "(P3): take another output folder"
        )
    if noise is not None:
        released = {entry.period: entry.parameters for entry in entries}
        check_budget({entries[-1].period}, released, noise)


def _entry(release: PeriodRelease, parameters: Mapping[str, str]) -> Entry:
    return Entry(release.period, parameters, release.files())


def _refuse_strangers(entry: Entry, output: FileSystem) -> None:
    """Refuse when a period's folders hold what its release has not."""
    expected = {file.path: file for file in entry.files}
    for table in TABLES:
        for path in output.list_files(period_folder(table.name, entry.period)):
            if path not in expected or _sha256(path, output) != expected[path].sha256:
                raise PublishError(
                    f"{path} is there already with other content: take another output folder, "
                    "or remove the file if it is not crashveil's"
                )


def _stage(release: PeriodRelease, output: FileSystem) -> None:
    for file in release.files():
        if not output.exists(file.path):
            output.write(_staged_path(file), release.contents[file.table])


def _finish(entry: Entry, output: FileSystem) -> None:
    """Move what a release still lacks, and write its manifest."""
    for file in entry.files:
        if not output.exists(file.path):
            output.move(_staged_path(file), file.path)
    if not output.exists(manifest_path(entry.period)):
        output.create(manifest_path(entry.period), manifest_bytes(entry.period, entry.files))


def _clear_staging(output: FileSystem) -> None:
    """Empty the staging folder, but for what a release needs that another run has begun."""
    with suppress(OSError, LedgerError):
        needed = {
            _staged_path(file)
            for entry in read_entries(output)
            if not output.exists(manifest_path(entry.period))
            for file in entry.files
        }
        if not needed & set(output.list_files(STAGING)):
            output.delete_folder(STAGING)


def _staged_path(file: PublishedFile) -> str:
    return f"{STAGING}/{period_folder(file.table, file.period)}/{file.sha256}.parquet"


def _sha256(path: str, output: FileSystem) -> str:
    return hashlib.sha256(output.read(path)).hexdigest()


@contextmanager
def _as_publish_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PublishError(f"the output cannot be read or written: {why(error)}") from error
    except (LedgerError, ClaimedError, BudgetError) as error:
        raise PublishError(str(error)) from error
