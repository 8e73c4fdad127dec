"""Times as reporters write them, to aware UTC."""

import re
from datetime import UTC, datetime

_CTIME = re.compile(
    r"[a-z]{3} (?P<month>[a-z]{3}) {1,2}(?P<day>[0-9]{1,2}) "
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) (?P<year>[0-9]{4})\b",
    re.IGNORECASE | re.ASCII,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_SPACE_BEFORE_OFFSET = re.compile(r" (?=[+-][0-9]{2}:?[0-9]{2}$)")
_MAX_CHARS = 64
_MILLISECONDS_FROM = 1e11  # seconds since the epoch reach this in the year 5138


def parse_time(value: object) -> datetime | None:
    """Return an ISO 8601 time, or a number of seconds or milliseconds since the epoch, in UTC.

    A space may stand before the offset, as Apple writes it. A time without an offset counts as
    UTC. None for anything else, and for times that no calendar has.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
            return datetime.fromtimestamp(seconds, UTC)
        if isinstance(value, str):
            text = _SPACE_BEFORE_OFFSET.sub("", value[:_MAX_CHARS].strip().strip("'"))
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def parse_ctime(text: str) -> datetime | None:
    """Return the time that a text begins with as C's `ctime` writes it, taken for UTC.

    It has no zone, or the zone's name alone. None for anything else, and for no day of a calendar.
    """
    told = _CTIME.match(text)
    if told is None or told["month"].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(told["month"].lower()) + 1
    day, hour, minute, second = (int(told[name]) for name in ("day", "hour", "minute", "second"))
    try:
        return datetime(int(told["year"]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Return how long it was from start to end, None when unknown or negative."""
    if start is None or end is None or end < start:
        return None
    return (end - start).total_seconds()
