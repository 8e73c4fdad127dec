"""Up to which time all that was published has been delivered, as far as a puller can know.

Pub/Sub delivers in no order and does not tell what it still holds. What is delivered late shows
in the publish times of what came within some time, the horizon: the watermark is the oldest of
them, and never closer to the clock than the horizon, which is longer than the time after which
Pub/Sub delivers again what somebody lost. Where nothing is published it follows the clock.

This is an estimate, as it is in Beam's own reader for Java: what Pub/Sub holds back for longer
than the horizon, while it delivers newer messages, comes after the watermark, and counts as late.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

_PARTS = 10
"""A horizon is remembered in so many parts."""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """What one puller knows; times are seconds since 1970.

    `reached` is the watermark, which never moves back. `since` is from when on the puller asked
    without a long pause, and `asked` when it last did. `oldest` has the oldest publish time of what
    came in each part of the horizon.
    """

    reached: float
    since: float
    asked: float
    oldest: tuple[tuple[int, float], ...] = ()

    def began_again(self, now: float) -> "PullProgress":
        """Return what is known when messages that were delivered before may come again."""
        return replace(self, since=now, asked=now)

    def answered(self, now: float, published: Iterable[float], horizon: float) -> "PullProgress":
        """Return what is known when Pub/Sub has answered with messages of these times, or none.

        After a long pause the watermark stands still for the length of the horizon.
        """
        known = self if now - self.asked <= horizon / 2 else self.began_again(now)
        width = horizon / _PARTS
        first, this = int((now - horizon) / width), int(now / width)
        oldest = {part: when for part, when in known.oldest if part >= first}
        for when in published:
            oldest[this] = min(when, oldest.get(this, when))
        reached = known.reached
        if now - known.since >= horizon:
            reached = max(reached, min([now - horizon, *oldest.values()]))
        return replace(known, reached=reached, asked=now, oldest=tuple(oldest.items()))


NOTHING_YET = PullProgress(reached=0, since=0, asked=0)
