"""What is staged, by the batch that wrote it: a batch counts once it is committed.

It is committed with the lists of the inputs that it has read and of the files that it wrote; inputs
are named by keyed hashes only. What is staged of a period goes when the period is released. Several
batches may be committed as one: its names are theirs.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, takewhile
from typing import Literal

from transforms.aggregate import fingerprint, keyed_hash
from transforms.publish import FileSystem
from transforms.read import InputItem
from transforms.staging.encryption import StagingError, decrypted, encrypted

_RECORDS, _BATCHES, _UNREAD, _SETTLED = "records", "batches", "unread", "settled"
_RECORD_PATH = re.compile(
    rf"{_RECORDS}/period=(?P<period>\d{{4}}-\d{{2}}-\d{{2}})/(?P<batch>[0-9a-f]{{16}})-\d+\.parquet"
)
_BATCH_PATH = re.compile(rf"{_BATCHES}/(?P<number>\d{{8}})\.parquet")
_NAME = re.compile(r"[0-9a-f]{16}")
_SETTLED_PATH = re.compile(rf"{_SETTLED}/(?P<how>released|given-up)/(?P<period>[\d-]{{10}})")
_DAY, _MADE_WITH = "day=", "made_with="


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run has read, or several: a name of each, 16 hexadecimal digits, hashes of inputs.

    `day` is the one that counted as today, `files` are the paths of the records that were written,
    `made_with` tells what shaped them, `path` is where it is committed, once it is.
    """

    names: tuple[str, ...]
    inputs: tuple[str, ...]
    day: date
    files: tuple[str, ...]
    made_with: str
    path: str = ""


class InputStates:
    """Tells items of an input apart by their files' present states, as keyed hashes.

    A new objection makes all of them new: what was staged of whoever objected is found and taken
    out by reading it again; all else counts once, as anything that is read twice.
    """

    def __init__(self, key: bytes, objections: Iterable[str]) -> None:
        self._key = key
        ordered = sorted(objections)
        self._objections = fingerprint(key, *ordered) if ordered else ""

    def of(self, item: InputItem) -> str:
        """Return what stands for the state of an item, its sidecars included."""
        files = (item.file, *item.sidecars)
        states = (_input_hash(self._key, each.path, each.size, each.modified) for each in files)
        return "".join(states) + self._objections


def batch_file(period: str, batch: str, shard: int) -> str:
    """Return the path of a file of staged records."""
    return f"{_RECORDS}/period={period}/{batch}-{shard}.parquet"


def _input_hash(key: bytes, path: str, size: int, modified: float | None) -> str:
    """Return what stands for one state of an input file."""
    return keyed_hash(key, "input", path, str(size), str(modified)).hex()[:32]


def commit(batch: Batch, key: bytes, staging: FileSystem) -> Batch:
    """Make what a batch has written count; return it with its path.

    Versions that know of one name only refuse a file that has several: they would release a part of
    what is staged as if it were all.

    Raises:
        OSError: the staging area cannot be written.
    """
    told = [*batch.names, f"{_DAY}{batch.day}", f"{_MADE_WITH}{batch.made_with}"]
    content = encrypted([*told, *batch.inputs, *batch.files], key, _BATCHES)
    # A number is not given again: who deletes a batch that it has read must not delete another one.
    last = max((int(found["number"]) for found in _committed(staging)), default=-1)
    for number in count(last + 1):
        path = f"{_BATCHES}/{number:08d}.parquet"
        if staging.create(path, content):
            return replace(batch, path=path)
    raise AssertionError("counting has no end")


def committed(key: bytes, staging: FileSystem) -> list[Batch]:
    """Return the batches that count.

    Raises:
        StagingError: the key is another one, or a file is damaged.
        OSError: the staging area cannot be read.
    """
    paths = [found[0] for found in _committed(staging)]
    return [_batch(decrypted(staging.read(path), key, path), path) for path in paths]


def _committed(staging: FileSystem) -> Iterator[re.Match[str]]:
    """Yield the paths of all committed batches, with their `number`."""
    return filter(None, map(_BATCH_PATH.fullmatch, staging.list_files(_BATCHES)))


def _batch(lines: list[str], path: str) -> Batch:
    names = tuple(takewhile(_NAME.fullmatch, lines))
    match lines[len(names) :]:
        case [day, made_with, *listed] if (
            names and day.startswith(_DAY) and made_with.startswith(_MADE_WITH)
        ):
            files = tuple(each for each in listed if each.startswith(f"{_RECORDS}/"))
            return Batch(
                names,
                tuple(listed[: len(listed) - len(files)]),
                date.fromisoformat(day.removeprefix(_DAY)),
                files,
                made_with.removeprefix(_MADE_WITH),
                path,
            )
    raise StagingError(f"staged file {path} tells of no batch: restore it, or move it away")


