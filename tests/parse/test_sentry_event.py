import json
from datetime import UTC, datetime

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, Frame, Identity, IdentityKind, RawReport
from tests.parse.reading import read_one, read_report
from transforms.parse import parse_payload

STACK = {
    "frames": [
        {"function": "main", "module": "app", "filename": "app.py", "lineno": 3, "in_app": True},
        {
            "function": "parse",
            "module": "lib.reader",
            "filename": "lib/reader.py",
            "abs_path": "/home/ywzqk/lib/reader.py",
            "lineno": 7,
            "in_app": False,
            "vars": {"token": "sekret"},
            "context_line": "sekret = 1",
        },
    ]
}
EVENT = {
    "event_id": "9ec79c33ec9942ab8353589fcb2e04dc",
    "timestamp": "2025-01-02T03:04:05Z",
    "platform": "python",
    "level": "error",
    "release": "shop@1.2.3+45",
    "environment": "staging",
    "exception": {
        "values": [
            {"type": "KeyError", "value": "'cause'", "stacktrace": {"frames": []}},
            {"type": "ValueError", "value": "no such item", "stacktrace": STACK},
        ]
    },
    "contexts": {
        "os": {"name": "macOS", "version": "15.3", "build": "24D60"},
        "device": {"arch": "arm64", "name": "Ywz's laptop", "model": "Mac16,5"},
        "app": {"app_identifier": "org.example.shop", "app_start_time": "2025-01-02T03:03:05Z"},
    },
    "user": {"id": "u-77", "email": "ywz.qk@example.org", "username": "ywzqk", "name": "Ywz Qk"},
    "server_name": "web-7.example.org",
    "breadcrumbs": [{"message": "sekret"}],
    "request": {"url": "https://example.org/?q=sekret"},
    "extra": {"a": "sekret"},
    "tags": {"team": "sekret"},
}


def read(**changes: object) -> CrashReport:
    return read_report("sentry_event", EVENT | changes)


def failure(payload: bytes) -> tuple[str, str]:
    found = read_one(payload)
    assert isinstance(found, Failure)
    return found.kind.value, found.format


def test_the_facts_of_an_event_are_read():
    report = read()
    assert report.format == "sentry_event"
    assert report.report_id == "9ec79c33ec9942ab8353589fcb2e04dc"
    assert report.install_id == "u-77"
    assert report.received_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (report.product, report.version, report.channel) == ("shop", "1.2.3", "staging")
    assert (report.os_name, report.os_version, report.os_build) == ("macOS", "15.3", "24D60")
    assert report.arch == "arm64"
    assert (report.exception_type, report.message) == ("ValueError", "no such item")
    assert report.uptime_s == 60.0


def test_the_innermost_frame_stands_first():
    assert read().frames == (
        Frame("lib.reader", "parse", "lib/reader.py", 7, None, in_app=False),
        Frame("app", "main", "app.py", 3, None, in_app=True),
    )


def test_what_is_not_named_is_not_kept():
    report = read()
    kept = [getattr(report, name) for name in report.__slots__ if name != "identities"]
    frames = [[getattr(frame, name) for name in frame.__slots__] for frame in report.frames]
    assert "sekret" not in str([kept, frames])


def test_the_people_of_an_event_are_its_identities():
    user, host, device = IdentityKind.USER_NAME, IdentityKind.HOST_NAME, IdentityKind.DEVICE_ID
    expected = {
        Identity(user, "ywz.qk@example.org"),
        Identity(user, "ywz.qk"),
        Identity(user, "ywzqk"),
        Identity(user, "Ywz Qk"),
        Identity(user, "Qk"),
        Identity(host, "web-7.example.org"),
        Identity(host, "Ywz's laptop"),
        Identity(device, "u-77"),
    }
    assert expected <= set(read().identities)


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("shop@1.2.3", ("shop", "1.2.3")),
        ("@scope/shop@1.2.3", ("@scope/shop", "1.2.3")),
        ("org.example.shop-1.0", ("org.example.shop", "1.0")),
        ("my-shop-v2.1.0-beta.1", ("my-shop", "2.1.0-beta.1")),
        ("1.4.1 (2017)", ("org.example.shop", "1.4.1")),
        ("e386dfd", ("org.example.shop", "e386dfd")),
        (None, ("org.example.shop", None)),
    ],
)
def test_a_release_names_product_and_version(release, expected):
    report = read(release=release)
    assert (report.product, report.version) == expected


@pytest.mark.parametrize(
    ("contexts", "expected"),
    [
        ({"os": {"name": "Windows", "version": "10.0.22631"}}, ("Windows", "11", "22631")),
        (
            {"server-os": {"type": "os", "raw_description": "Microsoft Windows 10.0.17134 "}},
            ("Windows", "10", "17134"),
        ),
        (
            {
                "os": {
                    "name": "Linux",
                    "distribution_name": "ubuntu",
                    "distribution_version": "24.04",
                }
            },
            ("Ubuntu", "24.04", None),
        ),
        ({}, (None, None, None)),
    ],
)
def test_the_operating_system_is_read_from_its_context(contexts, expected):
    report = read(contexts=contexts)
    assert (report.os_name, report.os_version, report.os_build) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "u-77"),
        ({"user": {"email": "a@b.c"}, "contexts": {"device": {"id": "d-1"}}}, "d-1"),
        ({"user": None, "contexts": {"app": {"device_app_hash": "h-1"}}}, "h-1"),
        ({"user": None, "contexts": {}}, None),
    ],
)
def test_the_installation_is_the_users_id_or_a_devices(changes, expected):
    assert read(**changes).install_id == expected


