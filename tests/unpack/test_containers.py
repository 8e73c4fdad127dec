"""Compressed files and archives: everything in them is read, nothing in them does harm."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport, Stage
from transforms.parse.annotations import annotation_facts
from transforms.parse.gzip_reader import PIECE_BYTES
from transforms.read import InputFile, InputItem, items, opened, pair_sidecars, read_item
from transforms.read.items import parse_annotations
from transforms.unpack import Budget

LIMITS = Limits(max_file_bytes=100_000, max_reports_per_file=20)
FILES = {"logs/a.ips": b"first", "logs/deep/b.dmp": b"second", "c.txt": b"third"}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: Mapping[str, bytes], tar_format: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tar_format) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def zstandard(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return bytes(sink.getvalue())


def read(payload: bytes, annotations: Mapping[str, str] | None = None) -> list[RawReport | Failure]:
    return list(opened(RawReport("upload", payload, None, annotations or {}), LIMITS))


def contents(payload: bytes) -> list[bytes]:
    return sorted(raw.payload for raw in read(payload) if isinstance(raw, RawReport))


def answers(payload: bytes) -> list[bool | None]:
    """Return what the sidecars in a payload say of their dumps, one for each dump."""
    found = [raw for raw in read(payload) if isinstance(raw, RawReport)]
    return [annotation_facts(raw.annotations).consent for raw in found]


def kinds(payload: bytes) -> list[FailureKind]:
    return [raw.kind for raw in read(payload) if isinstance(raw, Failure)]


@pytest.mark.parametrize(
    "pack",
    [
        zipped,
        lambda files: zipped(files, zipfile.ZIP_STORED),
        tarred,
        lambda files: tarred(files, tarfile.USTAR_FORMAT),
        lambda files: tarred(files, tarfile.GNU_FORMAT),
        lambda files: gzip.compress(tarred(files)),
        lambda files: zstandard(tarred(files)),
        lambda files: zipped({name: gzip.compress(content) for name, content in files.items()}),
        lambda files: zipped({"inner.tgz": gzip.compress(tarred(files))}),
    ],
)
def test_every_file_of_an_archive_is_read(pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
    assert contents(pack(FILES)) == sorted(FILES.values())
    assert kinds(pack(FILES)) == []


@pytest.mark.parametrize("pack", [gzip.compress, zstandard])
def test_a_compressed_file_is_read(pack: Callable[[bytes], bytes]) -> None:
    assert contents(pack(b"a report")) == [b"a report"]


def test_gzip_members_after_one_another_are_one_file() -> None:
    assert contents(gzip.compress(b"a ") + gzip.compress(b"report")) == [b"a report"]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_sidecar_in_an_archive_holds_for_its_dump(
    pack: Callable[[Mapping[str, bytes]], bytes],
) -> None:
    long = "deep/" * 30
    refused = json.dumps({"consent": "no"}).encode()
    files = {f"{long}a.dmp": b"MDMP", f"{long}a.json": refused, "b.dmp": b"MDMP-b"}
    told = {raw.payload: dict(raw.annotations) for raw in read(pack(files))}  # type: ignore[union-attr]  # no failures here
    assert told == {b"MDMP": {"consent": "no"}, b"MDMP-b": {}}


def test_an_archives_own_annotations_hold_for_all_in_it_and_a_refusal_stays() -> None:
    files = {"a.dmp": b"MDMP", "a.json": b'{"consent": "yes", "ver": "2"}', "b.dmp": b"MDMP-b"}
    found = read(zipped(files), {"consent": "no", "prod": "Paint"})
    told = {raw.payload: dict(raw.annotations) for raw in found if isinstance(raw, RawReport)}
    assert told == {
        b"MDMP": {"consent": "no yes", "ver": "2", "prod": "Paint"},
        b"MDMP-b": {"consent": "no", "prod": "Paint"},
    }


@pytest.mark.parametrize("sidecar", ["a.json", "a.dmp.json", "a.dmp.gz.json"])
def test_a_compressed_dump_has_its_sidecar_beside_it(sidecar: str) -> None:
    stored = {"a.dmp.gz": gzip.compress(b"MDMP"), sidecar: b'{"consent": "no"}'}
    files = [InputFile(name, name, len(content), 0.0) for name, content in stored.items()]
    (item,) = pair_sidecars(files)
    assert item == InputItem(files[0], (files[1],))
    (raw,) = read_item(item, LIMITS, stored.__getitem__)
    assert isinstance(raw, RawReport)
    assert raw.annotations == {"consent": "no"}


def test_a_broken_file_in_an_archive_costs_one_failure_and_not_its_neighbours() -> None:
    payload = zipped({"good.gz": gzip.compress(b"good"), "cut.gz": gzip.compress(b"bad")[:-9]})
    assert contents(payload) == [b"good"]
    assert kinds(payload) == [FailureKind.TRUNCATED]


def test_files_behind_many_broken_ones_are_no_deeper_for_it() -> None:
    broken = {f"{number}.gz": gzip.compress(b"bad")[:-9] for number in range(6)}
    assert contents(zipped({**broken, "good.gz": gzip.compress(b"good")})) == [b"good"]


@pytest.mark.parametrize("pack", [tarred, zipped])
def test_an_archive_that_is_cut_counts_nothing_for_a_refusal_may_be_cut_off(
    pack: Callable[[Mapping[str, bytes]], bytes],
) -> None:
    whole = pack({"a.dmp": b"M" * 600, "b.dmp": b"N" * 600, "a.json": b'{"consent": "no"}'})
    cut = whole[:1_300] if pack is tarred else whole[:-30]
    assert contents(cut) == []
    assert len(kinds(cut)) == 1


BOMB = gzip.compress(bytes(50_000_000))
LARGE = gzip.compress(bytes(90_000))
MOST_UNPACKED = 4 * LIMITS.max_file_bytes + PIECE_BYTES


@pytest.fixture
def unpacked_sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all pieces that are unpacked, refused ones included."""
    sizes: list[int] = []
    spend = Budget.spend

    def counted(budget: Budget, pieces: Iterable[bytes]) -> bytes:
        def each() -> Iterator[bytes]:
            for piece in pieces:
                sizes.append(len(piece))
                yield piece

        return spend(budget, each())

    monkeypatch.setattr(Budget, "spend", counted)
    return sizes


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        pytest.param(BOMB, FailureKind.OVERSIZED, id="gzip bomb"),
        pytest.param(zstandard(bytes(50_000_000)), FailureKind.OVERSIZED, id="zstd bomb"),
        pytest.param(zipped({"a": bytes(5_000_000)}), FailureKind.OVERSIZED, id="zip bomb"),
        pytest.param(
            zipped({str(n): b"x" for n in range(21)}), FailureKind.OVERSIZED, id="too many"
        ),
        pytest.param(
            zipped({f"{n}": b"x" * 90_000 for n in range(5)}), FailureKind.OVERSIZED, id="in sum"
        ),
        pytest.param(
            gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x")))),
            FailureKind.OVERSIZED,
            id="too deep",
        ),
        pytest.param(zipped({}), FailureKind.EMPTY, id="empty zip"),
        pytest.param(gzip.compress(b"x" * 999)[:-5], FailureKind.TRUNCATED, id="cut gzip"),
        pytest.param(b"\x1f\x8b\x08" + bytes(40), FailureKind.MALFORMED, id="no gzip"),
        pytest.param(zstandard(b"x" * 999)[:-5], FailureKind.TRUNCATED, id="cut zstd"),
        pytest.param(b"PK\x03\x04" + bytes(100), FailureKind.TRUNCATED, id="cut zip"),
    ],
)
def test_what_must_not_be_unpacked_is_one_failure(
    payload: bytes, kind: FailureKind, unpacked_sizes: list[int]
) -> None:
    assert read(payload) == [Failure(Stage.READ, kind, "container")]
    assert sum(unpacked_sizes) <= MOST_UNPACKED


