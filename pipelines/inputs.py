"""Finding the input: files, folders, globs and `gs://` objects, listed once."""

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fnmatch import fnmatchcase
from operator import attrgetter
from pathlib import Path

from transforms.cloud_storage import SCHEME, list_objects
from transforms.read import (
    InputFile,
    InputItem,
    is_document,
    pair_sidecars,
    prefix_of_family,
)
from transforms.storage import is_remote

_GLOB_CHARACTERS = frozenset("*?[")


class InputError(ValueError):
    """An input that cannot be used; one line that names it."""


class EmptyInputError(InputError):
    """An input that matches no file, or not yet."""


class UnlistedInputError(InputError):
    """An input that cannot be listed now, and perhaps another time."""


def find_items(
    inputs: Sequence[str], exclude: Sequence[str | Path] = (), *, may_be_empty: bool = False
) -> list[InputItem]:
    """Return every file that the inputs name, once, in order of path, sidecars beside their dumps.

    An input is a local file, folder (searched through, hidden files left out), glob, or a
    `gs://` object, prefix or glob. `exclude` are folders to pass over, also of `gs://`: what runs
    write. With `may_be_empty` an input may match nothing as long as another one does.

    Raises:
        EmptyInputError: an input matches nothing.
        UnlistedInputError: an input cannot be listed, or none of them is there.
        InputError: an input is empty text, or is written in no way that is known.
    """
    places = [str(each) for each in exclude]
    folders = [real_path(each) for each in places if not is_remote(each)]
    prefixes = tuple(f"{each.rstrip('/')}/" for each in places if is_remote(each))
    files: dict[str, InputFile] = {}
    named: list[InputFile] = []
    empty = []
    for name in inputs:
        if not name.strip():
            raise InputError("INPUT: names no file or folder")
        try:
            if is_remote(name):
                found = list(_remote_files(name, prefixes))
            elif Path(name).is_dir():
                found = list(_folder_files(Path(name), folders))
            else:
                found = list(_named_files(name, folders))
                named += found
        except OSError as error:
            told = error.strerror or error
            raise UnlistedInputError(f"input {name}: cannot be listed: {told}") from None
        if not found:
            empty.append(name)
        files.update({file.path: file for file in found})
    if empty and all(map(is_absent, inputs)):
        raise UnlistedInputError(f"input {inputs[0]}: no such file or folder")
    if empty and not (may_be_empty and files):
        told = "no such file or folder" if is_absent(empty[0]) else "no file in it"
        raise EmptyInputError(f"input {empty[0]}: {told}")
    for file in _with_sidecars(named):
        files.setdefault(file.path, file)
    return pair_sidecars(files.values())


def is_absent(name: str) -> bool:
    """Tell of an input whether it is no glob, and a local place where not even a folder is.

    It may be misspelt, or on a disk that is not mounted. Of a storage service this cannot be told:
    a prefix is there when an object is.
    """
    return not (is_remote(name) or _GLOB_CHARACTERS & set(name) or os.path.lexists(name))


def _named_files(name: str, exclude: Sequence[Path]) -> Iterator[InputFile]:
    """Yield the file of a name, or the files that a glob matches."""
    path = Path(name)
    if path.exists() or path.is_symlink():
        yield _local_file(path, str(path), path.name)
    elif _GLOB_CHARACTERS & set(name):
        for found in map(Path, sorted(_matches(name))):
            if not found.is_dir() and not any(
                real_path(found).is_relative_to(folder) for folder in exclude
            ):
                yield _local_file(found, str(found), found.name)


def _matches(pattern: str) -> set[str]:
    """Return what a glob matches; `**` stands for any folders below, but follows no links.

    A link may lead back to a folder above it, and then there is no end of paths.
    """
    parts = Path(pattern).parts
    if "**" not in parts:
        return set(glob.glob(pattern))  # noqa: PTH207 - absolute too
    place = parts.index("**")
    above, below = parts[:place], parts[place + 1 :] or ("*",)
    found: set[str] = set()
    for root in _matches(str(Path(*above))):
        for folder, folders, _ in os.walk(root):
            folders[:] = [each for each in folders if not each.startswith(".")]
            found |= _matches(str(Path(glob.escape(folder), *below)))
    return found


