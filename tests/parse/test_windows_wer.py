"""Report.wer: signatures by position, in any language and encoding."""

from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, Frame, RawReport
from tests.parse.reading import read_one, read_report
from transforms.parse import parse_payload, recognized_format

ENGLISH = (
    "Application Name", "Application Version", "Application Timestamp", "Fault Module Name",
    "Fault Module Version", "Fault Module Timestamp", "Exception Code", "Exception Offset",
)  # fmt: skip
GERMAN = (
    "Anwendungsname", "Anwendungsversion", "Anwendungszeitstempel", "Fehlermodulname",
    "Fehlermodulversion", "Fehlermodulzeitstempel", "Ausnahmecode", "Ausnahmeoffset",
)  # fmt: skip
GREEK = tuple("Όνομα" + "ς" * number for number in range(8))
CRASH = (
    "Painter.exe", "7.2.0.1", "65a1b2c3", "libbrush.dll",
    "3.1.0.0", "65a1b2c4", "c0000005", "000000000000522d",
)  # fmt: skip


def wer(
    event: str = "APPCRASH",
    values: tuple[str, ...] = CRASH,
    names: tuple[str, ...] = ENGLISH,
    system: str = "10.0.22631.2.0.0.256.48",
    **more: str,
) -> str:
    """Return a report; `more` are further lines, put before the last ones."""
    titles = (*names, *["Name"] * len(values))
    signature = [
        f"Sig[{number}].Name={titles[number]}\nSig[{number}].Value={value}"
        for number, value in enumerate(values)
    ]
    lines = [
        "Version=1",
        f"EventType={event}",
        "EventTime=133500000000000000",
        "ReportType=2",
        "ReportIdentifier=0F8FAD5B-D9CB-469F-A165-70867728950E",
        "IntegratorReportIdentifier=7c9e6679-7425-40de-944b-e07fc1f90ae7",
        *signature,
        "DynamicSig[1].Name=OS Version",
        f"DynamicSig[1].Value={system}",
        "DynamicSig[2].Name=Locale ID",
        "DynamicSig[2].Value=1031",
        "UI[2]=D:\\Users\\mara.k7\\Painter\\Painter.exe",
        "LoadedModule[0]=C:\\Windows\\SYSTEM32\\ntdll.dll",
        *(f"{key}={value}" for key, value in more.items()),
        "FriendlyEventName=Stopped working",
        f"ConsentKey={event}",
        "AppName=The Painter",
        "AppPath=D:\\Users\\mara.k7\\Painter\\Painter.exe",
    ]
    return "\r\n".join(lines).replace("\n", "\r\n").replace("\r\r", "\r") + "\r\n"


read = partial(read_report, "windows_wer")


def with_system(**pairs: str) -> dict[str, str]:
    """Return the lines of OsInfo that tell the pairs."""
    lines = {}
    for number, (key, value) in enumerate(pairs.items()):
        lines |= {f"OsInfo[{number}].Key": key, f"OsInfo[{number}].Value": value}
    return lines