@pytest.mark.parametrize("levels", [1, 2, 3, 6])
def test_sidecars_in_one_another_are_unpacked_within_their_archives_limits(
    levels: int, unpacked_sizes: list[int]
) -> None:
    payload = BOMB
    for _ in range(levels):
        dumps = {f"{number}.dmp": b"MDMP" for number in range(4)}
        payload = zipped(dumps | {f"{number}.json": payload for number in range(4)})
    assert answers(payload) == [False] * 4
    assert sum(unpacked_sizes) <= MOST_UNPACKED
    assert len(unpacked_sizes) <= LIMITS.max_reports_per_file + MOST_UNPACKED // PIECE_BYTES


def test_a_sidecar_in_an_archive_is_as_deep_as_it_lies() -> None:
    deep = gzip.compress(gzip.compress(b'{"consent": "yes"}'))
    assert answers(zipped({"a.dmp": b"MDMP", "a.json": deep})) == [True]
    assert answers(zipped({"a.dmp": b"MDMP", "a.json": gzip.compress(deep)})) == [False]


def test_a_sidecar_of_many_dumps_in_an_archive_is_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_sidecars: list[bytes] = []

    def parse(payload: bytes) -> dict[str, str]:
        read_sidecars.append(payload)
        return parse_annotations(payload)

    monkeypatch.setattr(items, "parse_annotations", parse)
    dumps = {f"a.d{number:02}": b"MDMP" for number in range(12)}
    found = read(zipped(dumps | {"a.json": b'{"ver": "1.2"}', "a.d05.json": b'{"prod": "Paint"}'}))
    told = [raw.annotations for raw in found if isinstance(raw, RawReport)]
    assert told == [{"ver": "1.2"} | ({"prod": "Paint"} if at == 5 else {}) for at in range(12)]
    assert len(read_sidecars) == 2


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(gzip.compress(bytes(5_000_000)), id="too large"),
        pytest.param(LARGE[:-8], id="cut off"),
        pytest.param(LARGE[:-8] + bytes(8), id="broken"),
        pytest.param(zstandard(bytes(5_000_000)), id="too large a frame"),
    ],
)
def test_what_cannot_be_unpacked_counts_as_unpacked(
    packed: bytes, unpacked_sizes: list[int]
) -> None:
    payload = zstandard(tarred({f"{number}.gz": packed for number in range(12)}))
    assert len(kinds(payload)) == 12
    assert sum(unpacked_sizes) <= MOST_UNPACKED


