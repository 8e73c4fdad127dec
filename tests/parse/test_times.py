from datetime import UTC, datetime

import pytest

from transforms.parse.times import parse_ctime, parse_time, seconds_between

NOON = datetime(2024, 5, 6, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-06T12:00:00Z",
        "2024-05-06T12:00:00",
        "2024-05-06 14:00:00.00 +0200",
        "2024-05-06 05:00:00.0000 -0700",
        "'2024-05-06T14:00:00.000+0200'",
        "2024-05-06 12:00:00.000000000+0000",
        1714996800,
        1714996800.0,
        1714996800000,
    ],
)
def test_times_of_all_reporters_are_utc(value):
    assert parse_time(value) == NOON


@pytest.mark.parametrize(
    "value",
    [
        *("", "yesterday", "2024-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
        *(1e300, float("nan"), float("inf"), -(10**30), True, None, []),
    ],
)
def test_what_is_no_time_is_none(value):
    assert parse_time(value) is None


def test_a_duration_is_in_seconds_and_never_negative():
    later = datetime(2024, 5, 6, 12, 1, 30, 500000, tzinfo=UTC)
    assert seconds_between(NOON, later) == 90.5
    assert seconds_between(later, NOON) is None
    assert seconds_between(None, NOON) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon May  6 12:00:00 2024", NOON),
        ("Mon May 6 12:00:00 2024", NOON),
        ("mon may 06 12:00:00 2024 CEST elapsed", NOON),
        ("Mon Mai  6 12:00:00 2024", None),
        ("Mon Feb 30 12:00:00 2024", None),
        ("Mon May  6 12:00:61 2024", None),
        ("Mon May  6 12:00:00 20240", None),
        ("now!", None),
        ("", None),
    ],
)
def test_a_time_of_c_is_taken_for_utc(text, moment):
    assert parse_ctime(text) == moment
