"""Reading files and their sidecars."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable

import pytest

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from transforms.parse import recognized_format
from transforms.parse.annotations import annotation_facts
from transforms.read import (
    InputFile,
    InputItem,
    Listing,
    pair_sidecars,
    parse_annotations,
    read_item,
)

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
        InputItem(input_file("d/a.dmp"), (input_file("d/a.json"),)),
        InputItem(input_file("d/b.json")),
    ]


@pytest.mark.parametrize("folder", ["", "d.d/e/", "/d/", "gs://bucket/d.d/"])
@pytest.mark.parametrize("sidecar", ["a.json", "a.JSON", "a.dmp.json"])
def test_a_sidecar_is_found_by_its_dumps_stem_or_name(folder: str, sidecar: str) -> None:
    beside = input_file(folder + sidecar)
    (item,) = pair_sidecars([input_file(f"{folder}a.dmp"), beside])
    assert item.sidecars == (beside,)


def test_a_dump_without_a_suffix_has_a_sidecar_too() -> None:
    (item,) = pair_sidecars([input_file("gs://b/d.d/core"), input_file("gs://b/d.d/core.json")])
    assert item.sidecars == (input_file("gs://b/d.d/core.json"),)


def test_a_json_file_beside_two_dumps_of_its_stem_is_the_sidecar_of_both() -> None:
    files = [input_file("a.dmp"), input_file("a.ips"), input_file("a.json")]
    assert [item.sidecars for item in pair_sidecars(files)] == [(input_file("a.json"),)] * 2


def test_a_sidecars_scalars_become_annotations_under_the_names_around_them() -> None:
    payload = json.dumps(
        {"ver": "1.2", "n": 3, "ok": True, "deep": {"a": {"b": [1, 2]}}, "none": None, "empty": {}}
    )
    assert parse_annotations(payload.encode()) == {
        "ver": "1.2", "n": "3", "ok": "true", "deep.a.b": "1 2", "none": "", "empty": "",
    }  # fmt: skip


def test_a_name_that_stands_twice_keeps_both_values() -> None:
    assert parse_annotations(b'{"consent": "no", "consent": "yes"}') == {"consent": "no yes"}


@pytest.mark.parametrize("payload", [b"[1]", b"{", b"\xff\xfe\x00"])
def test_a_sidecar_that_is_no_json_object_is_refused_without_its_content(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"^not (JSON|a JSON object)$"):
        parse_annotations(payload)


def test_values_of_one_name_are_joined_at_once_however_many_there_are() -> None:
    # Twenty megabytes: what is joined already, copied for each value, would be a terabyte.
    value = "x" * 200
    told = parse_annotations(json.dumps({"a": [value] * 100_000}).encode())
    assert told == {"a": " ".join([value] * 100_000)}


def is_refused(raw: RawReport | Failure) -> bool:
    return isinstance(raw, RawReport) and annotation_facts(raw.annotations).consent is False


UNREADABLE = {
    "too many values": (b'"a": [' + b"0," * 1_000_000 + b"0]", FailureKind.OVERSIZED),
    "nested too deeply": (b'"a": ' + b"[" * 100_000 + b"]" * 100_000, FailureKind.MALFORMED),
    "too many digits": (b'"a": ' + b"9" * 5_000, FailureKind.MALFORMED),
}


@pytest.mark.parametrize(("members", "kind"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("report", [b"", b'"event_id": "e", "exception": {"values": []}, '])
def test_json_that_cannot_be_read_counts_as_a_refusal_of_the_dump_beside_it(
    report: bytes, members: bytes, kind: FailureKind
) -> None:
    files = {"a.dmp": b"MDMP", "a.json": b"{" + report + b'"consent": false, ' + members + b"}"}
    (item,) = pair_sidecars([input_file(name) for name in files])
    *reports, failure, dump = read_item(item, Limits(), files.__getitem__)
    assert failure == Failure(Stage.READ, kind, "annotations")
    assert [each.source for each in reports if isinstance(each, RawReport)] == ["a.json"] * (
        len(report) > 0
    )
    assert is_refused(dump)


REFUSING = b'{"event_id": "e", "exception": {"values": []}, "consent": false, "a": "\xff"}'


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(REFUSING, id="bytes that are no text"),
        pytest.param(REFUSING + b"\0\0", id="zeros at the end"),
        pytest.param(REFUSING + b"\xff\n", id="a byte at the end"),
        pytest.param(REFUSING.replace(b"false", b"true") + b"\n" + REFUSING, id="a second line"),
        pytest.param(b"[" + REFUSING.replace(b"\xff", b"x") + b"]", id="an array"),
    ],
)
def test_a_refusal_in_a_report_beside_a_dump_holds_for_both_whatever_its_other_bytes(
    report: bytes,
) -> None:
    files = {"a.dmp": b"MDMP", "a.json": report}
    (item,) = pair_sidecars([input_file(name) for name in files])
    _, dump = read_item(item, Limits(), files.__getitem__)
    assert isinstance(dump, RawReport)
    assert "false" in dump.annotations["consent"]


def test_a_report_that_is_cut_off_counts_as_a_refusal_of_the_dump_beside_it() -> None:
    files = {"a.dmp": b"MDMP", "a.json": REFUSING[:-30]}
    (item,) = pair_sidecars([input_file(name) for name in files])
    report, failure, dump = read_item(item, Limits(), files.__getitem__)
    assert isinstance(report, RawReport)
    assert failure == Failure(Stage.READ, FailureKind.MALFORMED, "annotations")
    assert is_refused(dump)


@pytest.mark.parametrize("agreeing", [b"{}", b'{"consent": "yes"}'])
def test_a_broken_sidecar_counts_as_a_refusal_whatever_another_says(agreeing: bytes) -> None:
    files = {"a.dmp": b"MDMP", "a.json": b"{", "a.dmp.json": agreeing}
    (item,) = pair_sidecars([input_file(name) for name in files])
    failure, dump = read_item(item, LIMITS, files.__getitem__)
    assert failure == Failure(Stage.READ, FailureKind.MALFORMED, "annotations")
    assert is_refused(dump)


def test_a_sidecar_that_storage_does_not_give_leaves_its_dump_for_another_time() -> None:
    item = InputItem(input_file("a.dmp"), (input_file("a.json"),))
    assert list(read_item(item, LIMITS, storage(**{"a.dmp": b"MDMP"}))) == [
        Failure(Stage.READ, FailureKind.UNREADABLE)
    ]


RAW_CRASH = b'{"ProductName":"E","BuildID":"1","Vendor":"V","uploadConsent":"no"}'


def test_a_raw_crash_of_socorro_beside_a_dump_is_its_sidecar_and_alone_a_report() -> None:
    """Were it a report beside its dump, the crash would count twice, and a refusal be missed."""
    files = storage(**{"a.dump": b"MDMP", "a.json": RAW_CRASH})
    (dump,) = read_item(InputItem(input_file("a.dump"), (input_file("a.json"),)), LIMITS, files)
    assert isinstance(dump, RawReport)
    assert (dump.payload, dump.annotations["uploadConsent"]) == (b"MDMP", "no")
    (alone,) = read_item(InputItem(input_file("a.json")), LIMITS, files)
    assert isinstance(alone, RawReport)
    assert recognized_format(alone.payload) == "socorro_raw"


def test_a_raw_crash_that_is_cut_off_counts_as_a_refusal_of_the_dump_beside_it() -> None:
    files = storage(**{"a.dump": b"MDMP", "a.json": RAW_CRASH[:-9]})
    failure, dump = read_item(
        InputItem(input_file("a.dump"), (input_file("a.json"),)), LIMITS, files
    )
    assert failure == Failure(Stage.READ, FailureKind.MALFORMED, "annotations")
    assert is_refused(dump)


@pytest.mark.parametrize("modified", [None, 2.0**40, 2.0**62, -(2.0**62), float("nan")])
def test_a_time_of_change_that_no_calendar_has_costs_nothing(modified: float | None) -> None:
    item = InputItem(InputFile("a", "a", 1, modified))
    (raw,) = read_item(item, LIMITS, storage(a=b"x"))
    assert isinstance(raw, RawReport)


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


@pytest.mark.parametrize("sidecar", ["A.json", "./a.json", "a.JSON"])
def test_a_sidecar_that_is_spelled_otherwise_is_found(sidecar: str) -> None:
    (item,) = pair_sidecars([input_file("a.dmp"), input_file(sidecar)])
    assert item.sidecars == (input_file(sidecar),)


@pytest.mark.parametrize("refusal", ["a.json", "a.dmp.json", "a.json.gz"])
def test_of_several_sidecars_one_refusal_is_enough(refusal: str) -> None:
    told = dict.fromkeys(("a.json", "a.dmp.json", "a.json.gz"), b'{"consent": "yes"}')
    files = {"a.dmp": b"MDMP", **told, refusal: b'{"consent": {"crashes": false}}'}
    files["a.json.gz"] = gzip.compress(files["a.json.gz"])
    (item,) = pair_sidecars([input_file(name) for name in files])
    (dump,) = read_item(item, LIMITS, files.__getitem__)
    assert is_refused(dump)


def test_a_compressed_sidecar_that_holds_several_files_counts_as_a_refusal() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("a", "{}")
        members.writestr("b", "{}")
    files = {"a.dmp": b"MDMP", "a.json": archive.getvalue()}
    (item,) = pair_sidecars([input_file(name) for name in files])
    failure, dump = read_item(item, Limits(max_file_bytes=1_000), files.__getitem__)
    assert failure == Failure(Stage.READ, FailureKind.MALFORMED, "container")
    assert is_refused(dump)


def test_a_listing_gives_back_its_items_in_their_order() -> None:
    items = [InputItem(input_file(f"{number}.dmp")) for number in range(150)]
    listing = Listing(items)
    assert (list(listing.items()), listing.item_count, len(listing)) == (items, 150, 3)


def test_what_a_report_beside_a_dump_says_of_consent_holds_for_the_dump_too() -> None:
    report = {"event_id": "e", "exception": {"values": [{"type": "E"}]}, "consent": False}
    report["release"] = "other@9"
    files = {"a.dmp": b"MDMP", "a.json": json.dumps(report).encode()}
    (item,) = pair_sidecars([input_file(name) for name in files])
    limits = Limits(max_file_bytes=1_000)
    _, dump = read_item(item, limits, files.__getitem__)
    assert isinstance(dump, RawReport)
    assert dump.annotations == {"consent": "false"}