@pytest.mark.parametrize("names", [ENGLISH, GERMAN, GREEK], ids=["English", "German", "Greek"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_facts_are_read_in_every_language_and_encoding(
    names: tuple[str, ...], encoding: str
) -> None:
    report = read(wer(names=names).encode(encoding))
    assert (report.product, report.version) == ("Painter", "7.2.0.1")
    assert (report.os_name, report.os_version, report.os_build) == ("Windows", "11", "22631")
    assert report.reason == "EXCEPTION_ACCESS_VIOLATION"
    assert report.exception_type is None
    assert report.frames == (Frame("libbrush.dll", offset=0x522D),)
    assert report.report_id == "0F8FAD5B-D9CB-469F-A165-70867728950E"
    assert report.received_at == datetime(2024, 1, 17, 21, 20, tzinfo=UTC)
    assert not report.truncated


BEX = (*CRASH[:6], "0000000000001234", "c0000409", "0000000000000007")
CLR = ("Shop.exe", "1.0.0.0", "6a890000", "Shop.Core", "1.2.0.0", "eed6935d", "e8", "3f",
       "System.InvalidOperationException")  # fmt: skip
PACKAGE = "Example.Notes_4.5.6.0_arm64__8wekyb3d8bbwe"
PACKAGED = (PACKAGE, "praid:App", *CRASH[1:])


@pytest.mark.parametrize(
    ("event", "values", "product", "version", "reason", "frames"),
    [
        ("BEX64", BEX, "Painter", "7.2.0.1",
         "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_FATAL_APP_EXIT",
         (Frame("libbrush.dll", offset=0x1234),)),
        ("BEX", (*BEX[:7], "c0000005", "00000008"), "Painter", "7.2.0.1",
         "EXCEPTION_ACCESS_VIOLATION_EXEC", (Frame("libbrush.dll", offset=0x1234),)),
        ("CLR20r3", CLR, "Shop", "1.0.0.0", "System.InvalidOperationException",
         (Frame("Shop.Core", "MethodDef e8"),)),
        ("MoAppCrash", PACKAGED, "Example.Notes", "4.5.6.0", "EXCEPTION_ACCESS_VIOLATION",
         (Frame("libbrush.dll", offset=0x522D),)),
        ("MoBEX", (PACKAGE, "praid:App", *BEX[1:]), "Example.Notes", "4.5.6.0",
         "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_FATAL_APP_EXIT",
         (Frame("libbrush.dll", offset=0x1234),)),
        ("AppHangB1", (*CRASH[:3], "a1b2", "134217728"), "Painter", "7.2.0.1", "AppHangB1", ()),
        ("MoAppHang", (*PACKAGED[:4], "a1b2", "1"), "Example.Notes", "4.5.6.0", "MoAppHang", ()),
        ("APPCRASH", (*CRASH[:6], "deadbeef", "10"), "Painter", "7.2.0.1", "0xdeadbeef",
         (Frame("libbrush.dll", offset=0x10),)),
    ],
)  # fmt: skip
def test_each_kind_of_event_has_its_own_positions(
    event: str, values: tuple[str, ...], product: str, version: str, reason: str,
    frames: tuple[Frame, ...],
) -> None:  # fmt: skip
    report = read(wer(event, values))
    assert (report.product, report.version, report.reason) == (product, version, reason)
    assert report.frames == frames


@pytest.mark.parametrize(
    ("offset", "frames"),
    [
        ("PCH_84_FROM_ntdll+0x00000000000A1B2C", (Frame(), Frame("ntdll", offset=0xA1B2C))),
        ("PCH_84", ()),
        ("0000000000000000", ()),
    ],
)
def test_code_outside_of_all_modules_is_known_by_its_caller(
    offset: str, frames: tuple[Frame, ...]
) -> None:
    report = read(wer(values=(*CRASH[:3], "StackHash_1a2b", *CRASH[4:7], offset)))
    assert report.frames == frames


@pytest.mark.parametrize(
    ("system", "more", "expected"),
    [
        ("10.0.19045.2.0.0.256.48", {}, ("Windows", "10", "19045")),
        ("10.0.22631.2.0.0.256.48", {"ubr": "3593"}, ("Windows", "11", "22631.3593")),
        ("6.1.7601.2.1.0.256.1", {}, ("Windows", "7", "7601")),
        ("", {"vermaj": "10", "vermin": "0", "verbld": "26100"}, ("Windows", "11", "26100")),
        ("", {}, ("Windows", None, None)),
    ],
)
def test_the_system_is_told_by_its_version(
    system: str, more: dict[str, str], expected: tuple[str | None, ...]
) -> None:
    report = read(wer(system=system, **with_system(**more)))
    assert (report.os_name, report.os_version, report.os_build) == expected


@pytest.mark.parametrize(
    ("more", "arch"),
    [
        ({"Wow64Host": "34404"}, "x86_64"),
        ({"Wow64Host": "34404", "Wow64Guest": "332"}, "x86"),
        ({"Wow64Host": "43620"}, "arm64"),
        (with_system(arch="12"), "arm64"),
        ({"Wow64Host": "x"}, None),
    ],
)
def test_the_processor_is_that_of_the_process(more: dict[str, str], arch: str | None) -> None:
    assert read(wer(**more)).arch == arch


@pytest.mark.parametrize(("number", "consent"), [("1", None), ("2", True), ("3", False)])
def test_a_denied_consent_is_a_refusal(number: str, consent: bool | None) -> None:
    assert read(wer(Consent=number)).consent is consent


def test_an_executable_without_a_version_has_none() -> None:
    assert read(wer(values=("a.exe", "0.0.0.0", *CRASH[2:]))).version is None  # noqa: S104 - a version, not an address


def test_users_and_machines_are_told_as_identities() -> None:
    guid = "5D2CE0A4-8A6B-4C6E-9B0C-1F2E3D4C5B6A"
    report = read(wer(**with_system(MachineGuid=guid), DeviceId="s:9F86D081").encode("utf-16"))
    hidden = {who.value for who in report.identities}
    assert {"mara.k7", guid, "s:9F86D081"} <= hidden
    assert report.install_id == guid.lower()
    without = wer().replace("mara.k7", "Public")
    assert "mara.k7" not in {who.value for who in read(without).identities}
    told = {value for name in report.__slots__ if isinstance(value := getattr(report, name), str)}
    assert not any("mara" in value for value in told)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (wer().partition("Sig[0].Value")[0], "truncated"),
        (wer().partition("Sig[6].Value")[0], "truncated"),
        (wer().partition("0005\r\n")[0], "truncated"),
        (wer("CLR20r3", CLR).partition("Sig[8].Value")[0], "truncated"),
        (wer(values=(*CRASH[:6], "no code", "1")), "malformed"),
        (wer("WindowsUpdateFailure3"), "not_a_crash"),
        (wer("Failover_clustering_resource_error"), "not_a_crash"),
    ],
)
def test_what_is_no_whole_crash_is_rejected_by_its_kind(text: str, kind: str) -> None:
    failure = read_one(text)
    assert isinstance(failure, Failure)
    assert (failure.kind.value, failure.format) == (kind, "windows_wer")


