"""Finding the input: files, folders, globs and `gs://` objects, listed once."""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fnmatch import fnmatchcase
from itertools import chain
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
_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
"""Errors that tell that there is no such folder; another one tells that it may have files."""


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
    write. With `may_be_empty` an input may match nothing as long as another one does. A local
    folder below an input that cannot be listed is an item too, marked as such.

    Raises:
        EmptyInputError: an input matches nothing.
        UnlistedInputError: an input cannot be listed, or none of them is there.
        InputError: an input is empty text, or is written in no way that is known.
    """
    places = [str(each) for each in exclude]
    folders = [real_path(each) for each in places if not is_remote(each)]
    prefixes = tuple(f"{each.rstrip('/')}/" for each in places if is_remote(each))
    files: dict[str, InputFile] = {}
    named: dict[str, list[InputFile]] = {}
    empty = []
    for name in inputs:
        found = _listed(name, folders, prefixes)
        if not (is_remote(name) or is_folder(name)):
            named[name] = [file for file in found if not file.unlisted]
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
    items = pair_sidecars(file for file in files.values() if not file.unlisted)
    items += [InputItem(file) for file in files.values() if file.unlisted]
    return sorted(items, key=lambda item: item.file.path)


def _listed(name: str, exclude: Sequence[Path], prefixes: tuple[str, ...]) -> list[InputFile]:
    """Return the files of one input, and the folders below it that cannot be listed.

    Raises:
        UnlistedInputError, InputError: as for all inputs.
    """
    if not name.strip():
        raise InputError("INPUT: names no file or folder")
    try:
        if is_remote(name):
            return list(_remote_files(name, prefixes))
        if Path(name).is_dir():
            return list(_folder_files(Path(name), exclude))
        return list(_named_files(name, exclude))
    except OSError as error:
        told = error.strerror or error
        raise UnlistedInputError(f"input {name}: cannot be listed: {told}") from None
    except RecursionError:
        raise InputError(f"input {name}: its folders are nested too deeply") from None


def is_absent(name: str) -> bool:
    """Tell of an input whether it is no glob, and a local place where not even a folder is.

    It may be misspelt, or on a disk that is not mounted. Of a storage service this cannot be told:
    a prefix is there when an object is.
    """
    return not (is_remote(name) or _GLOB_CHARACTERS & set(name) or os.path.lexists(name))


def _named_files(name: str, exclude: Sequence[Path]) -> Iterator[InputFile]:
    """Yield the file of a name; or what a glob matches, and the folders that it cannot look into.

    Raises:
        OSError: nothing can be listed.
    """
    path = Path(name)
    if path.exists() or path.is_symlink():
        yield _local_file(path, str(path), path.name)
    elif _GLOB_CHARACTERS & set(name):
        unlisted: dict[Path, OSError] = {}
        matches = {
            found for found in _matches(Path(), path.parts, unlisted) if not is_folder(found)
        }
        if unlisted and not matches:
            raise next(iter(unlisted.values()))
        for each in sorted(matches | unlisted.keys()):
            if not any(real_path(each).is_relative_to(folder) for folder in exclude):
                is_file = each in matches
                yield _local_file(each, str(each), each.name) if is_file else _unlisted(each)


def _matches(folder: Path, parts: Sequence[str], unlisted: dict[Path, OSError]) -> Iterator[Path]:
    """Yield what a glob's parts match from a folder on; note the folders that cannot be listed."""
    if not parts:
        yield folder
        return
    try:
        steps = _steps(folder, parts)
    except OSError as error:
        if error.errno not in _NOT_THERE:
            unlisted[folder] = error
        return
    for place, left in steps:
        yield from _matches(place, left, unlisted)


def _steps(folder: Path, parts: Sequence[str]) -> list[tuple[Path, Sequence[str]]]:
    """Return where a glob's first part leads from a folder, each with the parts that are left.

    `**` stands for any folders below, but follows no links: a link may lead back to a folder above
    it, and then there is no end of paths.

    Raises:
        OSError: the folder cannot be listed, or is none.
    """
    part, rest = parts[0], parts[1:]
    if not _GLOB_CHARACTERS & set(part):
        (folder / part).lstat()
        return [(folder / part, rest)]
    with os.scandir(folder) as found:
        entries = [each for each in found if part.startswith(".") or not each.name.startswith(".")]
    if part == "**":
        below = [folder / each.name for each in entries if each.is_dir(follow_symlinks=False)]
        return [(folder, rest or ["*"]), *((each, parts) for each in below)]
    return [(folder / each.name, rest) for each in entries if fnmatchcase(each.name, part)]


def is_folder(path: str | Path) -> bool:
    """Tell whether there is a folder that one may look at."""
    return os.path.isdir(path)  # noqa: PTH112 - pathlib's raises where nobody may look


def real_path(path: str | Path) -> Path:
    """Return a path without links; of links that lead round in a circle, as far as it can be."""
    return Path(os.path.realpath(path))


def _folder_files(folder: Path, exclude: Sequence[Path], below: str = "") -> Iterator[InputFile]:
    """Yield the files of a folder and of its subfolders, and those that cannot be listed.

    `below` is the folder's path within the input.

    Raises:
        OSError: the input itself cannot be listed.
    """
    if real_path(folder) in exclude:
        return
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=attrgetter("name"))
    except OSError as error:
        if not below:
            raise
        if error.errno not in _NOT_THERE:
            yield _unlisted(folder, below.rstrip("/"))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _folder_files(Path(entry.path), exclude, f"{below}{entry.name}/")
        elif not (entry.is_symlink() and is_folder(entry.path)):
            yield _local_file(entry, str(folder / entry.name), f"{below}{entry.name}")


def _unlisted(folder: Path, name: str = "") -> InputFile:
    return InputFile(str(folder), name or folder.name or ".", 0, None, unlisted=True)


def _with_sidecars(named: Mapping[str, Sequence[InputFile]]) -> Iterator[InputFile]:
    """Yield the local files of inputs, and what stands beside them; a folder is listed once.

    Raises:
        UnlistedInputError: the folder of a file cannot be listed, so its sidecars are not known.
    """
    files = list(chain.from_iterable(named.values()))
    folders: dict[Path, str] = {}
    for name, found in named.items():
        for file in found:
            folders.setdefault(Path(file.path).parent, name)
    documents = chain.from_iterable(map(_documents, folders.keys(), folders.values()))
    yield from _named_with_sidecars({file.path for file in files}, (*files, *documents))


def _documents(folder: Path, name: str) -> Iterator[InputFile]:
    """Yield the files of a folder that may be sidecars; `name` is the input that it is told by."""
    try:
        for beside in folder.iterdir():
            if is_document(beside.name) and not is_folder(beside):
                yield _local_file(beside, str(beside), beside.name)
    except OSError as error:
        told = error.strerror or error
        raise UnlistedInputError(f"input {name}: its folder cannot be listed: {told}") from None


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
