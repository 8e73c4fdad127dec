"""Reading: from a list of files to `RawReport`s, with their sidecars, within the policy's limits.

A sidecar that is itself a crash report is read as one, but for Socorro's raw crashes: beside a
dump, they are what its collector noted of it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import chain

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from transforms.parse import documents, recognized_format, socorro_raw
from transforms.parse.annotations import is_about_consent
from transforms.parse.json_reader import check_value_count
from transforms.parse.parser import ParseError
from transforms.parse.text import as_utf8
from transforms.parse.times import parse_time
from transforms.read.listing import InputFile, InputItem, is_document, pair_sidecars
from transforms.read.problem_directory import element_annotation
from transforms.unpack import FORMAT, Budget, is_container, unpacked

ReadBytes = Callable[[str], bytes]
"""Returns a file's bytes; raises OSError when it cannot."""

_REFUSED = {"consent": "unreadable"}
"""Stands for a sidecar that cannot be read: no clear yes, so its dump counts as refused (P14)."""
_KEPT_SIDECARS = 4
_NOT_JSON_AT_THE_END = "\0\ufffd \t\r\n"
_MAX_NAME_CHARS = 64  # of all that stands around a member; the nearest counts


def read_item(
    item: InputItem, limits: Limits, read_bytes: ReadBytes
) -> Iterator[RawReport | Failure]:
    """Yield the item's reports: one, two when the sidecar is one of its own, all of a container.

    Whatever cannot be read is one `Failure`. A sidecar that cannot be read may be what says that
    the user refused: so its dump is yielded as refused, which takes it out where it was read before
    without the sidecar. While storage does not give a sidecar, its dump is not yielded: both are
    read again. A container that cannot be read to its end yields nothing else.
    """
    return _read_item(
        item, limits, read_bytes, None, partial(_read_sidecar, limits, read_bytes, None)
    )


def opened(raw: RawReport, limits: Limits) -> Iterator[RawReport | Failure]:
    """Yield a raw report as it is; of a compressed file or an archive, what is in it.

    Files in an archive have sidecars as those in a folder have. The archive's own annotations hold
    for all of them; what both say is put together, so that a refusal in one stays.
    """
    return _opened(raw, limits, None)


@dataclass(frozen=True, slots=True)
class _Sidecar:
    """What a file beside a dump tells of it, or why it cannot be read.

    `report` is the report that it is itself, if it is one.
    """

    told: Mapping[str, str] = field(default_factory=dict, repr=False)
    report: RawReport | None = None
    failure: Failure | None = None


def _read_item(
    item: InputItem,
    limits: Limits,
    read_bytes: ReadBytes,
    budget: Budget | None,
    read_sidecar: Callable[[InputFile], _Sidecar],
) -> Iterator[RawReport | Failure]:
    told: list[Mapping[str, str]] = []
    for file in item.sidecars:
        sidecar = read_sidecar(file)
        if sidecar.report is not None:
            yield sidecar.report
        if sidecar.failure is not None:
            yield sidecar.failure
            if sidecar.failure.kind is FailureKind.UNREADABLE:
                return
        told.append(sidecar.told)
    raw = _read_file(item.file, limits, read_bytes)
    if isinstance(raw, Failure):
        yield raw
    else:
        yield from _opened(replace(raw, annotations=_together(*told)), limits, budget)


def _read_sidecar(
    limits: Limits, read_bytes: ReadBytes, budget: Budget | None, file: InputFile
) -> _Sidecar:
    raw = _read_file(file, limits, read_bytes)
    found = [raw] if isinstance(raw, Failure) else list(_opened(raw, limits, budget))
    if len(found) != 1:
        return _Sidecar(_REFUSED, failure=Failure(Stage.READ, FailureKind.MALFORMED, FORMAT))
    (sidecar,) = found
    if isinstance(sidecar, Failure):
        return _Sidecar(_REFUSED, failure=sidecar)
    if not is_document(file.path):
        name = file.path.rpartition("/")[2]
        value = as_utf8(sidecar.payload).decode("utf-8", "replace")
        return _Sidecar(element_annotation(name, value))
    is_report = recognized_format(sidecar.payload) not in {None, socorro_raw.FORMAT}
    report = sidecar if is_report else None
    try:
        read = _answers_in if is_report else parse_annotations
        return _Sidecar(read(sidecar.payload), report)
    except ValueError:
        kind = FailureKind.MALFORMED
    except ParseError as error:
        kind = error.kind
    return _Sidecar(_REFUSED, report, Failure(Stage.READ, kind, "annotations"))