@pytest.mark.parametrize(
    "interfaces",
    [
        {"exception": EVENT["exception"]},
        {"exception": EVENT["exception"]["values"]},
        {"exception": EVENT["exception"]["values"][1]},
        {"exception": None, "sentry.interfaces.Exception": EVENT["exception"]},
        {"exception": [None, *EVENT["exception"]["values"]]},
    ],
)
def test_every_form_of_the_exception_interface_is_read(interfaces):
    event = EVENT | interfaces
    if event["exception"] is None:
        del event["exception"]
    report = read_one(event)
    assert isinstance(report, CrashReport)
    assert (report.exception_type, len(report.frames)) == ("ValueError", 2)


def chained(kind: str, exception_id: int, parent_id: int | None = None, **mechanism: object):
    ids = {"exception_id": exception_id, "parent_id": parent_id}
    return {"type": kind, "mechanism": ids | mechanism}


@pytest.mark.parametrize(
    ("platform", "exceptions", "expected"),
    [
        ("java", [{"type": "Root"}, {"type": "Middle"}, {"type": "Wrapper"}], "Root"),
        ("csharp", [{"type": "Root"}, {"type": "Wrapper"}], "Root"),
        ("ruby", [{"type": "Handled"}, {"type": "Raised"}], "Raised"),
        ("python", [{"type": "Handled"}, {"type": "Raised"}], "Raised"),
        ("python", [chained("Root", 1, 0, source="__cause__"), chained("Wrapper", 0)], "Root"),
        ("python", [chained("Old", 1, 0, source="__context__"), chained("Raised", 0)], "Raised"),
        (
            "python",
            [
                chained("Second", 3, 0, source="exceptions[1]"),
                chained("CauseOfFirst", 2, 1, source="__cause__"),
                chained("First", 1, 0, source="exceptions[0]"),
                chained("Group", 0, is_exception_group=True),
            ],
            "CauseOfFirst",
        ),
        (
            "java",
            [
                chained("Cause", 3, 0),
                chained("CauseOfSuppressed", 2, 1),
                chained("Suppressed", 1, 0, type="suppressed"),
                chained("Thrown", 0),
            ],
            "Cause",
        ),
        ("javascript", [{"type": "React ErrorBoundary Error"}, {"type": "Error"}], "Error"),
    ],
)
def test_the_root_cause_names_the_crash(platform, exceptions, expected):
    assert read(platform=platform, exception={"values": exceptions}).exception_type == expected


def test_the_frames_are_the_root_causes_or_those_of_the_exception_around_it():
    inner = {"type": "Root", "stacktrace": {"frames": [{"function": "load"}]}}
    outer = {"type": "Wrapper", "stacktrace": {"frames": [{"function": "wrap"}]}}
    bare = {"type": "Root", "stacktrace": {"frames": []}}
    for cause, function in ((inner, "load"), (bare, "wrap")):
        (frame,) = read(platform="java", exception=[cause, outer]).frames
        assert frame.function == function


def test_a_chain_of_many_exceptions_is_read_in_linear_time():
    exceptions = [{"type": "E"}] * 200_000
    assert read(platform="java", exception=exceptions).exception_type == "E"


def test_managed_frames_are_named_by_their_class_and_have_no_offset():
    frames = [
        {
            "package": "Shop.Web, Version=1.0.0.0, Culture=neutral",
            "module": "Shop.Web.HomeController",
            "function": "Index",
            "instruction_addr": "0x20",
            "addr_mode": "rel:0",
        },
        {"module": "org.shop.Cart$$Lambda/0x00007f1c0c001000", "function": "run"},
        {"package": "Shop.Core, Version=2.0.0.0", "function": "Sum"},
    ]
    assert native(frames) == (
        Frame("Shop.Core", "Sum"),
        Frame("org.shop.Cart$$Lambda", "run"),
        Frame("Shop.Web.HomeController", "Index"),
    )


def test_a_function_without_a_name_has_none():
    frames = [{"function": name, "filename": "a.js"} for name in ("anonymous", "<anonymous>", "?")]
    assert {frame.function for frame in native(frames)} == {None}


def test_java_classes_carry_their_package():
    thrown = {"type": "Fault", "module": "org.example", "value": "x"}
    assert read(platform="java", exception=[thrown]).exception_type == "org.example.Fault"


IMAGES = {
    "images": [
        {"image_addr": "0x1000", "image_size": 256, "code_file": "/usr/lib/libapp.so"},
        {"image_addr": 8192, "image_size": "0x100", "name": "C:\\x\\core.dll"},
    ]
}


