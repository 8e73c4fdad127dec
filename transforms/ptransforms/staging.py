"""Writing records into the staging area, and reading them from there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.records import AnonymousCrash, FailureKind, NameHashes, PackedCrashes, Stack, Tally
from transforms.aggregate import CrashPacker, crashes_of
from transforms.keys import KeySource
from transforms.os_errors import why
from transforms.ptransforms.metrics import timed
from transforms.ptransforms.outputs import NAMES, STACKS, TALLIES
from transforms.staging import (
    Staged,
    StagingError,
    batch_file,
    note_unread,
    staged_bytes,
    staged_records,
)
from transforms.storage import restricted_filesystem

_SHARDS = 8
"""Files a period and batch: as many as workers may write at once."""


class _WriteStep(beam.DoFn):
    def __init__(self, staging: str, batch: str, key: KeySource) -> None:
        self._staging, self._batch, self._key = staging, batch, key

    @timed("stage")
    def process(self, element: tuple[tuple[str, int], Iterable[Staged]]) -> Iterator[str]:
        """Write one file; an engine's retry writes the same one again."""
        (period, shard), records = element
        path = batch_file(period, self._batch, shard)
        content = staged_bytes(_unpacked(records), self._key.load(), period)
        with told_as_staging(self._staging):
            restricted_filesystem(self._staging).write(path, content)
        yield path


@contextmanager
def told_as_staging(staging: str) -> Iterator[None]:
    """Turn an error of storage into one that says of which folder it is.

    Raises:
        StagingError: for every OSError.
    """
    try:
        yield
    except OSError as error:
        told = f"staging {staging}: cannot be read or written: {why(error)}"
        raise StagingError(told) from None


@dataclass
class Stage(beam.PTransform[tuple[PCollection[Any], ...], PCollection[str]]):
    """Write crashes, stacks, names and tallies of periods to a batch's encrypted files."""

    staging: str
    batch: str
    key: KeySource

    def expand(self, records: tuple[PCollection[Any], ...]) -> PCollection[str]:
        """Bring the records of a period and shard together, and write them; yields the paths."""
        paths: PCollection[str] = (
            records
            | beam.Flatten()
            | beam.Filter(_is_staged)
            | beam.Map(lambda record: ((record.period, _shard(record)), record)).with_output_types(
                tuple[tuple[str, int], Any]
            )
            | beam.GroupByKey()
            | beam.ParDo(_WriteStep(self.staging, self.batch, self.key))
        )
        return paths


def _is_staged(record: Any) -> bool:
    """Tell whether a record is of a period; what could not be read counts when it is read."""
    unread = isinstance(record, Tally) and record.label == FailureKind.UNREADABLE
    return bool(record.period) and not unread


def _shard(record: Any) -> int:
    return record.shard % _SHARDS if isinstance(record, PackedCrashes) else _SHARDS


def _unpacked(records: Iterable[Any]) -> Iterator[Staged]:
    for record in records:
        if isinstance(record, PackedCrashes):
            yield from crashes_of([record])
        else:
            yield record


@dataclass
class NoteUnread(beam.PTransform[PCollection[str], PCollection[None]]):
    """Note in the staging area which items of a batch could not be read."""

    staging: str
    batch: str
    key: KeySource

    def expand(self, states: PCollection[str]) -> PCollection[None]:
        """Bring all states together, if there are any, and write them."""
        noted: PCollection[None] = (
            states
            | beam.Map(lambda state: (self.batch, state))
            | beam.GroupByKey()
            | beam.MapTuple(self._note)
        )
        return noted

    def _note(self, batch: str, states: Iterable[str]) -> None:
        with told_as_staging(self.staging):
            note_unread(batch, states, self.key.load(), restricted_filesystem(self.staging))


class _ReadStep(beam.DoFn):
    def __init__(self, staging: str, key: KeySource) -> None:
        self._staging, self._key = staging, key

    @timed("unstage")
    def process(self, path: str) -> Iterator[Any]:
        """Yield a file's records, each to its output; the crashes are packed again."""
        with told_as_staging(self._staging):
            content = restricted_filesystem(self._staging).read(path)
        packer: CrashPacker[None] = CrashPacker()
        for record in staged_records(content, self._key.load(), path):
            match record:
                case Stack():
                    yield TaggedOutput(STACKS, record)
                case NameHashes():
                    yield TaggedOutput(NAMES, record)
                case Tally():
                    yield TaggedOutput(TALLIES, record)
                case AnonymousCrash():
                    packer.add(record, None)
                    if packer.is_full:
                        yield from _packs(packer)
        yield from _packs(packer)


def _packs(packer: CrashPacker[None]) -> Iterator[PackedCrashes]:
    return (pack for _, pack in packer.packs())


@dataclass
class ReadStaged(beam.PTransform[PCollection[str], Any]):
    """Read staged files, given by their paths; outputs as `Sign` has them."""

    staging: str
    key: KeySource

    def expand(self, files: PCollection[str]) -> Any:
        """Spread the files over the workers, then read them."""
        step = beam.ParDo(_ReadStep(self.staging, self.key))
        return files | beam.Reshuffle() | step.with_outputs(STACKS, NAMES, TALLIES, main="crashes")
