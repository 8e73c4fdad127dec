"""Keeping committed batches few, and forgetting inputs that are gone and cannot count any more."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from itertools import chain

from transforms.publish import FileSystem
from transforms.staging.batches import (
    Batch,
    commit,
    names_in,
    record_files,
    settled_periods,
    wanted_files,
)

_MOST_OF_TODAY = 64
"""Batches of today that stay apart: to read one costs a millisecond in each run, and to join them
writes all that was read today once more."""


def join_batches(
    batches: Iterable[Batch],
    listed: Collection[str],
    released: Collection[str],
    today: date,
    expired: date,
    key: bytes,
    staging: FileSystem,
) -> list[Batch]:
    """Commit as one the batches of a day, and return those that count then.

    Batches of today are joined when they are many, of another day when there are two. Those of days
    up to `expired` of which nothing is staged any more become one, of which only the inputs that
    are still `listed` are kept. Forgetting the others counts nothing twice: all that they told is
    released or given up, so if one comes back it is late, or counts for the first time.

    What is joined is written before what it replaces is deleted. A run that is killed in between
    leaves both, which tell the same: names and inputs are sets.

    Raises:
        OSError: the staging area cannot be read or written.
    """
    settled, there = settled_periods(released, staging), record_files(staging)
    over: list[Batch] = []
    days: dict[tuple[date, str], list[Batch]] = {}
    for batch in batches:
        wanted = set(wanted_files(batch, settled, expired))
        files = tuple(path for path in batch.files if path in there or path in wanted)
        is_over = batch.day <= expired and not files
        members = over if is_over else days.setdefault((batch.day, batch.made_with), [])
        members.append(replace(batch, files=files))
    kept = []
    told = _inputs(over)
    inputs = tuple(each for each in told if each in listed)
    if len(over) > 1 or inputs != told:
        over = _replaced(over, inputs, key, staging)
    for (day, _), members in days.items():
        if len(members) > (_MOST_OF_TODAY if day == today else 1):
            kept += _replaced(members, _inputs(members), key, staging)
        else:
            kept += members
    return over + kept


def _inputs(batches: Iterable[Batch]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(batch.inputs for batch in batches)))


def _replaced(
    batches: list[Batch], inputs: tuple[str, ...], key: bytes, staging: FileSystem
) -> list[Batch]:
    """Commit batches as one with these inputs, then delete them; return what was committed."""
    last = max(batches, key=lambda batch: batch.day)
    files = tuple(dict.fromkeys(chain.from_iterable(batch.files for batch in batches)))
    names = tuple(sorted(names_in(files))) or last.names[:1]
    joined = Batch(names, inputs, last.day, files, last.made_with)
    committed = [commit(joined, key, staging)] if inputs or files else []
    for batch in batches:
        staging.delete(batch.path)
    return committed
