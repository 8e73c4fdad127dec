"""Messages: a dump in one, or a new object that one tells of, with the sidecars beside it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from tests.generic_reports import generic_report
from transforms.read import messages
from transforms.read.messages import read_message

NOW = datetime(2026, 1, 5, 11, tzinfo=UTC)
DUMP = b"MDMP\x00\x01"
SIDECAR = b'{"product": "Paint"}'
REPORT = json.dumps(generic_report(5, 1)).encode()
RAW_CRASH = b'{"ProductName": "Fenix", "BuildID": "1", "CrashTime": "1"}'
JAVA_CRASH = RAW_CRASH.replace(b"}", b', "JavaStackTrace": "a.B\\n\\tat a.C.d(E.java:1)"}')


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    objects: dict[str, bytes] = {}

    def list_objects(prefix: str) -> Iterator[tuple[str, int, float | None]]:
        return ((url, len(objects[url]), 0.0) for url in objects if url.startswith(prefix))

    monkeypatch.setattr(messages, "list_objects", list_objects)
    monkeypatch.setattr(messages, "read_bytes", objects.__getitem__)
    return objects


def told(name: str, event: str = "OBJECT_FINALIZE") -> list[RawReport | Failure]:
    attributes = {"eventType": event, "bucketId": "dumps", "objectId": name}
    return list(read_message(b"", attributes, NOW, Limits()))


def test_a_message_is_a_dump_and_its_attributes_are_annotations() -> None:
    [raw] = read_message(DUMP, {"product": "Paint"}, NOW, Limits())
    assert raw == RawReport("message", DUMP, NOW, {"product": "Paint"})


def test_a_new_object_is_read_with_the_sidecar_beside_it(bucket: dict[str, bytes]) -> None:
    bucket |= {"gs://dumps/a.dmp": DUMP, "gs://dumps/a.json": SIDECAR, "gs://dumps/b.dmp": DUMP}
    assert told("a.dmp") == [RawReport("gs://dumps/a.dmp", DUMP, NOW, {"product": "Paint"})]


def test_other_events_bring_nothing(bucket: dict[str, bytes]) -> None:
    bucket["gs://dumps/a.dmp"] = DUMP
    assert told("a.dmp", "OBJECT_DELETE") == []


@pytest.mark.parametrize(
    ("content", "is_read"),
    [(SIDECAR, False), (RAW_CRASH, False), (JAVA_CRASH, True), (REPORT, True)],
)
def test_of_new_documents_those_are_read_that_are_reports_of_their_own(
    content: bytes, is_read: bool, bucket: dict[str, bytes]
) -> None:
    bucket["gs://dumps/a.json"] = content
    assert len(told("a.json")) == is_read


def test_a_bucket_that_cannot_be_listed_costs_one_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> Iterator[tuple[str, int, float | None]]:
        raise OSError("Cloud Storage refused")

    monkeypatch.setattr(messages, "list_objects", refuse)
    assert told("a.dmp") == [Failure(Stage.READ, FailureKind.UNREADABLE)]
