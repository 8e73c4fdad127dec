from datetime import UTC, datetime

import pytest

from schemas.records import CrashReport, Failure, Frame, Identity, IdentityKind
from tests.parse.reading import read_one

EVENT = {
    "type": "error",
    "date": "2026-01-05T10:00:00+02:00",
    "reference_id": "R-1",
    "message": "not the error's",
    "data": {
        "@version": "7.2.1 a68c28",
        "@user": {"identity": "jane@example.org", "name": "Jane Q"},
        "@request": {"path": "/sekret", "host": "example.org"},
        "@environment": {
            "process_name": "D:\\local\\Painter.exe",
            "o_s_name": "Windows 11", "o_s_version": "10.0.22631",
            "architecture": "x64", "install_id": "I-1", "machine_name": "JANE-BOX",
            "command_line": "painter sekret",
        },
        "@error": {
            "type": "System.AggregateException",
            "message": "outer",
            "stack_trace": [{"declaring_namespace": "Paint", "declaring_type": "App",
                             "name": "Main", "file_name": "App.cs", "line_number": 3}],
            "inner": {
                "type": "Paint.BrushException",
                "message": "no brush",
                "stack_trace": [{"declaring_namespace": "Paint", "declaring_type": "Brush`1",
                                 "name": "Dip", "line_number": 0}],
            },
        },
    },
}  # fmt: skip


def pascal(value: object) -> object:
    """The same with names as the server writes them."""
    if isinstance(value, list):
        return [pascal(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name if name.startswith("@") else name.title().replace("_", ""): pascal(each)
        for name, each in value.items()
    }


@pytest.mark.parametrize("event", [EVENT, pascal(EVENT)])
def test_the_root_cause_and_its_surroundings_are_read(event):
    report = read_one(event)
    assert isinstance(report, CrashReport)
    assert report.format == "exceptionless_event"
    assert (report.product, report.version) == ("Painter", "7.2.1")
    assert (report.os_name, report.os_version, report.arch) == ("Windows", "11", "x86_64")
    assert report.exception_type == report.reason == "Paint.BrushException"
    assert report.message == "no brush"
    assert report.frames == (
        Frame("Paint.Brush`1", "Dip"),
        Frame("Paint.App", "Main", "App.cs", 3),
    )
    assert (report.install_id, report.report_id) == ("i-1", "R-1")
    assert report.received_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert Identity(IdentityKind.HOST_NAME, "JANE-BOX") in report.identities
    assert Identity(IdentityKind.USER_NAME, "Jane Q") in report.identities
    kept = [getattr(report, name) for name in report.__slots__ if name != "identities"]
    assert "sekret" not in str(kept)


def test_an_event_without_an_error_is_no_crash():
    used = {"type": "usage", "is_first_occurrence": False, "data": {}}
    failure = read_one(used)
    assert isinstance(failure, Failure)
    assert failure.kind.value == "not_a_crash"


def test_errors_within_errors_without_end_are_cut():
    error: dict[str, object] = {"type": "Inner", "stack_trace": []}
    for number in range(100):
        error = {"type": f"Outer{number}", "inner": error}
    report = read_one({"data": {"@error": error}})
    assert isinstance(report, CrashReport)
    assert report.exception_type == "Outer68"
