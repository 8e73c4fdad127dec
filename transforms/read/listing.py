"""Listing: the files of an input, each dump with the sidecars that stand beside it.

A sidecar is a flat JSON object of annotations that stands beside a dump under the same stem
(`abc.dmp`, `abc.json`), as crash collectors write it.
"""

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from transforms.read.problem_directory import crash_element, is_kept


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read: where it is, its name within the input, size in bytes, time of change.

    `modified` is in seconds since the epoch, None when the storage does not tell. A path may name a
    person, so the `repr` shows none. `unlisted` says that it is a folder that could not be listed:
    nobody knows what files are in it, and to read it fails.
    """

    path: str = field(repr=False)
    name: str = field(repr=False)
    size: int
    modified: float | None
    unlisted: bool = False


@dataclass(frozen=True, slots=True)
class InputItem:
    """A file, and the sidecars that stand beside it."""

    file: InputFile
    sidecars: tuple[InputFile, ...] = ()


_ITEMS_A_CHUNK = 64


class Listing(Sequence[bytes]):
    """The items of an input, a million of which fit into little memory: chunks, packed.

    A chunk is what workers are given at a time; `items_of` unpacks it. `unlisted_count` is the
    number of folders among the items, which could not be listed.
    """

    def __init__(self, items: Sequence[InputItem] = ()) -> None:
        """Pack the items, in their order."""
        self._chunks = [
            zlib.compress(pickle.dumps(items[start : start + _ITEMS_A_CHUNK]))
            for start in range(0, len(items), _ITEMS_A_CHUNK)
        ]
        self.item_count = len(items)
        self.byte_count = sum(item.file.size for item in items)
        self.unlisted_count = sum(item.file.unlisted for item in items)

    def __getitem__(self, index: Any) -> Any:
        """Return a packed chunk, or several."""
        return self._chunks[index]

    def __len__(self) -> int:
        """Return the number of chunks."""
        return len(self._chunks)

    def items(self) -> Iterator[InputItem]:
        """Yield all items."""
        return chain.from_iterable(map(items_of, self._chunks))


def items_of(chunk: bytes) -> Sequence[InputItem]:
    """Return the items of a chunk of a listing."""
    items: Sequence[InputItem] = pickle.loads(zlib.decompress(chunk))  # noqa: S301 - our own
    return items


def pair_sidecars(files: Iterable[InputFile]) -> list[InputItem]:
    """Return the files in order of path, each dump with the JSON files that stand beside it.

    They have the dump's stem (`a.dmp`, `a.json`) or its whole name (`a.dmp.json`), also if one of
    them is compressed (`a.dmp.gz`, `a.json.gz`). What others spell otherwise (`A.JSON`) is taken
    if none is spelled so. A JSON file that stands beside no dump is an item of its own. Of one of
    ABRT's problem directories one file is the dump, and the elements that are kept its sidecars.
    """
    files = sorted(files, key=lambda file: file.path)
    elements, used = _problem_directories(files)
    by_stem: dict[str, list[InputFile]] = {}
    by_plain_stem: dict[str, list[InputFile]] = {}
    dumps = []
    for file in files:
        stem = _stem_of_sidecar(file.path)
        if stem is None:
            if file.path not in used:
                dumps.append(file)
        else:
            by_stem.setdefault(stem, []).append(file)
            by_plain_stem.setdefault(_plain(stem), []).append(file)
    items: dict[str, InputItem] = {}
    for dump in dumps:
        stems = _stems_of_dump(dump.path)
        exact = [each for stem in stems for each in by_stem.get(stem, ())]
        alike = [each for stem in stems for each in by_plain_stem.get(_plain(stem), ())]
        sidecars = tuple(dict.fromkeys([*(exact or alike), *elements.get(dump.path, ())]))
        used |= {each.path for each in sidecars}
        items[dump.path] = InputItem(dump, sidecars)
    for file in files:
        if file.path not in used:
            items.setdefault(file.path, InputItem(file))
    return sorted(items.values(), key=lambda item: item.file.path)


def _problem_directories(
    files: Iterable[InputFile],
) -> tuple[dict[str, list[InputFile]], set[str]]:
    """Return the kept elements by the path of the file that tells the crash, and all other paths.

    Empty elements are left out: they tell nothing. JSON files are sidecars there as elsewhere.
    """
    files = [file for file in files if not is_document(file.path)]
    folders: dict[str, dict[str, InputFile]] = {
        file.path.rpartition("/")[0]: {} for file in files if _name(file) == "time"
    }
    for file in files:
        folder = folders.get(file.path.rpartition("/")[0])
        if folder is not None:
            folder[_name(file)] = file
    kept: dict[str, list[InputFile]] = {}
    others: set[str] = set()
    for by_name in folders.values():
        crash = crash_element(by_name)
        if crash is not None:
            told = [file for name, file in by_name.items() if is_kept(name) and file.size]
            kept[by_name[crash].path] = told
            others |= {file.path for name, file in by_name.items() if name != crash}
    return kept, others


def _name(file: InputFile) -> str:
    return file.path.rpartition("/")[2]


def prefix_of_family(path: str) -> str:
    """Return how the paths begin of all files that may be a dump's sidecars."""
    return f"{_stems_of_dump(path)[-1]}."


def is_document(path: str) -> bool:
    """Tell whether a file is JSON by its name, compressed or not: it may be a sidecar."""
    return _stem_of_sidecar(path) is not None


_COMPRESSED = (".gz", ".zst")
_JSON = ".json"


def _stem_of_sidecar(path: str) -> str | None:
    plain = _uncompressed(path)
    return plain[: -len(_JSON)] if plain.lower().endswith(_JSON) else None


def _stems_of_dump(path: str) -> list[str]:
    plain = _uncompressed(path)
    return list(dict.fromkeys([path, plain, _without_suffix(plain)]))


def _uncompressed(path: str) -> str:
    return _without_suffix(path) if path.lower().endswith(_COMPRESSED) else path


def _without_suffix(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.rpartition('.')[0] or name}"


def _plain(path: str) -> str:
    """Return a path as others may have written it: Windows, archives and disks differ."""
    return path.replace("\\", "/").removeprefix("./").casefold()
