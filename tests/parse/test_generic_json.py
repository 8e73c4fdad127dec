import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.records import CrashReport, Failure, Frame, Identity, IdentityKind
from tests.parse.reading import read_all, read_one
from transforms.parse.generic_json import report_schema, schema_text

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "generic-report.schema.json"
REPORT: dict[str, Any] = {
    "format": "crashveil/1",
    "report_id": "9EC79C33",
    "install_id": "{0A1B}",
    "received_at": "2024-05-06T07:08:09+02:00",
    "product": "shop",
    "version": "1.2",
    "channel": "beta",
    "os_name": "Mac OS X",
    "os_version": "15.3",
    "os_build": "24D60",
    "arch": "aarch64",
    "process_type": "renderer",
    "reason": "SIGSEGV / SEGV_MAPERR",
    "exception_type": "BasketError",
    "message": "no eggs",
    "frames": [
        {"module": "/srv/lib/libshop.so", "function": "count", "offset": 4660},
        {"module": "shop/basket", "file": "basket.ml", "line": 42, "in_app": True},
    ],
    "uptime_s": 12.5,
    "consent": True,
    "truncated": True,
    "identities": [{"kind": "USER_NAME", "value": "jane.doe"}],
}
READ = CrashReport(
    "generic_json",
    report_id="9EC79C33",
    install_id="0a1b",
    received_at=datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC),
    product="shop",
    version="1.2",
    channel="beta",
    os_name="macOS",
    os_version="15.3",
    os_build="24D60",
    arch="arm64",
    process_type="renderer",
    reason="SIGSEGV / SEGV_MAPERR",
    exception_type="BasketError",
    message="no eggs",
    frames=(
        Frame("libshop.so", "count", offset=4660),
        Frame("shop/basket", None, "basket.ml", 42, in_app=True),
    ),
    uptime_s=12.5,
    consent=True,
    truncated=True,
    identities=(Identity(IdentityKind.USER_NAME, "jane.doe"),),
)


@pytest.mark.parametrize("indent", [None, 1])
def test_every_field_is_read(indent):
    assert REPORT.keys() == {field.name for field in fields(CrashReport)}
    assert read_all(json.dumps(REPORT, indent=indent)) == [READ]


def test_a_function_without_a_name_has_none_and_a_hidden_class_no_address():
    frames = [
        {"function": "<anonymous>", "file": "main.js"},
        {"module": "org.shop.Cart$$Lambda/0x00007f1c0c001000", "function": "run"},
    ]
    report = read_one(json.dumps(REPORT | {"frames": frames}))
    assert isinstance(report, CrashReport)
    assert report.frames == (Frame(file="main.js"), Frame("org.shop.Cart$$Lambda", "run"))


def test_a_file_of_many_reports_is_read():
    assert read_all(f"{json.dumps(REPORT)}\n{json.dumps(REPORT)}\n") == [READ, READ]
    assert read_all(json.dumps([REPORT, REPORT])) == [READ, READ]


@pytest.mark.parametrize("value", [None, [], {}, "", [[]], [{}], -1, 10**400, {"kind": []}])
@pytest.mark.parametrize("name", sorted(REPORT.keys() - {"format", "reason"}))
def test_a_value_of_another_kind_is_not_known(name, value):
    report = read_one(json.dumps(REPORT | {name: value}))
    assert isinstance(report, CrashReport)
    assert report.reason == "SIGSEGV / SEGV_MAPERR"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (json.dumps({"format": "crashveil/1", "product": "shop"}), "not_a_crash"),
        (json.dumps(REPORT)[:-20], "truncated"),
        ('{"format": "crashveil/1"] }', "malformed"),
        ('{"a": {"format": "crashveil/1"}}', "malformed"),
        (json.dumps(REPORT | {"format": "crashveil/9"}), "unknown_format"),
    ],
)
def test_what_is_no_report_is_rejected_by_its_kind(text, kind):
    found = read_one(text)
    assert isinstance(found, Failure)
    assert found.kind.value == kind


def test_a_deep_stack_is_cut_and_marked():
    report = read_one(json.dumps(REPORT | {"truncated": False}), max_frames=1)
    assert isinstance(report, CrashReport)
    assert (report.frames, report.truncated) == (READ.frames[:1], True)


def test_the_published_schema_is_that_of_the_code():
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "stale: run make docs"


def test_every_field_of_the_schema_is_described():
    definitions = report_schema()["$defs"]
    for part in (report_schema(), definitions["frame"], definitions["identity"]):
        assert all(each["description"] for each in part["properties"].values())
