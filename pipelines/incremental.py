"""Incremental runs: only what is new is read; what cannot be released yet rests encrypted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from secrets import token_hex

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.batch import Run, Signed, check_whole, read_listing, release, sign_raw
from pipelines.engine import run_pipeline
from pipelines.held_area import HeldArea
from pipelines.summary import Tallies
from pipelines.workers import with_workers
from schemas.policy import Policy
from transforms.aggregate import is_closed
from transforms.keys import KeySource
from transforms.ptransforms import (
    NAMES,
    STACKS,
    TALLIES,
    UNREAD,
    HoldBack,
    LeaveLate,
    NoteUnread,
    ReadStaged,
    Stage,
    Tell,
    told_as_staging,
)
from transforms.publish import FileSystem, released_periods
from transforms.read import InputItem, Listing
from transforms.staging import (
    RECORDS_FORM,
    Batch,
    InputStates,
    check_releasable,
    commit,
    committed,
    join_batches,
    settle,
    staged_files,
    staged_periods,
    take_unread,
)
from transforms.storage import output_filesystem, restricted_filesystem


def run_incrementally(run: Run, held: HeldArea, options: PipelineOptions) -> Tallies:
    """Read what is new in the input, stage it, and release the periods that are over.

    Args:
        run: as for a batch run; its listing is the whole input. Its key, the same one each time,
            encrypts the staged records too.
        held: the staging area, a restricted folder or `gs://` prefix, the same one each time.
        options: the engine's.

    Raises:
        PublishError: a release is refused or cannot be written; what was read is staged.
        StagingError: the staging area cannot be read or written, or not be read with this key, or
            is not whole.
        OptionError, EngineError: as for a batch run.
    """
    with told_as_staging(held.place):
        return _run_incrementally(run, held.place, options)


def _run_incrementally(run: Run, staging: str, options: PipelineOptions) -> Tallies:
    run = replace(run, staging=staging)
    key, area = run.key_in_use(), restricted_filesystem(staging)
    released = frozenset(released_periods(output_filesystem(run.output)))
    batches, new = _known_and_new(run, released, key.load(), area)
    counts, batch = _read_new(run, staging, area, new, released, options)
    if batch:
        batches.append(batch)
    closed = _closed_files(run, batches, released, area)
    if closed:
        check_whole(run)
        told = run_pipeline(lambda pipeline: _release(pipeline, run, closed, staging, key), options)
        counts = counts.together_with(told)
    _forget(run, area, max([run.as_of, *(each.day for each in batches)]))
    return counts


def _known_and_new(
    run: Run, released: frozenset[str], key: bytes, area: FileSystem
) -> tuple[list[Batch], dict[str, InputItem]]:
    """Return the batches that count, and the items that none of them has read, by their states."""
    expired = run.as_of - timedelta(days=run.policy.staging_days)
    batches = committed(key, area)
    check_releasable(batches, _made_with(run.policy), released, expired, area)
    states = InputStates(key, run.policy.objections)
    found = {states.of(item): item for item in run.listing.items()}
    batches = join_batches(batches, found, released, run.as_of, expired, key, area)
    seen = {each for batch in batches for each in batch.inputs}
    return batches, {state: item for state, item in found.items() if state not in seen}


def _read_new(
    run: Run,
    staging: str,
    area: FileSystem,
    new: Mapping[str, InputItem],
    released: frozenset[str],
    options: PipelineOptions,
) -> tuple[Tallies, Batch | None]:
    """Stage what no batch has read; return what was counted, and the new batch if there is one."""
    if not new:
        return Tallies({}), None
    source = run.key_in_use()
    key = source.load()
    name = token_hex(8)
    fresh = replace(run, listing=Listing(list(new.values())))
    counts = run_pipeline(
        lambda pipeline: _stage(pipeline, fresh, released, staging, name, source),
        with_workers(options, fresh.listing) if run.spreads else options,
    )
    unread = take_unread(name, key, area)
    inputs = tuple(state for state in new if state not in unread)
    written = tuple(chain.from_iterable(staged_files({name}, area).values()))
    batch = Batch((name,), inputs, run.as_of, written, _made_with(run.policy))
    if batch.inputs or batch.files:
        commit(batch, key, area)
    return counts, batch


def _closed_files(
    run: Run, batches: Iterable[Batch], released: frozenset[str], area: FileSystem
) -> list[str]:
    """Return the files that batches have written of periods that can be released now."""
    files = staged_files({name for batch in batches for name in batch.names}, area)
    return [
        path
        for period, paths in sorted(files.items())
        if period not in released and is_closed(period, run.policy.period_days, run.as_of)
        for path in paths
    ]


def _made_with(policy: Policy) -> str:
    """Return what shapes staged records, so that no other policy or form of them is released."""
    return (
        f"records of form {RECORDS_FORM}, period_days {policy.period_days}, "
        "reports_without_install_are_distinct "
        f"{str(policy.reports_without_install_are_distinct).lower()}, nlp {policy.nlp}"
    )


def _stage(
    pipeline: beam.Pipeline,
    run: Run,
    released: frozenset[str],
    staging: str,
    batch: str,
    key: KeySource,
) -> None:
    read = read_listing(pipeline, run)
    _ = read[UNREAD] | "NoteUnread" >> NoteUnread(staging, batch, key)
    signed = sign_raw(read.raws, run)
    in_time = signed.crashes | "LeaveLate" >> LeaveLate(released)
    records = (in_time.crashes, signed.stacks, signed.names, *signed.tallies)
    _ = records | "Stage" >> Stage(staging, batch, key)
    kept = in_time.crashes | "HoldBack" >> HoldBack(run.policy, run.as_of)
    _ = (*signed.tallies, in_time[TALLIES], kept[TALLIES]) | "Tell" >> Tell()


def _release(
    pipeline: beam.Pipeline, run: Run, files: list[str], staging: str, key: KeySource
) -> None:
    staged = pipeline | "List" >> beam.Create(files) | "ReadStaged" >> ReadStaged(staging, key)
    signed = Signed(staged.crashes, staged[STACKS], staged[NAMES], (staged[TALLIES],))
    _ = release(signed, run) | "Tell" >> Tell()


def _forget(run: Run, area: FileSystem, latest: date) -> None:
    """Delete what is staged of released periods, and of those that are too far away to wait for.

    A clock that is wrong may date a report years ahead, and it would rest here until then. `latest`
    is the last day on which anything was read: where the clock was put back, what is staged of
    other days is not ahead of its time.
    """
    released = released_periods(output_filesystem(run.output))
    for period in staged_periods(area):
        day, most = date.fromisoformat(period), timedelta(days=run.policy.staging_days)
        if period in released:
            settle(period, "released", area)
        elif run.as_of - day > most or day - latest > most:
            settle(period, "given-up", area)