def note_unread(batch: str, states: Iterable[str], key: bytes, staging: FileSystem) -> None:
    """Write which items of a batch could not be read, so that they are tried again.

    Raises:
        OSError: the staging area cannot be written.
    """
    staging.write(_unread_path(batch), encrypted(sorted(set(states)), key, _UNREAD))


def take_unread(batch: str, key: bytes, staging: FileSystem) -> frozenset[str]:
    """Return the states of items that a batch could not read, and delete the note of them.

    Raises:
        StagingError: the note is damaged.
        OSError: the staging area cannot be read or written.
    """
    path = _unread_path(batch)
    if not staging.exists(path):
        return frozenset()
    states = frozenset(decrypted(staging.read(path), key, path))
    staging.delete_folder(path.rpartition("/")[0])
    return states


def _unread_path(batch: str) -> str:
    return f"{_UNREAD}/{batch}/states.parquet"


def staged_files(batches: Collection[str], staging: FileSystem) -> dict[str, list[str]]:
    """Return the paths of the files that batches of these names have written, by period."""
    files: dict[str, list[str]] = {}
    for found in _records(staging):
        if found["batch"] in batches:
            files.setdefault(found["period"], []).append(found[0])
    return files


def staged_periods(staging: FileSystem) -> set[str]:
    """Return the periods of which anything is staged, committed or not."""
    return {found["period"] for found in _records(staging)}


def record_files(staging: FileSystem) -> set[str]:
    """Return the paths of all files of records, committed or not."""
    return {found[0] for found in _records(staging)}


def _records(staging: FileSystem) -> Iterator[re.Match[str]]:
    """Yield the paths of all files of records, with their `period` and `batch`."""
    return filter(None, map(_RECORD_PATH.fullmatch, staging.list_files(_RECORDS)))


def settle(period: str, how: Literal["released", "given-up"], staging: FileSystem) -> None:
    """Note what has become of a period, and delete everything that is staged of it."""
    staging.create(f"{_SETTLED}/{how}/{period}", b"")
    staging.delete_folder(f"{_RECORDS}/period={period}")


def check_releasable(
    batches: Iterable[Batch],
    made_with: str,
    released: Collection[str],
    expired: date,
    staging: FileSystem,
) -> None:
    """Check that what is staged was made with what this run has, and is all there.

    `released` are the periods that the output's ledger holds. What was staged until the day
    `expired` may have been deleted for its age, by whatever deletes it.

    Raises:
        StagingError: a file is missing, or a release that came from here; or what is still there
            was made with something else, whose rules the release would not tell.
        OSError: the staging area cannot be read.
    """
    for found in _settled(staging):
        if found["how"] == "released" and found["period"] not in released:
            raise StagingError(
                f"period {found['period']} was released from this staging area, and the output "
                "holds no release of it: name the output that it went to, or a new staging area"
            )
    settled, there = settled_periods(released, staging), record_files(staging)
    for batch in batches:
        if batch.made_with != made_with and not there.isdisjoint(batch.files):
            raise StagingError(
                f"what is staged was made with {batch.made_with}, and this run has {made_with}: "
                "release it with the policy and version that it was staged with, or name a new "
                "staging area"
            )
        for path in wanted_files(batch, settled, expired):
            if path not in there:
                raise StagingError(
                    f"staged file {path} is missing: restore it, or delete {batch.path}, and "
                    "what that batch has read is read again if it is still there"
                )


def settled_periods(released: Collection[str], staging: FileSystem) -> set[str]:
    """Return the periods that are released, `released` among them, or given up.

    Raises:
        OSError: the staging area cannot be read.
    """
    return {*released, *(found["period"] for found in _settled(staging))}


def _settled(staging: FileSystem) -> Iterator[re.Match[str]]:
    """Yield the notes of what has become of periods, with their `period` and `how`."""
    return filter(None, map(_SETTLED_PATH.fullmatch, staging.list_files(_SETTLED)))


def wanted_files(batch: Batch, settled: Collection[str], expired: date) -> Iterator[str]:
    """Yield those of a batch's files that must be there: of periods that are not settled.

    What was staged until the day `expired` may have been deleted for its age.
    """
    for path in batch.files if batch.day > expired else ():
        found = _RECORD_PATH.fullmatch(path)
        if found is not None and found["period"] not in settled:
            yield path


def names_in(files: Iterable[str]) -> set[str]:
    """Return the names of the batches that have written files, told by their paths."""
    return {found["batch"] for found in map(_RECORD_PATH.fullmatch, files) if found}
