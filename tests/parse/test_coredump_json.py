"""systemd-coredump's journal entries: the crashed thread's frames, and none of the rest."""

import json
from functools import partial

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, Frame, Identity, IdentityKind, RawReport
from tests.parse.reading import read_report
from transforms.parse import parse_payload

MESSAGE = """Process 77 (painter) of user 1000 dumped core.

Stack trace of thread 77:
#0  0x00007f0000001042 raise (libc.so.6 + 0x1042)
#1  0x0000560000000066 n/a (/home/jane.q9/bin/painter + 0x66)
#2  0x0000000000000010 n/a (n/a + 0x0)

Stack trace of thread 78:
#0  0x00007f0000001042 idle (libc.so.6 + 0x9)
ELF object binary architecture: AMD x86-64"""
ENTRY = {
    "COREDUMP_SIGNAL": "6",
    "COREDUMP_SIGNAL_NAME": "SIGABRT",
    "COREDUMP_EXE": "/home/jane.q9/bin/painter",
    "COREDUMP_PACKAGE_NAME": "painter-suite",
    "COREDUMP_PACKAGE_VERSION": "7.2-1",
    "COREDUMP_TIMESTAMP": "1767607200000000",
    "COREDUMP_CMDLINE": "painter --token=sekret",
    "COREDUMP_ENVIRON": "TOKEN=sekret",
    "_HOSTNAME": "jane-box",
    "_MACHINE_ID": "0123456789abcdef0123456789abcdef",
    "MESSAGE": MESSAGE,
}
FRAMES = (
    Frame("libc.so.6", "raise", offset=0x1042),
    Frame("painter", offset=0x66),
    Frame(),
)


read = partial(read_report, "coredump_json")


@pytest.mark.parametrize("message", [MESSAGE, list(MESSAGE.encode())])
def test_the_facts_are_read(message: object) -> None:
    report = read(ENTRY | {"MESSAGE": message})
    assert (report.format, report.product, report.version) == (
        "coredump_json", "painter-suite", "7.2-1",
    )  # fmt: skip
    assert (report.os_name, report.arch, report.reason) == ("Linux", "x86_64", "SIGABRT")
    assert report.received_at is not None
    assert report.received_at.isoformat() == "2026-01-05T10:00:00+00:00"
    assert report.frames == FRAMES
    assert Identity(IdentityKind.HOST_NAME, "jane-box") in report.identities


def test_command_line_and_environment_are_not_kept() -> None:
    report = read(ENTRY)
    kept = str([getattr(report, name) for name in CrashReport.__slots__ if name != "identities"])
    assert "sekret" in json.dumps(ENTRY)
    assert "sekret" not in kept


def test_without_a_package_the_executable_is_the_product() -> None:
    entry = {key: value for key, value in ENTRY.items() if "PACKAGE" not in key}
    assert (read(entry).product, read(entry).version) == ("painter", None)
    note = json.dumps({ENTRY["COREDUMP_EXE"]: {"name": "paint", "version": "8"}})
    noted = read(entry | {"COREDUMP_PACKAGE_JSON": note})
    assert (noted.product, noted.version) == ("paint", "8")


def test_each_line_of_an_export_is_a_report_and_a_cut_one_a_failure() -> None:
    line = json.dumps(ENTRY).encode()
    found = list(parse_payload(RawReport("x", b"\n".join([line, line, line[:-5]])), Limits()))
    assert [each.format for each in found] == ["coredump_json"] * 3
    assert isinstance(found[2], Failure)
    assert found[2].kind.value == "truncated"


@pytest.mark.parametrize("name", sorted(ENTRY))
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], [300], "9" * 31, 10**400, True])
def test_a_field_of_another_type_never_stops_the_reading(name: str, value: object) -> None:
    assert read(ENTRY | {name: value}).format == "coredump_json"


def test_names_in_arrays_of_bytes_are_hidden_too() -> None:
    report = read(ENTRY | {"COREDUMP_ENVIRON": list("USER=zofia\nÜ=\x01\n".encode())})
    assert Identity(IdentityKind.USER_NAME, "zofia") in report.identities
