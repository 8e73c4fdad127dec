"""What the signing step hands on at a bundle's end, and at which time."""

from datetime import UTC, datetime

from apache_beam.pvalue import TaggedOutput
from apache_beam.utils.timestamp import Timestamp

from schemas.policy import Policy
from schemas.records import Clean, CleanFrame, CrashReport, ScrubbedCrash, Stack
from transforms.aggregate import crashes_of
from transforms.anonymize import ScrubbedReport
from transforms.keys import KeySource
from transforms.ptransforms.signing import _SignStep

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
FRAMES = (CleanFrame(Clean("libfoo.so"), Clean("read_all"), None, 3),)


def report(number: int) -> ScrubbedReport:
    raw = CrashReport("t", report_id=str(number), install_id="one", received_at=NOON)
    return ScrubbedReport(raw, ScrubbedCrash("t", frames=FRAMES))


def test_a_stack_is_as_early_as_the_earliest_crash_that_shows_it() -> None:
    """Else a late message that comes first would take the stack of one in time with it."""
    step = _SignStep(Policy(name="test"), KeySource(bytes(range(32))), None)
    step.setup()
    step.start_bundle()
    for number, time in enumerate((30, 10, 20)):
        assert not list(step.process(report(number), time=Timestamp(time)))
    stacks, packs = [], []
    for each in step.finish_bundle():
        if isinstance(each, TaggedOutput):
            if isinstance(each.value.value, Stack):
                stacks.append(each.value)
        else:
            packs.append(each)
    assert [stack.timestamp for stack in stacks] == [Timestamp(10)]
    assert sorted(pack.timestamp for pack in packs) == [Timestamp(10), Timestamp(20), Timestamp(30)]
    assert len(list(crashes_of(pack.value for pack in packs))) == 3
