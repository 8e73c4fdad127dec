"""Messages: each is a dump, its attributes being annotations, or tells of a new object to read."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from transforms.cloud_storage import list_objects
from transforms.parse import recognized_format, socorro_raw
from transforms.read.items import opened, read_item
from transforms.read.listing import (
    InputFile,
    InputItem,
    is_document,
    pair_sidecars,
    prefix_of_family,
)
from transforms.storage import read_bytes


def read_message(
    payload: bytes, attributes: Mapping[str, str], received_at: datetime, limits: Limits
) -> Iterator[RawReport | Failure]:
    """Yield a message's reports; of an object that it tells of, with the sidecars beside it.

    Sidecars that are told of yield nothing: they are read with their dump.
    """
    event = attributes.get("eventType")
    if event is None:
        reports = opened(RawReport("message", payload, received_at, attributes), limits)
    elif event == "OBJECT_FINALIZE":
        url = f"gs://{attributes.get('bucketId')}/{attributes.get('objectId')}"
        reports = _read_object(url, received_at, limits)
    else:
        return
    for raw in reports:
        if isinstance(raw, Failure) or not _is_sidecar(raw):
            yield raw


def _read_object(url: str, received_at: datetime, limits: Limits) -> Iterator[RawReport | Failure]:
    try:
        item = _item(url, received_at)
    except OSError:
        yield Failure(Stage.READ, FailureKind.UNREADABLE)
        return
    yield from read_item(item, limits, read_bytes)


def _item(url: str, received_at: datetime) -> InputItem:
    """Return a new object with the sidecars beside it, which must be there before it."""
    dump = InputFile(url, url, 0, received_at.timestamp())
    if is_document(url):
        return InputItem(dump)
    found = list_objects(prefix_of_family(url))
    family = [InputFile(path, path, size, modified) for path, size, modified in found]
    beside = [each for each in family if is_document(each.path)]
    size = next((each.size for each in family if each.path == url), 0)
    item = next(each for each in pair_sidecars([*beside, dump]) if each.file == dump)
    return replace(item, file=replace(dump, size=size))


def _is_sidecar(raw: RawReport) -> bool:
    """Tell a dump's annotations, which come as an object of their own; so does Socorro's raw crash.

    A raw crash that has a stack itself has no dump.
    """
    if not is_document(raw.source):
        return False
    found = recognized_format(raw.payload)
    is_raw_crash = found == socorro_raw.FORMAT
    return found is None or (is_raw_crash and not socorro_raw.may_have_stack(raw.payload))
