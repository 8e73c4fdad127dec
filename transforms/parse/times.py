"""Times as reporters write them, to aware UTC."""

import re
from datetime import UTC, datetime

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


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Return how long it was from start to end, None when unknown or negative."""
    if start is None or end is None or end < start:
        return None
    return (end - start).total_seconds()
