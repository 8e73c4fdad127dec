"""What annotations tell, under the names that reporters give them."""

from datetime import UTC, datetime

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Identity, IdentityKind, RawReport
from transforms.parse import parse_payload
from transforms.parse.annotations import annotation_facts, normalised_id, with_annotations


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("prod", "product"), ("_productName", "product"), ("ProductName", "product"),
        ("ver", "version"), ("_version", "version"), ("Version", "version"),
        ("channel", "channel"), ("ReleaseChannel", "channel"),
        ("ptype", "process_type"), ("process_type", "process_type"),
        ("ProcessType", "process_type"), ("guid", "install_id"), ("client_id", "install_id"),
        ("install_id", "install_id"), ("report_id", "report_id"), ("uuid", "report_id"),
    ],
)  # fmt: skip
def test_a_fact_is_found_under_every_reporters_name(name: str, fact: str) -> None:
    assert getattr(annotation_facts({name: "x-1"}), fact) == "x-1"


@pytest.mark.parametrize(
    "value", ["2026-01-05T10:00:00Z", "2026-01-05T11:00:00+01:00", "1767607200", "1767607200000"]
)
def test_the_time_of_receipt_is_read_as_a_date_or_a_number(value: str) -> None:
    facts = annotation_facts({"received_at": value})
    assert facts.received_at == datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("annotations", "consent"),
    [
        ({"consent": "denied"}, False), ({"consent": "false"}, False), ({"consent": "0"}, False),
        ({"user_consent": "Refused"}, False), ({"opt_out": "true"}, False),
        ({"consent_given": "false"}, False), ({"consentStatus": "denied"}, False),
        ({"opt_in": "false"}, False), ({"optedOut": "true"}, False),
        ({"opt_out_of_sharing": "true"}, False), ({"consentVersion": "3"}, None),
        ({"gpu_optinfo": "x"}, None), ({"consent_given": "yes"}, True),
        ({"consent": "granted"}, True), ({"opt-out": "false"}, True),
        ({"consent": "true", "opt_out": "1"}, False), ({"consent": "perhaps"}, False), ({}, None),
        ({"consent": "declined"}, False), ({"consent": ""}, False), ({"consent": "0.0"}, False),
        ({"gdpr_consent": "false"}, False), ({"Consent": "true", "consent": "false"}, False),
        ({str(n): "x" for n in range(5000)} | {"consent": "no"}, False),
    ],
)  # fmt: skip
def test_one_refusal_is_enough(annotations: dict[str, str], consent: bool | None) -> None:
    assert annotation_facts(annotations).consent is consent


def test_annotations_that_name_somebody_are_identities() -> None:
    facts = annotation_facts({"user": "jane@example.org", "HostName": "janes-box", "guid": "{A-1}"})
    assert {
        Identity(IdentityKind.USER_NAME, "jane@example.org"),
        Identity(IdentityKind.USER_NAME, "jane"),
        Identity(IdentityKind.HOST_NAME, "janes-box"),
        Identity(IdentityKind.DEVICE_ID, "{A-1}"),
        Identity(IdentityKind.DEVICE_ID, "A-1"),
    } == set(facts.identities)


def test_annotations_stand_before_what_the_report_says_and_leave_the_rest() -> None:
    report = CrashReport("test", product="Own", version="1", message="kept")
    told = with_annotations(report, {"ver": "2", "comment": "never kept"})
    assert (told.product, told.version, told.message) == ("Own", "2", "kept")
    assert "never kept" not in str([getattr(told, name) for name in told.__slots__])


def test_one_installation_is_one_whatever_the_spelling_of_its_id() -> None:
    assert normalised_id(" {ABC-1}\n") == normalised_id("abc-1") == "abc-1"
    assert normalised_id("{}") is None
    dashed = "7d9f2c51-3a4e-4f0b-9b1c-52d8e6a7f013"
    plain = dashed.replace("-", "")
    for spelling in (
        plain, plain.upper(), f"urn:uuid:{dashed}", f"0x{plain}", f"{{{dashed}}}", f"{dashed}.",
        dashed.replace("-", "_"), dashed.replace("-", ":"), f"{dashed}\x00", f"\u200b{dashed}",
        dashed.replace("7", "\uff17"),
    ):  # fmt: skip
        assert normalised_id(spelling) == dashed


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "null",
        "(null)",
        "None",
        " undefined ",
        "N/A",
        "unknown",
        "0",
        "-",
        "00000000-0000-0000-0000-000000000000",
        "{FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF}",
        "0" * 32,
    ],
)
def test_what_stands_for_no_id_is_no_installation(value: str | None) -> None:
    """Each spelling would count as one more, and ten of them as ten people."""
    assert normalised_id(value) is None


@pytest.mark.parametrize("value", ["1", "f", "10", "\u7528\u62370", "nobody"])
def test_a_short_id_is_one(value: str) -> None:
    assert normalised_id(value) == value


def test_a_refusal_within_the_report_is_not_taken_back_by_a_sidecar() -> None:
    assert with_annotations(CrashReport("t", consent=False), {"consent": "yes"}).consent is False


def test_a_sidecar_completes_any_format() -> None:
    payload = b'{"event_id": "e", "exception": {"values": [{"type": "E", "value": "v"}]}}'
    raw = RawReport("x", payload, None, {"prod": "Editor", "guid": "{I-7}", "consent": "no"})
    report = next(iter(parse_payload(raw, Limits())))
    assert isinstance(report, CrashReport)
    assert (report.product, report.install_id, report.consent) == ("Editor", "i-7", False)
