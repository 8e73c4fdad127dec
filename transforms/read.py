"""Reading: from a list of files to `RawReport`s, with their sidecars, within the policy's limits.

A sidecar is a flat JSON object of annotations that stands beside a dump under the same stem
(`abc.dmp`, `abc.json`), as crash collectors write it. A JSON file of the same stem that is itself
a crash report is read as one.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from transforms.parse import recognized_format


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
    """Yield the files in order of name, each JSON file that stands beside a dump as its sidecar.

    A JSON file that has no single dump of the same stem beside it is an item of its own.
    """
    by_stem: dict[str, list[InputFile]] = {}
    for file in sorted(files, key=lambda file: file.path):
        by_stem.setdefault(str(PurePosixPath(file.path).with_suffix("")), []).append(file)
    for group in by_stem.values():
        sidecars = [file for file in group if file.path.endswith(".json")]
        dumps = [file for file in group if not file.path.endswith(".json")]
        if len(sidecars) == len(dumps) == 1:
            yield InputItem(dumps[0], sidecars[0])
        else:
            yield from (InputItem(file) for file in group)


def read_item(
    item: InputItem, limits: Limits, read_bytes: ReadBytes
) -> Iterator[RawReport | Failure]:
    """Yield the item's reports: one, or two when the sidecar is a report of its own.

    Whatever cannot be read is one `Failure`; a broken sidecar does not cost its dump.
    """
    annotations: dict[str, str] = {}
    if item.sidecar is not None:
        sidecar = _read_file(item.sidecar, limits, read_bytes)
        if isinstance(sidecar, Failure) or recognized_format(sidecar.payload) is not None:
            yield sidecar
        else:
            try:
                annotations = parse_annotations(sidecar.payload)
            except ValueError:
                yield Failure(Stage.READ, FailureKind.MALFORMED, "annotations")
    raw = _read_file(item.file, limits, read_bytes)
    if isinstance(raw, RawReport) and annotations:
        raw = RawReport(raw.source, raw.payload, raw.received_at, annotations)
    yield raw


def parse_annotations(payload: bytes) -> dict[str, str]:
    """Return a sidecar's annotations: the scalar members of one JSON object, as text.

    Raises:
        ValueError: not a JSON object in UTF-8. The message holds nothing of the payload.
    """
    try:
        document = json.loads(payload.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for the caller
    return {name: _as_text(value) for name, value in document.items() if _is_scalar(value)}


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
    received_at = None if file.modified is None else datetime.fromtimestamp(file.modified, UTC)
    return RawReport(file.path, payload, received_at)
