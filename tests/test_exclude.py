"""Who is left out before anything is counted (P14)."""

from dataclasses import replace

import pytest

from schemas.policy import Policy, PolicyError, parse_policy
from schemas.records import CrashReport
from transforms.aggregate import Pseudonyms
from transforms.exclude import exclusion

PSEUDONYMS = Pseudonyms(bytes(range(32)))
REPORT = CrashReport("sentry_event", install_id="jane's laptop")
NONE = Policy(name="test")
OBJECTED = Policy(name="test", objections=(PSEUDONYMS.objection("jane's laptop"),))


@pytest.mark.parametrize(
    ("consent", "why"), [(False, "consent_refused"), (True, None), (None, None)]
)
def test_whoever_refused_is_left_out(consent: bool | None, why: str | None) -> None:
    assert exclusion(replace(REPORT, consent=consent), NONE, PSEUDONYMS) == why


def test_whoever_objected_is_left_out_and_nobody_else() -> None:
    assert exclusion(REPORT, OBJECTED, PSEUDONYMS) == "objection"
    assert exclusion(replace(REPORT, install_id="john's"), OBJECTED, PSEUDONYMS) is None
    assert exclusion(replace(REPORT, install_id=None), OBJECTED, PSEUDONYMS) is None
    assert exclusion(REPORT, OBJECTED, Pseudonyms(bytes(range(1, 33)))) is None


def test_a_policy_lists_keyed_hashes_and_refuses_anything_else() -> None:
    hashed = PSEUDONYMS.objection("jane's laptop")
    assert parse_policy(f"name: p\nobjections: [{hashed}]", "p").objections == (hashed,)
    with pytest.raises(PolicyError, match="objections"):
        parse_policy("name: p\nobjections: [jane]", "p")
