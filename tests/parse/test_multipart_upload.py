"""Uploads as they come: a minidump among the fields of a form."""

import gzip
from dataclasses import replace

import pytest

from schemas.policy import MEBIBYTE
from schemas.records import CrashReport, Failure, FailureKind
from tests.parse.minidump_builder import MinidumpBuilder, small_minidump
from tests.parse.reading import read_one
from transforms.parse import multipart_upload
from transforms.parse.gzip_reader import gunzipped

BOUNDARY = b"--------------------------f00d"


def body(parts: dict[str, bytes], end: bytes = b"--\r\n", line: bytes = b"\r\n") -> bytes:
    made = b""
    for name, content in parts.items():
        head = b'Content-Disposition: form-data; name="' + name.encode() + b'"'
        made += b"--" + BOUNDARY + line + head + line + line + content + line
    return made + b"--" + BOUNDARY + end


FIELDS = {
    "prod": b"Electron", "_productName": b"Painter", "ver": b"28.1.0", "_version": b"7.2",
    "process_type": b"renderer", "guid": b"{ABC-1}", "consent": b"denied",
}  # fmt: skip


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
def test_the_fields_of_an_upload_tell_about_its_minidump(pack, line: bytes) -> None:  # type: ignore[no-untyped-def]
    report = read_one(body(FIELDS | {"upload_file_minidump": pack(small_minidump())}, line=line))
    assert isinstance(report, CrashReport)
    assert (report.product, report.version, report.process_type) == ("Painter", "7.2", "renderer")
    assert (report.install_id, report.consent) == ("abc-1", False)
    assert (report.os_name, report.reason) == ("Windows", "EXCEPTION_ACCESS_VIOLATION")


def test_an_upload_that_was_cut_off_in_its_last_part_is_still_read() -> None:
    whole = body({"prod": b"P", "upload_file_minidump": small_minidump()})
    report = read_one(whole[: -len(BOUNDARY) - 8])
    assert isinstance(report, CrashReport)
    assert report.product == "P"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (body({"prod": b"P"}), FailureKind.NOT_A_CRASH),
        (body({"prod": b"P", "upload_file_minidump": b""}), FailureKind.NOT_A_CRASH),
        (body({"upload_file_minidump": b"PMDM" + small_minidump()}), FailureKind.MALFORMED),
        (body({"d": b"MDMP"}), FailureKind.TRUNCATED),
        (body({"d": b"\x1f\x8bnot gzip at all"}), FailureKind.MALFORMED),
        (body({"d": gzip.compress(b"MDMP" + bytes(100_000))}), FailureKind.OVERSIZED),
    ],
)
def test_an_upload_without_a_whole_minidump_is_one_failure(
    payload: bytes, kind: FailureKind
) -> None:
    failure = read_one(payload, max_file_bytes=50_000)
    assert isinstance(failure, Failure)
    assert failure.kind is kind


@pytest.fixture
def unpacked_sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of each part as it was unpacked."""
    sizes: list[int] = []

    def counted(payload: bytes, most: int) -> tuple[bytes, bool]:
        content, ends = gunzipped(payload, most)
        sizes.append(len(content))
        return content, ends

    monkeypatch.setattr(multipart_upload, "gunzipped", counted)
    return sizes


BOMB = gzip.compress(bytes(10_000_000))


def test_of_parts_that_are_no_minidump_four_bytes_are_unpacked(unpacked_sizes: list[int]) -> None:
    bombs = {f"log{number}": BOMB for number in range(40)}
    assert isinstance(
        read_one(body({**bombs, "upload_file_minidump": small_minidump()})), CrashReport
    )
    assert unpacked_sizes == [4] * 40


def test_nothing_is_unpacked_behind_the_minidump(unpacked_sizes: list[int]) -> None:
    bombs = {f"log{number}": BOMB for number in range(40)}
    packed = gzip.compress(small_minidump())
    assert isinstance(read_one(body({"upload_file_minidump": packed, **bombs})), CrashReport)
    assert unpacked_sizes == [4, len(small_minidump())]


def test_a_minidump_is_unpacked_within_the_ratio_of_any_container(
    unpacked_sizes: list[int],
) -> None:
    failure = read_one(body({"d": gzip.compress(small_minidump() + bytes(10_000_000))}))
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.OVERSIZED
    assert max(unpacked_sizes) <= 4 * MEBIBYTE + 1


def test_a_gzipped_minidump_that_was_cut_off_is_read_as_truncated() -> None:
    made = MinidumpBuilder()
    made.system(2, 9, (10, 0, 22631), "")
    packed = gzip.compress(made.build(), compresslevel=0)
    whole, cut = read_one(body({"d": packed})), read_one(body({"d": packed[:-6]}))
    assert isinstance(whole, CrashReport)
    assert isinstance(cut, CrashReport)
    assert cut == replace(whole, truncated=True)
    assert not whole.truncated
