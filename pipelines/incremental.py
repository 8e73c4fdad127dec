"""Incremental runs: only what is new is read; what cannot be released yet rests encrypted."""

from dataclasses import replace
from datetime import date
from secrets import token_hex

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.batch import Run, Signed, ingest, release
from pipelines.engine import run_pipeline
from pipelines.summary import Tallies
from pipelines.workers import with_workers
from transforms.aggregate import fingerprint, is_closed
from transforms.keys import KeySource
from transforms.listing import InputItem, Listing
from transforms.ptransforms import (
    NAMES,
    STACKS,
    TALLIES,
    LeaveLate,
    ReadStaged,
    Stage,
    Tell,
)
from transforms.publish import FileSystem, released_periods
from transforms.staging import (
    Batch,
    commit,
    committed,
    forget,
    input_hash,
    staged_files,
    staged_periods,
)
from transforms.storage import output_filesystem, restricted_filesystem


def run_incrementally(run: Run, staging: str, options: PipelineOptions) -> Tallies:
    """Read what is new in the input, stage it, and release the periods that are over.

    Args:
        run: as for a batch run; its listing is the whole input. Its key, the same one each time,
            encrypts the staged records too.
        staging: a restricted folder or `gs://` prefix, the same one each time.
        options: the engine's.

    Raises:
        PublishError: a release is refused or cannot be written.
        StagingError: the staging area cannot be read with this key.
        OptionError, EngineError, OSError: as for a batch run.
    """
    run = replace(run, staging=staging)
    key = run.key_in_use()
    area = restricted_filesystem(staging)
    batches = committed(key.load(), area)
    released = frozenset(released_periods(output_filesystem(run.output)))
    counts = Tallies({})
    new = _new_items(run, batches, key)
    if new:
        batch = Batch(token_hex(8), tuple(new))
        fresh = replace(run, listing=Listing(list(new.values())))
        counts = run_pipeline(
            lambda pipeline: _stage(pipeline, fresh, released, staging, batch, key),
            with_workers(options, fresh.listing) if run.spreads else options,
        )
        commit(batch, key.load(), area)
        batches.append(batch)
    files = staged_files(batches, area)
    closed = [
        (period, path)
        for period, paths in sorted(files.items())
        if period not in released and is_closed(period, run.policy.period_days, run.as_of)
        for path in paths
    ]
    if closed:
        told = run_pipeline(lambda pipeline: _release(pipeline, run, closed, staging, key), options)
        counts = counts.together_with(told)
    _forget(run, area)
    return counts


def _new_items(run: Run, batches: list[Batch], key: KeySource) -> dict[str, InputItem]:
    """Return the items that no batch has read in their present state, by their hash.

    A new objection makes all of them new: what was staged of whoever objected is found and taken
    out by reading it again; all else counts once, as anything that is read twice.
    """
    seen = {each for batch in batches for each in batch.inputs}
    material = key.load()
    objections = fingerprint(material, *sorted(run.policy.objections))
    found = {}
    for item in run.listing.items():
        files = (item.file, *item.sidecars)
        state = "".join(input_hash(material, file.path, file.size, file.modified) for file in files)
        if run.policy.objections:
            state += objections
        found[state] = item
    return {state: item for state, item in found.items() if state not in seen}


def _stage(
    pipeline: beam.Pipeline,
    run: Run,
    released: frozenset[str],
    staging: str,
    batch: Batch,
    key: KeySource,
) -> None:
    signed = ingest(pipeline, run)
    in_time = signed.crashes | "LeaveLate" >> LeaveLate(released)
    records = (in_time.crashes, signed.stacks, signed.names, *signed.tallies)
    _ = records | "Stage" >> Stage(staging, batch.name, key)
    _ = (*signed.tallies, in_time[TALLIES]) | "Tell" >> Tell()


def _release(
    pipeline: beam.Pipeline, run: Run, files: list[tuple[str, str]], staging: str, key: KeySource
) -> None:
    staged = pipeline | "List" >> beam.Create(files) | "ReadStaged" >> ReadStaged(staging, key)
    signed = Signed(staged.crashes, staged[STACKS], staged[NAMES], (staged[TALLIES],))
    _ = release(signed, run) | "Tell" >> Tell()


def _forget(run: Run, area: FileSystem) -> None:
    """Delete what is staged of released periods, and of those that are too far away to wait for.

    A clock that is wrong may date a report years ahead, and it would rest here until then.
    """
    released = released_periods(output_filesystem(run.output))
    for period in staged_periods(area):
        away = abs((date.fromisoformat(period) - run.as_of).days)
        if period in released or away > run.policy.staging_days:
            forget(period, area)
