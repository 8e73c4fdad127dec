"""Objects of a storage service: read several at a time, and no more than that held at once."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from apache_beam.pvalue import TaggedOutput

import transforms.read.items
from schemas.policy import Limits, Policy
from schemas.records import RawReport
from transforms.keys import KeySource
from transforms.ptransforms import reading
from transforms.read import InputFile, InputItem, Listing
from transforms.unpack import unpacked

AT_A_TIME = 8


class PromptPool(ThreadPoolExecutor):
    """Does at once what it is asked for, so that what was asked for too early is told too."""

    def submit(self, do: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(do(*given, **named))
        except OSError as error:
            future.set_exception(error)
        return future


def archive_of(number: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.dmp", f"{number}a")
        archive.writestr("b.dmp", f"{number}b")
    return packed.getvalue()


def objects(count: int, size: int = 1) -> list[InputItem]:
    paths = [f"gs://bucket/{number:02}.zip" for number in range(count)]
    return [InputItem(InputFile(path, path, size, 0.0)) for path in paths]


def results(items: list[InputItem], limits: Limits) -> Any:
    step = reading._ReadStep(Policy(name="test", limits=limits), KeySource(bytes(range(32))))
    (chunk,) = Listing(items)
    return step.process(chunk)


@pytest.fixture
def read_paths(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the objects that were read."""
    paths: list[str] = []

    def read_bytes(path: str) -> bytes:
        paths.append(path)
        if path.endswith("05.zip"):
            raise OSError("gone")
        return archive_of(int(path[-6:-4]))

    monkeypatch.setattr(reading, "read_bytes", read_bytes)
    monkeypatch.setattr(reading, "ThreadPoolExecutor", PromptPool)
    return paths


def test_objects_are_read_ahead_in_their_order_and_no_more_than_fit_at_a_time(
    read_paths: list[str],
) -> None:
    items = objects(30)
    found = []
    for result in results(items, Limits()):
        if isinstance(result, RawReport):
            found.append(result.payload.decode())
            taken = int(found[-1][:-1]) + 1
            assert len(read_paths) <= taken + AT_A_TIME - 1
            assert len(read_paths) >= min(30, taken + 1)
    assert found == [f"{number}{name}" for number in range(30) if number != 5 for name in "ab"]
    assert read_paths == [item.file.path for item in items]


def test_of_archives_that_are_read_ahead_none_is_unpacked_before_its_turn(
    read_paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def noted(name: str, *given: Any) -> Any:
        opened.append(name)
        return unpacked(name, *given)

    monkeypatch.setattr(transforms.read.items, "unpacked", noted)
    for result in results(objects(5), Limits()):
        if isinstance(result, RawReport):
            assert opened == read_paths[: int(result.payload[:-1]) + 1]
    assert len(opened) == 5


@pytest.mark.usefixtures("read_paths")
def test_an_object_that_storage_does_not_give_is_told_of_its_own() -> None:
    unread = [each for each in results(objects(8), Limits()) if isinstance(each, TaggedOutput)]
    assert len(unread) == 1


def test_an_object_that_is_too_large_is_not_read(read_paths: list[str]) -> None:
    assert len(list(results(objects(2, size=101), Limits(max_file_bytes=100)))) == 4
    assert read_paths == []
