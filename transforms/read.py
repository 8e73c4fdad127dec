"""Reading: from a list of files to `RawReport`s, with their sidecars, within the policy's limits.

A sidecar is a flat JSON object of annotations that stands beside a dump under the same stem
(`abc.dmp`, `abc.json`), as crash collectors write it. A JSON file of the same stem that is itself
a crash report is read as one, but for Socorro's raw crashes: beside a dump, they are what its
collector noted of it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from transforms.parse import recognized_format, socorro_raw
from transforms.parse.annotations import is_about_consent
from transforms.parse.parser import ParseError
from transforms.parse.text import as_utf8
from transforms.parse.times import parse_time
from transforms.unpack import FORMAT, Budget, is_container, unpacked


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read: where it is, its name within the input, size in bytes, time of change.

    `modified` is in seconds since the epoch, None when the storage does not tell.
    """

    path: str
    name: str
    size: int
    modified: float | None


@dataclass(frozen=True, slots=True)
class InputItem:
    """A file and the JSON file of the same stem beside it, if there is one."""

    file: InputFile
    sidecar: InputFile | None = None


ReadBytes = Callable[[str], bytes]
"""Returns a file's bytes; raises OSError when it cannot."""


def pair_sidecars(files: Iterable[InputFile]) -> Iterator[InputItem]:
    """Yield the files in order of name, each dump with the JSON file that stands beside it.

    It has the dump's stem (`a.dmp`, `a.json`) or its whole name (`a.dmp.json`), also beside a
    compressed one (`a.dmp.gz`). A JSON file that stands beside no dump is an item of its own.
    """
    files = sorted(files, key=lambda file: file.path)
    documents = [file for file in files if _is_json(file)]
    by_name = {file.path[: -len(".json")]: file for file in documents}
    in_any_case = {_plain(name): file for name, file in by_name.items()}
    used: set[str] = set()
    items: list[InputItem] = []
    for file in files:
        if not _is_json(file):
            stems = stems_of(file.path)
            exact = (by_name[stem] for stem in stems if stem in by_name)
            alike = (in_any_case[_plain(stem)] for stem in stems if _plain(stem) in in_any_case)
            sidecar = next(exact, None) or next(alike, None)
            used |= {sidecar.path} if sidecar else set()
            items.append(InputItem(file, sidecar))
    items += [InputItem(file) for file in documents if file.path not in used]
    yield from sorted(items, key=lambda item: item.file.path)


def stems_of(path: str) -> list[str]:
    """Return the stems that a dump's sidecar may have before its `.json`, the likeliest first."""
    stem = _without_suffix(path)
    is_compressed = path.lower().endswith(_COMPRESSED)
    return [path, stem, *([_without_suffix(stem)] if is_compressed else [])]


_COMPRESSED = (".gz", ".zst")


def _plain(path: str) -> str:
    """Return a path as others may have written it: Windows, archives and disks differ."""
    return path.replace("\\", "/").removeprefix("./").casefold()


def _without_suffix(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.rpartition('.')[0] or name}"


def _is_json(file: InputFile) -> bool:
    return file.path.lower().endswith(".json")


def read_item(
    item: InputItem, limits: Limits, read_bytes: ReadBytes
) -> Iterator[RawReport | Failure]:
    """Yield the item's reports: one, two when the sidecar is one of its own, all of a container.

    Whatever cannot be read is one `Failure`. A sidecar that cannot be read withholds its dump: it
    may be what says that the user refused. So does a container that cannot be read to its end.
    """
    return _read_item(item, limits, read_bytes, None)


def opened(raw: RawReport, limits: Limits) -> Iterator[RawReport | Failure]:
    """Yield a raw report as it is; of a compressed file or an archive, what is in it.

    Files in an archive have sidecars as those in a folder have. The archive's own annotations hold
    for all of them; what both say is put together, so that a refusal in one stays.
    """
    return _opened(raw, limits, None)


def _read_item(
    item: InputItem, limits: Limits, read_bytes: ReadBytes, budget: Budget | None
) -> Iterator[RawReport | Failure]:
    annotations: dict[str, str] = {}
    if item.sidecar is not None:
        sidecar = _read_file(item.sidecar, limits, read_bytes)
        if isinstance(sidecar, Failure):
            yield sidecar
            return
        if recognized_format(sidecar.payload) not in {None, socorro_raw.FORMAT}:
            yield sidecar
            annotations = _answers_in(sidecar.payload)
        else:
            try:
                annotations = parse_annotations(sidecar.payload)
            except ValueError:
                yield Failure(Stage.READ, FailureKind.MALFORMED, "annotations")
                return
    raw = _read_file(item.file, limits, read_bytes)
    if isinstance(raw, Failure):
        yield raw
    else:
        yield from _opened(replace(raw, annotations=annotations), limits, budget)


def _answers_in(report: bytes) -> dict[str, str]:
    """Return what a report that stands beside a dump says of consent, which holds for both."""
    try:
        told = parse_annotations(report)
    except ValueError:
        return {}
    return {name: value for name, value in told.items() if is_about_consent(name)}


def _opened(raw: RawReport, limits: Limits, budget: Budget | None) -> Iterator[RawReport | Failure]:
    if not is_container(raw.payload):
        yield raw
        return
    budget = budget or Budget(limits, len(raw.payload))
    try:
        budget.go_in()
        members = unpacked(raw.source, raw.payload, budget)
    except ParseError as error:
        yield Failure(Stage.READ, error.kind, FORMAT)
        return
    except Exception:  # noqa: BLE001 - its text may hold a name; it is only counted
        yield Failure(Stage.READ, FailureKind.PARSER_ERROR, FORMAT)
        return
    contents = dict(members)
    files = [InputFile(name, name, len(content), None) for name, content in contents.items()]
    for item in pair_sidecars(files):
        for member in _read_item(item, limits, contents.__getitem__, budget):
            if isinstance(member, RawReport):
                annotations = _together(raw.annotations, member.annotations)
                yield replace(raw, payload=member.payload, annotations=annotations)
            else:
                yield member
    budget.go_out()


def _together(outer: Mapping[str, str], inner: Mapping[str, str]) -> dict[str, str]:
    both = outer.keys() & inner.keys()
    return {**outer, **inner, **{name: f"{outer[name]} {inner[name]}" for name in both}}


def parse_annotations(payload: bytes) -> dict[str, str]:
    """Return a sidecar's annotations: the members of one JSON object, as text.

    What is no scalar is empty. A name that stands there twice keeps all its values, with spaces.

    Raises:
        ValueError: not a JSON object in UTF-8. The message holds nothing of the payload.
    """
    try:
        document = json.loads(as_utf8(payload).decode("utf-8"), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(document, _Pairs):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for the caller
    told: dict[str, str] = {}
    for name, value in document:
        said = _as_text(value) if _is_scalar(value) else ""
        told[name] = f"{told[name]} {said}" if name in told else said
    return told


class _Pairs(list[tuple[str, object]]):
    """The members of a JSON object, those of one name included."""


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def _as_text(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _read_file(file: InputFile, limits: Limits, read_bytes: ReadBytes) -> RawReport | Failure:
    if file.size > limits.max_file_bytes:
        return Failure(Stage.READ, FailureKind.OVERSIZED)
    try:
        payload = read_bytes(file.path)
    except OSError:
        return Failure(Stage.READ, FailureKind.UNREADABLE)
    if len(payload) > limits.max_file_bytes:
        return Failure(Stage.READ, FailureKind.OVERSIZED)
    if not payload:
        return Failure(Stage.READ, FailureKind.EMPTY)
    return RawReport(file.path, payload, parse_time(file.modified))