def real_path(path: str | Path) -> Path:
    """Return a path without links; of links that lead round in a circle, as far as it can be."""
    return Path(os.path.realpath(path))


def _folder_files(folder: Path, exclude: Sequence[Path], below: str = "") -> Iterator[InputFile]:
    """Yield the files of a folder and of its subfolders; `below` is its path within the input."""
    if real_path(folder) in exclude:
        return
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=attrgetter("name"))
    except OSError:
        yield InputFile(str(folder), below.rstrip("/") or ".", 0, None)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _folder_files(Path(entry.path), exclude, f"{below}{entry.name}/")
        elif not (entry.is_symlink() and Path(entry.path).is_dir()):
            yield _local_file(entry, str(folder / entry.name), f"{below}{entry.name}")


def _with_sidecars(named: Sequence[InputFile]) -> Iterator[InputFile]:
    """Yield local files that are named, and what stands beside them; a folder is listed once.

    Raises:
        UnlistedInputError: the folder of a file cannot be listed, so its sidecars are not known.
    """
    folders: dict[Path, InputFile] = {}
    for file in named:
        folders.setdefault(Path(file.path).parent, file)
    documents = (document for each in sorted(folders) for document in _documents(each, folders))
    yield from _named_with_sidecars({file.path for file in named}, (*named, *documents))


def _documents(folder: Path, named: Mapping[Path, InputFile]) -> Iterator[InputFile]:
    """Yield the files of a folder that may be sidecars."""
    try:
        for beside in folder.iterdir():
            if is_document(beside.name) and beside.is_file():
                yield _local_file(beside, str(beside), beside.name)
    except OSError as error:
        told = error.strerror or error
        raise UnlistedInputError(
            f"input {named[folder].path}: its folder cannot be listed: {told}"
        ) from None


def _named_with_sidecars(named: Set[str], files: Iterable[InputFile]) -> Iterator[InputFile]:
    """Yield the files that are named, and those of the others that are sidecars of one of them."""
    kept = {file.path: file for file in files if file.path in named or is_document(file.path)}
    for path, file in kept.items():
        if path in named:
            yield file
    for item in pair_sidecars(kept.values()):
        if item.file.path in named:
            yield from item.sidecars


def _local_file(entry: Path | os.DirEntry[str], path: str, name: str) -> InputFile:
    try:
        status = entry.stat()
    except OSError:
        return InputFile(path, name, 0, None)
    size = status.st_size if stat.S_ISREG(status.st_mode) else 0
    return InputFile(path, name, size, status.st_mtime)


def _remote_files(name: str, exclude: tuple[str, ...]) -> Iterator[InputFile]:
    if not name.startswith(SCHEME):
        raise InputError(f"input {name}: is neither a local path nor {SCHEME}BUCKET/...")
    glob_starts = re.search(r"[*?\[]", name)
    if glob_starts:
        root = name[: glob_starts.start()].rpartition("/")[0]
        beside = list(_objects(f"{root}/", root, exclude))
        named = {file.path for file in beside if fnmatchcase(file.path, name)}
        yield from _named_with_sidecars(named, beside)
        return
    root = name.rstrip("/")
    for file in _objects(root, root, exclude):
        if file.path.startswith(f"{root}/"):
            yield file
        elif file.path == root:
            family = _objects(prefix_of_family(root), root, exclude)
            yield from _named_with_sidecars({root}, (file, *family))


def _objects(prefix: str, root: str, exclude: tuple[str, ...]) -> Iterator[InputFile]:
    """Yield the objects of a prefix, named by what their paths have after `root`."""
    for url, size, modified in list_objects(prefix):
        if not f"{url}/".startswith(exclude):
            relative = url.removeprefix(root).lstrip("/") or url.rpartition("/")[2]
            yield InputFile(url, relative, size, modified)
