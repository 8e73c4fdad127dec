"""Tallies of single reports, in the period of their time, or of their file's."""

from datetime import datetime

from schemas.policy import Policy
from schemas.records import Failure, Tally, TallyName
from transforms.aggregate import period_of


def rejected(failure: Failure, received_at: datetime | None, policy: Policy) -> Tally:
    """Return what counts a report that cannot be used."""
    return Tally(TallyName.REJECTED, failure.kind.value, 1, tally_period(received_at, policy))


def tally_period(received_at: datetime | None, policy: Policy) -> str:
    """Return the period that a count is of, nothing when the report tells no time."""
    return "" if received_at is None else period_of(received_at, policy.period_days)
