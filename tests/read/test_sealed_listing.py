"""Names of files may tell of people: on their way to workers they can be read with the key only."""

import base64
import bz2
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

import transforms.ptransforms.listing
from transforms.keys import KeySource
from transforms.ptransforms import List
from transforms.read import InputFile, InputItem, Listing, items_of
from transforms.read.sealed_listing import ListingSeal, Place, SealError, read_sealed, write_sealed

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
NAMES = [f"jane.doe42-{number:03d}.dmp" for number in range(150)]
LISTING = Listing([InputItem(InputFile(f"in/{name}", name, 1, None)) for name in NAMES])


def shows_a_name(content: bytes) -> bool:
    """Tell whether a name can be read, as it is or in what zlib has packed."""
    starts = [at for at in range(len(content)) if content.startswith(b"\x78\x9c", at)]
    texts = [content]
    for start in starts:
        try:
            texts.append(zlib.decompressobj().decompress(content[start:]))
        except zlib.error:
            continue
    return any(b"jane.doe42" in text for text in texts)


def names_read(chunks: Iterable[bytes]) -> list[str]:
    return [item.file.name for chunk in chunks for item in items_of(chunk)]


def test_the_search_finds_a_name_in_an_open_chunk() -> None:
    assert shows_a_name(b"some bytes before it " + LISTING[0])


def test_a_sealed_chunk_shows_nothing_and_is_opened_by_its_key_alone() -> None:
    sealed = ListingSeal(KEY).close(LISTING[0])
    assert not shows_a_name(sealed)
    assert ListingSeal(KEY).open(sealed) == LISTING[0]
    for key, wrong in ((OTHER_KEY, sealed), (KEY, sealed[:-1]), (KEY, b""), (KEY, LISTING[0])):
        with pytest.raises(SealError) as caught:
            ListingSeal(key).open(wrong)
        assert "jane" not in str(caught.value)


def test_one_chunk_is_never_sealed_the_same_way_twice() -> None:
    seal = ListingSeal(KEY)
    assert len({seal.close(b"one chunk") for _ in range(100)}) == 100


def test_chunks_are_read_from_their_places_in_a_file(tmp_path: Path) -> None:
    path, places = write_sealed([b"first", b"", b"the third"], tmp_path)
    assert [read_sealed(path, place) for place in places] == [b"first", b"", b"the third"]
    assert path.stat().st_mode & 0o077 == 0


def described(pipeline: beam.Pipeline) -> list[bytes]:
    """Return what a job's description holds of each step, unpacked as Beam packs it."""
    steps = pipeline.to_runner_api().components.transforms.values()
    packed = [
        step.spec.payload for step in steps if step.spec.urn == common_urns.primitives.PAR_DO.urn
    ]
    functions = [beam_runner_api_pb2.ParDoPayload.FromString(each).do_fn.payload for each in packed]
    return [*functions, *map(unpacked, functions)]


def unpacked(function: bytes) -> bytes:
    with suppress(ValueError, zlib.error):
        return zlib.decompress(base64.b64decode(function))
    return bz2.decompress(base64.b64decode(function))


class Shows(beam.DoFn):
    """A step that takes a chunk along, as it is."""

    def __init__(self, chunk: bytes) -> None:
        self.chunk = chunk


def test_the_search_finds_a_name_in_a_step_of_a_pipeline() -> None:
    pipeline = beam.Pipeline()
    _ = pipeline | beam.Create([1], reshuffle=False) | beam.ParDo(Shows(LISTING[0]))
    assert any(map(shows_a_name, described(pipeline)))


@pytest.mark.parametrize("in_a_file", [True, False])
def test_neither_description_nor_file_shows_a_name(in_a_file: bool, tmp_path: Path) -> None:
    pipeline = beam.Pipeline()
    _ = pipeline | List(LISTING, KeySource(KEY), tmp_path if in_a_file else None)
    assert not any(map(shows_a_name, described(pipeline)))
    files = list(tmp_path.iterdir())
    assert len(files) == in_a_file
    assert not any(shows_a_name(path.read_bytes()) for path in files)


def test_a_file_that_a_killed_run_leaves_is_not_opened_by_the_runs_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def noted(chunks: Iterable[bytes], folder: Path) -> tuple[Path, list[Place]]:
        written.append(write_sealed(chunks, folder))
        return written[0]

    monkeypatch.setattr(transforms.ptransforms.listing, "write_sealed", noted)
    _ = beam.Pipeline() | List(LISTING, KeySource(KEY), tmp_path)
    ((path, places),) = written
    assert len(places) == len(LISTING)
    with pytest.raises(SealError):
        ListingSeal(KEY).open(read_sealed(path, places[0]))


@pytest.mark.parametrize("in_a_file", [True, False])
def test_workers_get_every_chunk(in_a_file: bool, tmp_path: Path) -> None:
    with test_pipeline.TestPipeline() as pipeline:
        chunks = pipeline | List(LISTING, KeySource(KEY), tmp_path if in_a_file else None)
        names = chunks | beam.FlatMap(lambda chunk: names_read([chunk]))
        assert_that(names, equal_to(NAMES))
