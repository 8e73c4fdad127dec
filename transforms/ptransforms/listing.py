"""The beginning of a batch run: a listing's chunks, each brought to the worker that reads it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection

from transforms.keys import SMALLEST_KEY_BYTES, KeySource
from transforms.ptransforms.guarding import tells_no_values
from transforms.read.sealed_listing import ListingSeal, Place, read_sealed, write_sealed


class _OpenStep(beam.DoFn):
    def __init__(self, key: KeySource, path: Path | None) -> None:
        self._key, self._path = key, path

    def setup(self) -> None:
        """Load the key once a process."""
        self._seal = ListingSeal(self._key.load())

    @tells_no_values
    def process(self, element: Any) -> Iterable[bytes]:
        """Yield the chunk that is sealed in an element, or at the place that it names."""
        sealed = element if self._path is None else read_sealed(self._path, element)
        return (self._seal.open(sealed),)


@dataclass
class List(beam.PTransform[PBegin, PCollection[bytes]]):
    """Spread the chunks of a `Listing` over the workers.

    `folder` is one that all workers can read. The chunks wait there, under a key of their own, so
    that nobody can read what a killed run leaves. None: they are part of the job's description,
    under the run's key.
    """

    chunks: Iterable[bytes]
    key: KeySource
    folder: Path | None

    def expand(self, begin: PBegin) -> PCollection[bytes]:
        """Seal the chunks here, and open each where it is read."""
        key = self.key if self.folder is None else KeySource(os.urandom(SMALLEST_KEY_BYTES))
        sealed = map(ListingSeal(key.load()).close, self.chunks)
        path: Path | None = None
        elements: Iterable[bytes | Place] = sealed
        if self.folder is not None:
            path, elements = write_sealed(sealed, self.folder)
        chunks: PCollection[bytes] = (
            begin
            | beam.Create(list(elements), reshuffle=False)
            | beam.Reshuffle()
            | beam.ParDo(_OpenStep(key, path))
        )
        return chunks
