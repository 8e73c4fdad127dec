"""ABRT's problem directories: one crash of many small files, most of which are never read."""

import io
import json
import tarfile
from collections.abc import Mapping

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Identity, IdentityKind, RawReport
from transforms.parse import parse_payload
from transforms.read import InputFile, pair_sidecars, read_item

BACKTRACE = {
    "signal": 11,
    "executable": "/usr/bin/painter",
    "stacktrace": [
        {
            "crash_thread": True,
            "frames": [{"file_name": "/usr/bin/painter", "build_id_offset": 66}],
        }
    ],
}
ELEMENTS = {
    "time": b"1767607200",
    "type": b"CCpp",
    "analyzer": b"abrt-ccpp",
    "core_backtrace": json.dumps(BACKTRACE).encode(),
    "coredump": b"\x7fELF",
    "pkg_name": b"painter-suite",
    "pkg_version": b"7.2",
    "component": b"",
    "hostname": b"janes-laptop.example.org\n",
    "username": b"jane.doe",
    "machineid": b"systemd=0f1e2d3c4b5a69788796a5b4c3d2e1f0\nsosreport_uploader-dmidecode=ab",
    "os_release": b"Fedora release 42 (Adams)",
    "architecture": b"x86_64",
    "environ": b"HOME=/home/jane.doe",
    "var_log_messages": b"jane.doe logged in",
}


def reports(files: Mapping[str, bytes]) -> tuple[list[CrashReport], list[str]]:
    """What is read of a folder's files, and which of them were opened."""
    opened = []

    def read_bytes(path: str) -> bytes:
        opened.append(path.rpartition("/")[2])
        return files[path]

    listed = [InputFile(path, path, len(content), 0.0) for path, content in files.items()]
    found = []
    for item in pair_sidecars(listed):
        for raw in read_item(item, Limits(), read_bytes):
            assert isinstance(raw, RawReport)
            parsed = parse_payload(raw, Limits())
            found += [each for each in parsed if isinstance(each, CrashReport)]
    return found, opened


def in_folder(elements: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"spool/ccpp-2026-01-05-1234/{name}": value for name, value in elements.items()}


def test_a_problem_directory_is_one_report() -> None:
    (report,), _ = reports(in_folder(ELEMENTS))
    assert (report.product, report.version, report.arch) == ("painter-suite", "7.2", "x86_64")
    assert (report.os_name, report.os_version, report.reason) == ("Fedora", "42", "SIGSEGV")
    assert report.install_id == "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    assert report.received_at is not None
    assert report.received_at.isoformat() == "2026-01-05T10:00:00+00:00"
    assert Identity(IdentityKind.USER_NAME, "jane.doe") in report.identities
    assert Identity(IdentityKind.HOST_NAME, "janes-laptop.example.org") in report.identities


def test_elements_that_are_not_kept_are_never_opened() -> None:
    _, opened = reports(in_folder(ELEMENTS))
    assert not {"environ", "var_log_messages", "coredump", "component"} & set(opened)


def test_a_python_problem_is_read_by_its_backtrace() -> None:
    trace = (
        b'brush.py:7:stroke:KeyError: 3\n\nTraceback (most recent call last):\n  File "/usr/bin/'
        b'brush.py", line 7, in stroke\n    x[3]\nKeyError: 3\n'
    )
    elements = {name: ELEMENTS[name] for name in ("time", "pkg_name", "pkg_version")}
    (report,), _ = reports(in_folder({**elements, "type": b"Python3", "backtrace": trace}))
    assert (report.product, report.version, report.exception_type) == (
        "painter-suite", "7.2", "KeyError",
    )  # fmt: skip


def test_a_packed_problem_directory_is_read_too() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path, value in in_folder(ELEMENTS).items():
            member = tarfile.TarInfo(path)
            member.size = len(value)
            archive.addfile(member, io.BytesIO(value))
    (report,), _ = reports({"problem.tar.gz": packed.getvalue()})
    assert (report.product, report.os_version) == ("painter-suite", "42")


def test_a_refusal_beside_the_backtrace_holds() -> None:
    files = in_folder({**ELEMENTS, "core_backtrace.json": b'{"consent": "no"}'})
    (report,), _ = reports(files)
    assert report.consent is False


@pytest.mark.parametrize("missing", ["time", "core_backtrace"])
def test_a_folder_that_is_no_problem_directory_is_read_file_by_file(missing: str) -> None:
    names = ("time", "type", "core_backtrace", "pkg_name")
    files = in_folder({name: ELEMENTS[name] for name in names if name != missing})
    listed = [InputFile(path, path, len(content), 0.0) for path, content in files.items()]
    assert len(pair_sidecars(listed)) == len(files)
