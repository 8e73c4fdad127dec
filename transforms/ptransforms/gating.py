"""The last look at what is released, row by row, before it is published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.policy import Policy
from schemas.records import NAME_HASH_BYTES, CleanFrame, NameHashes, Stack, Tally, TallyName
from transforms.aggregate import Pseudonyms
from transforms.group import ROOT_BYTES, frames_of, prefix_digests
from transforms.keys import KeySource
from transforms.ptransforms.joining import FramedRow
from transforms.ptransforms.metrics import timed
from transforms.ptransforms.outputs import TALLIES
from transforms.release import ReleasedCell, row_of, strings_of, withheld
from transforms.scrub import Scrubber, load_scrubber, looks_personal, names_within

_NO_STACK = b""


class _HashingStep(beam.DoFn):
    """A step that hashes with the run's key."""

    def __init__(self, key: KeySource) -> None:
        self._key = key

    def setup(self) -> None:
        """Make the hashing of this process."""
        self._pseudonyms = Pseudonyms(self._key.load())


class _FrameStep(_HashingStep):
    def process(
        self, element: tuple[tuple[str, bytes], dict[str, Iterable[Any]]]
    ) -> Iterator[tuple[bytes, FramedRow]]:
        """Yield cells of one root of stacks with their rows, each under a hash of its key."""
        for cell, row in _framed(element[1]):
            yield self._pseudonyms.cell(cell.table, cell.period, cell.key), (cell, row)


class _NamesShownStep(_HashingStep):
    def process(
        self, element: tuple[bytes, FramedRow]
    ) -> Iterator[tuple[tuple[str, int], tuple[bytes, bytes]]]:
        """Yield the hash of everything in a row that could be a name, and whose row it is."""
        place, (cell, row) = element
        for name in {name for text in strings_of(row) for name in names_within(text)}:
            digest = self._pseudonyms.name(name)
            yield (cell.period, digest[0]), (digest, place)


class _GateStep(beam.DoFn):
    def __init__(self, policy: Policy) -> None:
        self._cache_bytes, self._model = policy.limits.max_scrub_cache_bytes, policy.nlp
        self._shared = Shared()

    def setup(self) -> None:
        """Load the scrubber of the first scan; the other scans need nothing."""
        self._scrubber: Scrubber = self._shared.acquire(
            lambda: load_scrubber(self._cache_bytes, self._model)
        )

    @timed("gate")
    def process(self, element: tuple[bytes, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        """Yield the cell and its row, or only a tally when its strings do not pass.

        There is one cell; or none, when an engine fires a window that it has emptied already.
        """

        def is_personal(text: str) -> bool:
            return not self._scrubber.is_clean(text) or looks_personal(text)

        for cell, row in element[1]["framed"]:
            if any(element[1]["names"]) or withheld(strings_of(row), is_personal):
                yield TaggedOutput(TALLIES, Tally(TallyName.WITHHELD, cell.table, 1, cell.period))
            else:
                yield cell, row


@dataclass
class Gate(beam.PTransform[PCollection[ReleasedCell], Any]):
    """Scan every string again on its way out (P13); outputs: rows with their cells, TALLIES.

    `stacks` holds the frames that digests stand for, `names` the keyed hashes of the names of
    people and devices in each period.
    """

    stacks: PCollection[Stack]
    names: PCollection[NameHashes]
    policy: Policy
    key: KeySource

    def expand(self, cells: PCollection[ReleasedCell]) -> Any:
        """Join each cell with its frames and with the names in it, and scan the row."""
        stacks = self.stacks | "Stack" >> beam.Map(
            lambda stack: ((stack.period, stack.digest[:ROOT_BYTES]), stack)
        )
        framed = (
            {"cells": cells | "ByStack" >> beam.Map(_by_stack), "stacks": stacks}
            | "Frame" >> beam.CoGroupByKey()
            | "Framed" >> beam.ParDo(_FrameStep(self.key))
        )
        known = self.names | "Name" >> beam.Map(
            lambda each: ((each.period, each.shard), each.hashes)
        )
        recurring = (
            {"shown": framed | "Shown" >> beam.ParDo(_NamesShownStep(self.key)), "known": known}
            | "Recur" >> beam.CoGroupByKey()
            | "Recurring" >> beam.FlatMapTuple(_recurring)
        )
        return (
            {"framed": framed, "names": recurring}
            | "Join" >> beam.CoGroupByKey()
            | beam.ParDo(_GateStep(self.policy)).with_outputs(TALLIES, main="rows")
        )


def _recurring(
    _: tuple[str, int], joined: Mapping[str, Iterable[Any]]
) -> Iterator[tuple[bytes, bool]]:
    shown = list(joined["shown"])
    wanted = {digest for digest, _ in shown}
    known: set[bytes] = set()
    for hashes in joined["known"] if wanted else ():
        starts = range(0, len(hashes), NAME_HASH_BYTES)
        known |= wanted.intersection(hashes[start : start + NAME_HASH_BYTES] for start in starts)
    return ((place, True) for digest, place in shown if digest in known)


def _by_stack(cell: ReleasedCell) -> tuple[tuple[str, bytes], ReleasedCell]:
    return (cell.period, (cell.stack or _NO_STACK)[:ROOT_BYTES]), cell


def _framed(joined: Mapping[str, Iterable[Any]]) -> Iterator[FramedRow]:
    cells = list(joined["cells"])
    wanted = {cell.stack for cell in cells if cell.stack}
    found: dict[bytes, tuple[CleanFrame, ...]] = {}
    for stack in joined["stacks"] if wanted else ():
        for digest in wanted.intersection(prefix_digests(stack.digest)):
            found[digest] = frames_of(digest, stack.frames)
            wanted.remove(digest)
    for cell in cells:
        yield cell, row_of(cell, found.get(cell.stack or _NO_STACK))
