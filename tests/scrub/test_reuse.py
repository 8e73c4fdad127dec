"""What is reused between reports: never what hides one report's names for another that has them."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import CrashReport, Frame, Identity, IdentityKind
from transforms.scrub import Finding, Scrubber, ScrubError

MAIL = re.compile(r"\w+@\w+\.org")
AROUND = ("bell", "a@b.org", "/", "\\", ".so", "::", " ", "main", "4.5.6", "\u200b", "\x1f", "<X>")
NAMES = ("zoe.q9x7", "k\u00fcrt.b8y6", "ann o'bell")


def find_mail(text: str) -> Sequence[Finding]:
    return [Finding("EMAIL_ADDRESS", m.start(), m.end(), 0.9) for m in MAIL.finditer(text)]


def user(value: str) -> Identity:
    return Identity(IdentityKind.USER_NAME, value)


@pytest.mark.parametrize(
    "leaking",
    [
        CrashReport("t", frames=(Frame("lib.so", "read_zoe.q9x7_notes", "a.c", 3),)),
        CrashReport("t", frames=(Frame("zoe.q9x7.so", "read"), Frame("b.so", "main"))),
        CrashReport("t", frames=(Frame("lib.so", "read", "/src/zoe.q9x7.c"),)),
        CrashReport("t", product="notes of ZOE.Q9X7"),
        CrashReport("t", reason="zoe.q9x7 stopped", message="nothing"),
        CrashReport("t", message="of zo\u200be.q9x7"),
    ],
)
def test_a_name_is_hidden_in_what_was_kept_for_a_report_without_it(leaking: CrashReport) -> None:
    scrubber = Scrubber(find_mail)
    before = scrubber.scrub_report(leaking)
    assert "9x7" in repr(before).lower()
    fields = {name: getattr(leaking, name) for name in CrashReport.__slots__}
    named = CrashReport(**fields | {"identities": (user("tom.c5v4"), user("zoe.q9x7"))})
    crash = scrubber.scrub_report(named)
    assert "9x7" not in repr(crash).lower()
    assert crash.redactions == {"USER_NAME": 1}
    assert scrubber.scrub_report(leaking) == before


TEXTS = st.one_of(
    st.none(),
    st.lists(
        st.sampled_from(
            [*NAMES, *map(str.upper, NAMES), "ann+o%27bell", "k\\u00fcrt.b8y6", *AROUND]
        ),
        max_size=5,
    ).map("".join),
)
FRAMES = st.builds(Frame, TEXTS, TEXTS, TEXTS, st.one_of(st.none(), st.integers(1, 2)))
REPORTS = st.builds(
    CrashReport,
    st.just("t"),
    product=TEXTS,
    version=TEXTS,
    reason=TEXTS,
    message=TEXTS,
    frames=st.lists(FRAMES, max_size=3).map(tuple),
    identities=st.lists(st.sampled_from(NAMES).map(user), max_size=2, unique=True).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(REPORTS, min_size=1, max_size=4))
def test_what_is_reused_changes_nothing(reports: list[CrashReport]) -> None:
    keeping = Scrubber(find_mail)
    for report in reports + reports:
        assert keeping.scrub_report(report) == Scrubber(find_mail, 0).scrub_report(report)


@settings(max_examples=150, deadline=None)
@given(REPORTS)
def test_each_text_of_a_report_is_scrubbed_as_it_would_be_alone(report: CrashReport) -> None:
    scrubber = Scrubber(find_mail)
    crash = scrubber.scrub_report(report)

    def alone(text: str | None) -> str | None:
        if not text or not text.strip():
            return None
        return scrubber.scrub_text(text, report.identities).text

    assert (crash.product, crash.message) == (alone(report.product), alone(report.message))
    functions = [alone(frame.function) for frame in report.frames]
    assert [frame.function for frame in crash.frames] == functions


@pytest.mark.parametrize(
    "report",
    [
        CrashReport("t", frames=(Frame("lib.so", "read", "a.c"),)),
        CrashReport("t", product="notes"),
        CrashReport("t", message="stopped"),
    ],
)
def test_what_could_not_be_scrubbed_once_is_tried_again(report: CrashReport) -> None:
    failing = [True]

    def find(text: str) -> Sequence[Finding]:
        if failing:
            raise ScrubError
        return find_mail(text)

    scrubber = Scrubber(find)
    assert "WITHHELD" in scrubber.scrub_report(report).redactions
    failing.clear()
    assert scrubber.scrub_report(report) == Scrubber(find_mail).scrub_report(report)
