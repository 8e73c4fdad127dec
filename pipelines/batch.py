"""The batch pipeline. Its body reads like the way of the data; its order is a privacy argument.

Whatever names a person is gone before the first barrier: read, parse, exclude, scrub and sign run
in one fused stage, and what is written, moved between workers or counted comes after them.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import PCollection

from pipelines.engine import run_pipeline
from pipelines.summary import Tallies
from pipelines.workers import with_workers
from schemas.policy import Policy
from schemas.records import NameHashes, PackedCrashes, Stack, Tally, TallyName
from transforms.aggregate import derive_run_key, fingerprint
from transforms.keys import KeySource
from transforms.ptransforms import (
    LACKING,
    NAMES,
    STACKS,
    SUMMING,
    TALLIES,
    Bound,
    Count,
    Exclude,
    Gate,
    HideDifferences,
    HoldBack,
    List,
    Parse,
    Publish,
    Read,
    Release,
    ReleaseWithNoise,
    Scrub,
    Sign,
    SumReleased,
    Tell,
)
from transforms.publish import PublishError, parameters_of
from transforms.read import Listing


@dataclass(frozen=True, slots=True)
class Run:
    """One batch run: what to read, where to publish, by which policy, on which day, by which key.

    Without a key one is derived from the listing of the input. `local_folder` is a private one that
    lasts as long as the run, where local workers find the listing and tell how far they are; None
    on a cluster. `staging` is a restricted place for what is not published yet. `spreads` says that
    a large listing may be read by several local processes.
    """

    listing: Listing
    output: str
    policy: Policy
    as_of: date
    key: KeySource | None = None
    local_folder: Path | None = None
    staging: str | None = None
    spreads: bool = False

    def key_in_use(self) -> KeySource:
        """Return the key, or the one that the input's listing gives."""
        return self.key or KeySource(_key_of(self.listing))

    def fingerprint(self) -> str:
        """Return what claims hold: runs of one policy and key share it, whatever their input."""
        parameters = sorted(parameters_of(self.policy).items())
        return fingerprint(self.key.load() if self.key else b"", *map("=".join, parameters))


@lru_cache(maxsize=1)
def _key_of(listing: Listing) -> bytes:
    return derive_run_key((item.file.name, item.file.size) for item in listing.items())


@dataclass(frozen=True, slots=True)
class Signed:
    """What is anonymous, and may meet a barrier."""

    crashes: PCollection[PackedCrashes]
    stacks: PCollection[Stack]
    names: PCollection[NameHashes]
    tallies: tuple[PCollection[Tally], ...]


def ingest(pipeline: beam.Pipeline, run: Run) -> Signed:
    """Add the way from files to signed crashes."""
    return sign_raw(read_listing(pipeline, run).raws, run)


def read_listing(pipeline: beam.Pipeline, run: Run) -> Any:
    """Add the way from files to raw reports; outputs as `Read` has them."""
    key = run.key_in_use()
    chunks = pipeline | "List" >> List(run.listing, key, run.local_folder)
    return chunks | "Read" >> Read(run.policy, key)


def sign_raw(raws: PCollection[Any], run: Run) -> Signed:
    """Add the way from raw reports to signed crashes: the stage in which personal data flows."""
    policy, key = run.policy, run.key_in_use()
    signed = (
        raws
        | "Parse" >> Parse(policy)
        | "Exclude" >> Exclude(policy, key)
        | "Scrub" >> Scrub(policy)
        | "Sign" >> Sign(policy, key, run.local_folder)
    )
    return Signed(signed.crashes, signed[STACKS], signed[NAMES], (signed[TALLIES],))


def release(signed: Signed, run: Run) -> tuple[PCollection[Tally], ...]:
    """Add the way from signed crashes of closed periods to published files.

    Returns the tallies of its own steps; those of the earlier ones are published, not told again.
    """
    policy, key = run.policy, run.key_in_use()
    gate: Any = Gate(signed.stacks, signed.names, policy, key)

    bounded = signed.crashes | "Bound" >> Bound(policy, key)
    released = _with_noise(bounded, gate, run) if policy.noise else _exact(bounded, gate, policy)
    rows = released.rows | "Together" >> beam.Flatten()
    tallies = (bounded[TALLIES], *released.tallies)
    told = (*signed.tallies, *tallies)
    published = Publish(run.output, run.staging, policy, run.fingerprint(), told)
    _ = rows | "Publish" >> published
    return tallies


@dataclass(frozen=True, slots=True)
class _Released:
    rows: tuple[PCollection[Any], ...]
    tallies: tuple[PCollection[Tally], ...]


def _exact(bounded: Any, gate: Gate, policy: Policy) -> _Released:
    """Release exact counts of what enough share, and sums of nothing but what is released."""
    counted = bounded.contributions | "Count" >> Count(policy) | "Release" >> Release(policy)
    gated = counted.cells | "Gate" >> gate
    compared = gated.rows | "Hide" >> HideDifferences(policy, counted[LACKING])
    summed = (
        bounded[SUMMING]
        | "SumReleased" >> SumReleased(policy, compared.rows)
        | "ReleaseSums" >> Release(policy)
    )
    gated_sums = summed.cells | "GateSums" >> gate
    steps = (counted, gated, compared, summed, gated_sums)
    return _Released((compared.rows, gated_sums.rows), tuple(step[TALLIES] for step in steps))


def _with_noise(bounded: Any, gate: Gate, run: Run) -> _Released:
    """Release counts with noise, of which differences tell nothing more."""
    gated = (
        (bounded.contributions, bounded[SUMMING])
        | "AllTables" >> beam.Flatten()
        | "Count" >> Count(run.policy)
        | "Draw" >> ReleaseWithNoise(run.policy, run.output, run.fingerprint())
        | "Gate" >> gate
    )
    return _Released((gated.rows,), (gated[TALLIES],))


def check_whole(run: Run) -> None:
    """Check that all folders of the input could be listed, before anything of it is released.

    One file that cannot be read costs its reports. A folder may hold any number of them, and once
    their period is released they are late for ever.

    Raises:
        PublishError: there are folders that could not be listed; it does not name them.
    """
    if count := run.listing.unlisted_count:
        raise PublishError(
            f"{count} folders below INPUT cannot be listed, and a period is released once (P5), "
            "not from a part of it: allow to list them (crashveil inspect INPUT tells which they "
            "are), or name the others as INPUT"
        )


def build(pipeline: beam.Pipeline, run: Run) -> None:
    """Add the whole way of the data to a pipeline."""
    signed = ingest(pipeline, run)
    closed = signed.crashes | "HoldBack" >> HoldBack(run.policy, run.as_of)
    released = release(replace(signed, crashes=closed.crashes), run)
    _ = (*signed.tallies, closed[TALLIES], *released) | "Tell" >> Tell()


def run_batch(run: Run, options: PipelineOptions) -> Tallies:
    """Run the pipeline to its end and return what it counted.

    Raises:
        PublishError: the release is refused or cannot be written; or nothing is new and something
            would be other than what is released; or a folder of the input could not be listed.
        OptionError: the options do not fit the engine.
        EngineError: the engine failed or does not answer, or the folder of local files is full.
    """
    check_whole(run)
    if run.spreads:
        options = with_workers(options, run.listing)
    tallies = run_pipeline(lambda pipeline: build(pipeline, run), options)
    periods = tallies.of(TallyName.PERIODS)
    if "kept" in periods and "new" not in periods:
        raise PublishError(
            f"{periods['kept']} periods of this input are already released here with other "
            "content, and a period is released once (P5): take another output folder"
        )
    return tallies
