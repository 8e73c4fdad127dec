"""Uploads as they come: a minidump among the fields of a form."""

import gzip

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, RawReport
from tests.parse.minidump_builder import MinidumpBuilder
from transforms.parse import parse_payload

BOUNDARY = b"--------------------------f00d"


def dump() -> bytes:
    made = MinidumpBuilder()
    made.system(2, 9, (10, 0, 22631), "")
    made.exception(7, 0xC0000005, (0, 0))
    return made.build()


def body(parts: dict[str, bytes], end: bytes = b"--\r\n", line: bytes = b"\r\n") -> bytes:
    made = b""
    for name, content in parts.items():
        head = b'Content-Disposition: form-data; name="' + name.encode() + b'"'
        made += b"--" + BOUNDARY + line + head + line + line + content + line
    return made + b"--" + BOUNDARY + end


def read(payload: bytes, limits: Limits | None = None) -> CrashReport | Failure:
    (outcome,) = parse_payload(RawReport("x", payload), limits or Limits())
    return outcome


FIELDS = {
    "prod": b"Electron", "_productName": b"Painter", "ver": b"28.1.0", "_version": b"7.2",
    "process_type": b"renderer", "guid": b"{ABC-1}", "consent": b"denied",
}  # fmt: skip


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
def test_the_fields_of_an_upload_tell_about_its_minidump(pack, line: bytes) -> None:  # type: ignore[no-untyped-def]
    report = read(body(FIELDS | {"upload_file_minidump": pack(dump())}, line=line))
    assert isinstance(report, CrashReport)
    assert (report.product, report.version, report.process_type) == ("Painter", "7.2", "renderer")
    assert (report.install_id, report.consent) == ("abc-1", False)
    assert (report.os_name, report.reason) == ("Windows", "EXCEPTION_ACCESS_VIOLATION")


def test_an_upload_that_was_cut_off_in_its_last_part_is_still_read() -> None:
    whole = body({"prod": b"P", "upload_file_minidump": dump()})
    report = read(whole[: -len(BOUNDARY) - 8])
    assert isinstance(report, CrashReport)
    assert report.product == "P"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (body({"prod": b"P"}), FailureKind.NOT_A_CRASH),
        (body({"prod": b"P", "upload_file_minidump": b""}), FailureKind.NOT_A_CRASH),
        (body({"upload_file_minidump": b"PMDM" + dump()}), FailureKind.MALFORMED),
        (body({"d": b"MDMP"}), FailureKind.TRUNCATED),
        (body({"d": b"\x1f\x8bnot gzip at all"}), FailureKind.MALFORMED),
        (body({"d": gzip.compress(b"MDMP" + bytes(100_000))}), FailureKind.OVERSIZED),
    ],
)
def test_an_upload_without_a_whole_minidump_is_one_failure(
    payload: bytes, kind: FailureKind
) -> None:
    failure = read(payload, Limits(max_file_bytes=50_000))
    assert isinstance(failure, Failure)
    assert failure.kind is kind
