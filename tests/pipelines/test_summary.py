"""The summary that ends a run, and what it says when nothing was released."""

from pipelines.summary import Tallies, render_summary
from schemas.policy import Policy
from schemas.records import TallyName

POLICY = Policy(name="mine")
DEVELOPMENT = Policy(name="mine", anonymous=False, k=1)
READ = (TallyName.READ, "")


def summary(counts: dict[tuple[TallyName, str], int], policy: Policy = POLICY) -> str:
    return render_summary(Tallies(counts), policy, "out")


def test_it_tells_what_was_read_rejected_redacted_and_released() -> None:
    text = summary(
        {
            READ: 1200,
            (TallyName.REJECTED, "truncated"): 2,
            (TallyName.REJECTED, "empty"): 1,
            (TallyName.REDACTED, "EMAIL_ADDRESS"): 7,
            (TallyName.RELEASED, "crashes_by_version_os"): 5,
            (TallyName.SUPPRESSED, "crashes_by_version_os"): 3,
        }
    )
    assert "read        1,200 reports" in text
    assert "rejected    empty 1, truncated 2" in text
    assert "redacted    EMAIL_ADDRESS 7" in text
    assert "5 rows of crashes_by_version_os, 3 suppressed (fewer than 10 installations)" in text
    assert "crashveil query out" in text
    assert "NOTHING" not in text


def test_it_tells_how_to_look_at_an_output_in_the_cloud() -> None:
    counts = {READ: 20, (TallyName.RELEASED, "signatures"): 1}
    text = render_summary(Tallies(counts), POLICY, "gs://bucket/out")
    assert 'a local copy of gs://bucket/out, then: crashveil query COPY "from' in text


def test_it_tells_the_seconds_of_each_step() -> None:
    text = summary({READ: 1, (TallyName.MILLISECONDS, "scrub"): 61_234})
    assert "seconds     scrub 61.2" in text


def test_it_names_the_rule_when_nothing_was_released() -> None:
    cases = {
        "rule P1": {READ: 5, (TallyName.SUPPRESSED, "signatures"): 3},
        "rule P6": {READ: 5, (TallyName.HELD_BACK, "period_open"): 3, (TallyName.LATE, ""): 2},
        "rule P5": {READ: 5, (TallyName.LATE, ""): 5},
        "rule P5: a period": {READ: 5, (TallyName.PERIODS, "kept"): 1},
        "there is nothing new": {},
        "rule P14": {READ: 5, (TallyName.EXCLUDED, "consent_refused"): 5},
        "no report could be read": {READ: 5, (TallyName.REJECTED, "empty"): 5},
    }
    for rule, counts in cases.items():
        text = summary(counts)
        assert "NOTHING WAS RELEASED" in text
        assert rule in text


def test_it_marks_a_policy_that_is_not_anonymous() -> None:
    assert "NOT ANONYMOUS" in summary({READ: 1}, DEVELOPMENT)
    assert "NOT ANONYMOUS" not in summary({READ: 1})


def test_nothing_was_readable_when_all_was_rejected() -> None:
    assert Tallies({READ: 2, (TallyName.REJECTED, "empty"): 2}).nothing_readable
    assert not Tallies({READ: 3, (TallyName.REJECTED, "empty"): 2}).nothing_readable