def test_the_processor_is_that_of_the_process():
    images = [{"image_addr": 4096, "image_size": 1, "cpu_type": 16777223}]
    context = {"device": {"arch": "x86"}}
    assert read(contexts=context, debug_meta={"images": images}).arch == "x86_64"
    assert read(contexts=context, debug_meta=IMAGES).arch == "x86"
    assert read(contexts={}, debug_meta={"images": [{"arch": "arm64e"}]}).arch == "arm64"


def native(frames: list[object], **thrown: object) -> tuple[Frame, ...]:
    exception = {"type": "SIGSEGV", "stacktrace": {"frames": frames}, **thrown}
    return read(exception=[exception], debug_meta=IMAGES).frames


def test_native_frames_are_module_and_offset():
    frames = [
        {"instruction_addr": "0x2010"},
        {"instruction_addr": "0x9999"},
        {"instruction_addr": "0x5005", "image_addr": "0x5000", "package": "/a/libx.so"},
        {"instruction_addr": "0x20", "addr_mode": "rel:1"},
        {"instruction_addr": "0x1020", "function": "crash", "in_app": True},
    ]
    assert native(frames) == (
        Frame("libapp.so", "crash", offset=0x20, in_app=True),
        Frame("core.dll", offset=0x20),
        Frame("libx.so", offset=5),
        Frame(),
        Frame("core.dll", offset=0x10),
    )


@pytest.mark.parametrize("mark", [{"crashed": True}, {"id": 7}])
def test_a_native_exception_has_the_stack_of_its_thread(mark):
    threads = [
        {"id": 1, "current": True, "stacktrace": {"frames": [{"function": "idle"}]}},
        {"id": 6, "stacktrace": {"frames": [{"function": "crash"}]}, **mark},
    ]
    report = read(exception=[{"type": "SIGABRT", "thread_id": 7}], threads={"values": threads})
    assert [frame.function for frame in report.frames] == ["crash"]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"signal": {"name": "SIGSEGV", "code_name": "SEGV_MAPERR"}}, "SIGSEGV / SEGV_MAPERR"),
        (
            {"mach_exception": {"name": "EXC_BAD_ACCESS"}, "signal": {"name": "SIGBUS"}},
            "EXC_BAD_ACCESS / SIGBUS",
        ),
        ({}, None),
    ],
)
def test_the_reason_is_the_signal_of_the_mechanism(meta, expected):
    assert read(exception=[{"type": "x", "mechanism": {"meta": meta}}]).reason == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"extra": {"crashed_process": "renderer[1]"}}, "renderer"),
        ({"tags": [["event.process", "browser"]]}, "browser"),
        ({"contexts": {"electron": {"crashed_process": "gpu"}}}, "gpu"),
        ({}, None),
    ],
)
def test_electron_tells_the_kind_of_process(changes, expected):
    assert read(**changes).process_type == expected


def test_a_scripts_url_loses_its_query():
    frame = {"function": "f", "filename": "https://example.org/a.js?token=sekret#x"}
    assert read(exception=[{"stacktrace": {"frames": [frame]}}]).frames == (
        Frame(function="f", file="https://example.org/a.js"),
    )


@pytest.mark.parametrize("level", [None, "error", "fatal", 40])
def test_a_grave_message_without_a_stack_is_a_report(level):
    report = read(exception=None, level=level, logentry={"formatted": "disk is full"})
    assert (report.message, report.exception_type, report.frames) == ("disk is full", None, ())


@pytest.mark.parametrize(
    "event",
    [
        EVENT | {"exception": None, "level": "info", "message": "started"},
        EVENT | {"exception": None, "level": 20, "message": "started"},
        EVENT | {"exception": None},
        EVENT | {"type": "transaction"},
        EVENT | {"type": "csp"},
        {"csp-report": {"document-uri": "https://example.org"}},
        {"expect-ct-report": {"hostname": "example.org"}},
        {"expect-staple-report": {"hostname": "example.org"}},
        {"known-pins": [], "validated-certificate-chain": []},
    ],
)
def test_what_is_no_crash_is_told_apart(event):
    assert failure(json.dumps(event).encode()) == ("not_a_crash", "sentry_event")


@pytest.mark.parametrize(
    ("cut", "kind"), [(lambda p: p[:-30], "truncated"), (lambda p: p + b"}", "malformed")]
)
def test_what_is_broken_is_rejected_by_its_kind(cut, kind):
    assert failure(cut(json.dumps(EVENT).encode())) == (kind, "sentry_event")


@pytest.mark.parametrize("key", sorted(EVENT))
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], {"values": 3}, [None, 3]])
def test_a_field_of_another_type_never_stops_the_reading(key, value):
    payload = json.dumps(EVENT | {"stacktrace": STACK, key: value}).encode()
    for result in parse_payload(RawReport("x", payload), Limits()):
        assert isinstance(result, CrashReport) or result.kind.value == "not_a_crash"
