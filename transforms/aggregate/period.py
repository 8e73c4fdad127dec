"""Periods: the finest time that is published (P9), and which of them are over (P6).

Days are counted from 0001-01-01, a Monday of the proleptic Gregorian calendar that Python's `date`
uses, so every date has a period and periods of 7 days are ISO weeks.
"""

from datetime import UTC, date, datetime


def period_of(received_at: datetime, period_days: int) -> str:
    """Return the first day of the period that a time lies in, as an ISO date (UTC).

    Args:
        received_at: an aware time.
        period_days: the length of every period, in days.

    Raises:
        ValueError: the time is naive, so its day is not known.
    """
    if received_at.utcoffset() is None:
        raise ValueError("a time without a zone has no period")
    days_before = received_at.astimezone(UTC).toordinal() - date.min.toordinal()
    return date.fromordinal(
        date.min.toordinal() + days_before // period_days * period_days
    ).isoformat()


def is_closed(period: str, period_days: int, as_of: date) -> bool:
    """Tell whether the last day of a period (its first day, ISO) lies before the day `as_of`."""
    return date.fromisoformat(period).toordinal() + period_days <= as_of.toordinal()