def _answers_in(report: bytes) -> dict[str, str]:
    """Return what a report that stands beside a dump says of consent, which holds for both.

    It is read as its own parser reads it, whatever bytes it has that are no text; of many reports
    in it each is heard.

    Raises:
        ParseError: it is JSON that cannot be read, and so may refuse.
    """
    payload = as_utf8(report).decode("utf-8", "replace").rstrip(_NOT_JSON_AT_THE_END).encode()
    is_of_many = documents.is_json_lines(payload) or documents.is_json_array(payload)
    try:
        told = _together(
            *map(parse_annotations, documents.split(payload) if is_of_many else [payload])
        )
    except ValueError:
        if payload.lstrip().startswith(b"{"):
            raise ParseError(FailureKind.MALFORMED) from None
        return {}
    return {name: value for name, value in told.items() if is_about_consent(name)}


def _opened(raw: RawReport, limits: Limits, budget: Budget | None) -> Iterator[RawReport | Failure]:
    if not is_container(raw.payload):
        yield raw
        return
    try:
        inner = (budget or Budget(limits, len(raw.payload))).inside()
        members = unpacked(raw.source, raw.payload, inner)
    except ParseError as error:
        yield Failure(Stage.READ, error.kind, FORMAT)
        return
    except Exception:  # noqa: BLE001 - its text may hold a name; it is only counted
        yield Failure(Stage.READ, FailureKind.PARSER_ERROR, FORMAT)
        return
    contents = {member.name: member.content for member in members}
    files = [InputFile(name, name, len(content), None) for name, content in contents.items()]
    read_bytes = contents.__getitem__
    # Of many dumps with one stem, each has the same sidecars, and they come one after the other.
    read_sidecar = lru_cache(_KEPT_SIDECARS)(partial(_read_sidecar, limits, read_bytes, inner))
    for item in pair_sidecars(files):
        for member in _read_item(item, limits, read_bytes, inner, read_sidecar):
            if isinstance(member, RawReport):
                annotations = _together(raw.annotations, member.annotations)
                yield replace(raw, payload=member.payload, annotations=annotations)
            else:
                yield member


def _together(*told: Mapping[str, str]) -> dict[str, str]:
    return _joined(chain.from_iterable(each.items() for each in told))


def _joined(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return names with all their values, in one text with spaces."""
    values: dict[str, list[str]] = {}
    for name, value in told:
        values.setdefault(name, []).append(value)
    return {name: " ".join(each) for name, each in values.items()}


def parse_annotations(payload: bytes) -> dict[str, str]:
    """Return a sidecar's annotations: the members of one JSON object, as text.

    Members of objects and lists within it are told under the names of all around them, with dots.
    A name that stands there twice keeps all its values, with spaces.

    Raises:
        ValueError: not a JSON object in UTF-8. The message holds nothing of the payload.
        ParseError: JSON that cannot be read: `OVERSIZED` for more than a million values,
            `MALFORMED` when it is nested too deeply, or a number has thousands of digits.
    """
    payload = as_utf8(payload)
    check_value_count(payload)
    try:
        document = json.loads(payload.decode("utf-8"), object_pairs_hook=_Pairs)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError("not JSON") from None
    except (ValueError, RecursionError):
        raise ParseError(FailureKind.MALFORMED) from None
    if not isinstance(document, _Pairs):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for the caller
    return _joined(_scalars_in(document))


class _Pairs(list[tuple[str, object]]):
    """The members of a JSON object, those of one name included."""


def _scalars_in(document: _Pairs) -> Iterator[tuple[str, str]]:
    """Yield the scalars of an object in their order, and an empty text for what holds none."""
    waiting: list[tuple[str, object]] = [*reversed(document)]
    while waiting:
        name, value = waiting.pop()
        inner = _within(name, value)
        waiting += reversed(inner)
        if not inner:
            yield name, _as_text(value) if _is_scalar(value) else ""


def _within(name: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, _Pairs):
        return [(f"{name[-_MAX_NAME_CHARS:]}.{inner}", each) for inner, each in value]
    return [(name, each) for each in value] if isinstance(value, list) else []


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