def test_a_tar_header_that_is_longer_than_any_name_is_not_taken_apart() -> None:
    entry = tarfile.TarInfo("a.dmp")
    entry.pax_headers = {"comment": "ab\n" * 40_000}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(entry)
    assert kinds(buffer.getvalue()) == [FailureKind.MALFORMED]


def test_an_encrypted_archive_is_told_from_a_file_that_storage_does_not_give() -> None:
    payload = bytearray(zipped({"a": b"secret"}))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        payload[payload.index(header) + offset] |= 1
    assert kinds(bytes(payload)) == [FailureKind.ENCRYPTED]


def test_of_two_files_of_one_name_none_counts() -> None:
    files = {"a.json": b'{"consent": "no"}', "b.json": b'{"consent": "yes"}', "a.dmp": b"MDMP"}
    payload = zipped(files, zipfile.ZIP_STORED).replace(b"b.json", b"a.json")
    assert contents(payload) == []
    assert kinds(payload) == [FailureKind.MALFORMED]


def test_links_and_devices_in_an_archive_are_passed_over() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE):
            entry = tarfile.TarInfo(f"entry{kind!r}")
            entry.type, entry.linkname = kind, "/etc/hostname"
            archive.addfile(entry)
        archive.addfile(tarfile.TarInfo("empty.dmp"))
    assert contents(buffer.getvalue()) == []


def test_a_members_name_is_shown_nowhere() -> None:
    (raw,) = read(zipped({"jane.doe/a.dmp": b"MDMP"}))
    assert isinstance(raw, RawReport)
    assert raw.source == "upload"
    assert "jane" not in repr(raw)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([zipped(FILES), tarred(FILES), gzip.compress(b"x" * 99), zstandard(b"y" * 99)]),
    st.lists(st.tuples(st.integers(0, 12_000), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 12_000),
)
def test_broken_containers_give_failures_and_nothing_else(
    payload: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    broken = bytearray(payload)
    for at, value in changes:
        broken[at % len(broken)] = value
    found = read(bytes(broken[: max(1, cut % (len(broken) + 1))]))
    assert FailureKind.PARSER_ERROR not in {raw.kind for raw in found if isinstance(raw, Failure)}