def test_a_report_cut_behind_its_signature_is_read_and_marked() -> None:
    report = read(wer().partition("LoadedModule")[0])
    assert report.truncated
    assert report.reason == "EXCEPTION_ACCESS_VIOLATION"


def test_binary_data_at_the_end_is_not_read() -> None:
    report = read(wer() + "[dynamic data]\r\nDeviceId=planted\r\n")
    assert report.install_id is None
    assert read(wer() + "DeviceId=planted\r\n").install_id == "planted"


@pytest.mark.parametrize(
    "payload",
    [
        wer(**{f"OsInfo[{number}].Key": "ubr" for number in range(2_000)}),
        wer().replace("EventTime=133500000000000000", "EventTime=" + "9" * 4_000),
        wer().replace("DynamicSig[1].Value=10", "DynamicSig[1].Value=" + "1." * 4_000),
        wer(values=(*CRASH[:3], "StackHash_1", *CRASH[4:7], "PCH_" + "_FROM_" * 9_000)),
    ],
)
def test_repetition_is_survived(payload: str) -> None:
    assert isinstance(read_one(payload), CrashReport)


@settings(max_examples=60)
@given(st.binary(max_size=200), st.integers(0, 900), st.sampled_from(["utf-8", "utf-16-le"]))
def test_any_bytes_in_a_report_are_survived(junk: bytes, at: int, encoding: str) -> None:
    whole = wer().encode(encoding)
    for payload in (whole[:at] + junk + whole[at:], whole[:at] + junk, b"Version=1\n" + junk):
        for found in parse_payload(RawReport("x", payload), Limits()):
            if isinstance(found, Failure):
                assert found.kind is not FailureKind.PARSER_ERROR


def test_text_that_only_names_a_version_is_no_report() -> None:
    assert recognized_format(b"Version=1\nName=Painter\n") is None
    assert recognized_format(b"Version=1\nEventType=APPCRASH\n") == "windows_wer"
