"""Periods: aligned, never finer than the policy says, and closed only when they are over."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.aggregate import is_closed, period_of


@pytest.mark.parametrize(
    ("time", "days", "first_day"),
    [
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), 1, "2026-11-22"),
        (datetime(2026, 11, 22, tzinfo=UTC), 7, "2026-11-16"),
        (datetime(2026, 11, 23, tzinfo=UTC), 7, "2026-11-23"),
        (datetime(2026, 11, 23, 1, tzinfo=timezone(timedelta(hours=2))), 1, "2026-11-22"),
        (datetime(1, 1, 1, tzinfo=UTC), 366, "0001-01-01"),
        (datetime(9999, 12, 31, tzinfo=UTC), 1, "9999-12-31"),
    ],
)
def test_a_time_lies_in_the_period_that_holds_its_utc_day(
    time: datetime, days: int, first_day: str
) -> None:
    assert period_of(time, days) == first_day


@given(st.datetimes(timezones=st.just(UTC)), st.integers(1, 366))
def test_a_period_holds_the_day_and_starts_a_whole_number_of_periods_after_a_fixed_monday(
    time: datetime, days: int
) -> None:
    first = date.fromisoformat(period_of(time, days))
    assert 0 <= (time.date() - first).days < days
    assert (first - date(1, 1, 1)).days % days == 0


@given(st.datetimes(timezones=st.just(UTC)))
def test_periods_of_seven_days_are_iso_weeks(time: datetime) -> None:
    first = date.fromisoformat(period_of(time, 7))
    assert first.isoweekday() == 1
    assert first.isocalendar()[:2] == time.date().isocalendar()[:2]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        period_of(datetime(2026, 11, 22), 1)


@pytest.mark.parametrize(
    ("period", "days", "as_of", "closed"),
    [
        ("2026-11-22", 1, date(2026, 11, 22), False),
        ("2026-11-22", 1, date(2026, 11, 23), True),
        ("2026-11-16", 7, date(2026, 11, 22), False),
        ("2026-11-16", 7, date(2026, 11, 23), True),
        ("2026-11-23", 1, date(2026, 11, 22), False),
        ("9999-12-31", 366, date(9999, 12, 31), False),
    ],
)
def test_a_period_is_closed_once_its_last_day_is_over(
    period: str, days: int, as_of: date, closed: bool
) -> None:
    assert is_closed(period, days, as_of) is closed
