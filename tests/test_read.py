"""Reading files and their sidecars."""

import json
from collections.abc import Callable

import pytest

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from transforms.read import InputFile, InputItem, pair_sidecars, parse_annotations, read_item

LIMITS = Limits(max_file_bytes=100)


def input_file(path: str, size: int = 1) -> InputFile:
    return InputFile(path, path, size, 0.0)


def storage(**files: bytes) -> Callable[[str], bytes]:
    def read_bytes(path: str) -> bytes:
        if path not in files:
            raise OSError("gone")
        return files[path]

    return read_bytes


def test_a_json_file_beside_one_dump_of_its_stem_is_its_sidecar() -> None:
    files = [input_file("d/a.json"), input_file("d/a.dmp"), input_file("d/b.json")]
    assert list(pair_sidecars(files)) == [
        InputItem(input_file("d/a.dmp"), input_file("d/a.json")),
        InputItem(input_file("d/b.json")),
    ]


def test_a_json_file_beside_two_dumps_of_its_stem_stands_for_itself() -> None:
    files = [input_file("a.dmp"), input_file("a.ips"), input_file("a.json")]
    assert [item.sidecar for item in pair_sidecars(files)] == [None, None, None]


def test_a_sidecars_scalars_become_annotations_and_its_objects_are_dropped() -> None:
    payload = json.dumps({"ver": "1.2", "n": 3, "ok": True, "deep": {"a": 1}, "none": None})
    assert parse_annotations(payload.encode()) == {"ver": "1.2", "n": "3", "ok": "true"}


@pytest.mark.parametrize("payload", [b"[1]", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_sidecar_that_is_no_json_object_is_refused_without_its_content(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"^not (JSON|a JSON object)$"):
        parse_annotations(payload)


def test_a_broken_sidecar_costs_one_failure_and_not_its_dump() -> None:
    item = InputItem(input_file("a.dmp"), input_file("a.json"))
    results = list(read_item(item, LIMITS, storage(**{"a.dmp": b"MDMP", "a.json": b"{"})))
    assert results[0] == Failure(Stage.READ, FailureKind.MALFORMED, "annotations")
    assert isinstance(results[1], RawReport)
    assert results[1].payload == b"MDMP"


@pytest.mark.parametrize(
    ("size", "files", "kind"),
    [
        (101, {"a": b"x"}, FailureKind.OVERSIZED),
        (1, {"a": b"x" * 101}, FailureKind.OVERSIZED),
        (0, {"a": b""}, FailureKind.EMPTY),
        (1, {}, FailureKind.UNREADABLE),
    ],
)
def test_a_file_that_cannot_be_used_is_one_failure(
    size: int, files: dict[str, bytes], kind: FailureKind
) -> None:
    results = list(read_item(InputItem(input_file("a", size)), LIMITS, storage(**files)))
    assert results == [Failure(Stage.READ, kind)]


def test_the_files_time_of_change_is_taken_as_the_time_of_arrival() -> None:
    (raw,) = read_item(InputItem(InputFile("a", "a", 1, 86_400.0)), LIMITS, storage(a=b"x"))
    assert isinstance(raw, RawReport)
    assert raw.received_at is not None
    assert raw.received_at.isoformat() == "1970-01-02T00:00:00+00:00"


def test_a_raw_reports_repr_shows_nothing_of_it() -> None:
    raw = RawReport("/home/jane/x.dmp", b"jane", None, {"user": "jane"})
    assert "jane" not in repr(raw)
