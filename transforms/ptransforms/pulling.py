"""Reading a Pub/Sub subscription on engines that have no way of their own.

A splittable step with no end: a puller takes a turn of about a second, hands the rest of its work
back to the engine, and is called again. What a turn pulled is acknowledged when the engine has it
for good (`Acknowledgements`).
"""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import apache_beam as beam
from apache_beam.io.gcp.pubsub import PubsubMessage
from apache_beam.io.iobase import RestrictionTracker, WatermarkEstimator
from apache_beam.pvalue import PBegin, PCollection
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.ptransforms.guarding import tells_no_values
from transforms.pull import (
    AGAIN_AFTER,
    BEGINNING,
    NOTHING_YET,
    Acknowledgements,
    Message,
    PullProgress,
    Subscription,
)


class _Turns(RestrictionTracker):
    """The turns of one puller: the name of the last one stands for all that are to come."""

    def __init__(self, last: str) -> None:
        self._last, self._over = last, False

    def current_restriction(self) -> str:
        """Return the name of the last turn."""
        return self._last

    def try_claim(self, name: str) -> bool:
        """Begin a turn, unless the engine has taken the work back."""
        if not self._over:
            self._last = name
        return not self._over

    def try_split(self, fraction_of_remainder: float) -> tuple[str, str] | None:
        """Hand the turns to come back; an endless row of them cannot be cut elsewhere."""
        if self._over or fraction_of_remainder > 0:
            return None
        self._over = True
        return self._last, self._last

    def check_done(self) -> bool:
        """Return that all is done, which it is when the turns to come are handed back."""
        if not self._over:
            raise ValueError("a turn ended without handing the rest back")
        return True

    def current_progress(self) -> Any:
        """Return None: of what has no end there is no progress.

        Beam 2.77 would fill in the bytes that came out, which are not a number until it has taken a
        sample of them, and fail when an engine asks for a split then, as Prism does.
        """
        return None

    def is_bounded(self) -> bool:
        """Return that there is no end."""
        return False


class _TurnsProvider(RestrictionProvider):
    def initial_restriction(self, element: int) -> str:  # noqa: ARG002 - all begin alike
        return BEGINNING

    def create_tracker(self, restriction: str) -> _Turns:
        return _Turns(restriction)

    def restriction_size(self, element: int, restriction: str) -> int:  # noqa: ARG002
        return 1


class _Watermark(WatermarkEstimator):
    """The watermark of one puller."""

    def __init__(self, progress: PullProgress) -> None:
        self._progress = progress

    def get_estimator_state(self) -> PullProgress:
        """Return what the next turn goes on with."""
        return self._progress

    def set_progress(self, progress: PullProgress) -> None:
        """Take note of what a turn came to know."""
        self._progress = progress

    def current_watermark(self) -> Timestamp:
        """Return the time up to which all is delivered."""
        return Timestamp(self._progress.reached)

    def observe_timestamp(self, timestamp: Timestamp) -> None:
        """Do nothing: the puller tells more than the times of what it hands on."""


class _WatermarkProvider(WatermarkEstimatorProvider):
    def initial_estimator_state(self, element: int, restriction: str) -> PullProgress:  # noqa: ARG002
        return NOTHING_YET

    def create_watermark_estimator(self, estimator_state: PullProgress) -> _Watermark:
        return _Watermark(estimator_state)


_TURN_SECONDS = 1.0
_PAUSE = 1 / 40
_HORIZON = 1.1
"""How long a puller pauses when nothing is there, and how far the watermark stays behind the clock,
in parts of the time after which messages come again. Pauses are long because Flink's job servers
before Beam's pull request 39191 remember each turn for ever.
"""
_TURNS = beam.DoFn.RestrictionParam(_TurnsProvider())
_WATERMARK = beam.DoFn.WatermarkEstimatorParam(_WatermarkProvider())


class _PullStep(beam.DoFn):
    def __init__(self, subscription: str, again_after: int) -> None:
        self._name, self._again_after = subscription, again_after

    def setup(self) -> None:
        """Connect to the service."""
        self._subscription = Subscription(self._name, self._again_after)

    @beam.DoFn.unbounded_per_element()  # type: ignore[untyped-decorator]
    @tells_no_values
    def process(
        self,
        puller: int,
        bundle: Any = beam.DoFn.BundleFinalizerParam,
        turns: Any = _TURNS,
        watermark: Any = _WATERMARK,
    ) -> Iterator[Any]:
        """Yield what comes in one turn."""
        after, name = turns.current_restriction(), uuid.uuid4().hex
        if not turns.try_claim(name):
            return
        acknowledgements = _acknowledgements(self._name, puller, self._again_after)
        turn, continues = acknowledgements.begin(name, after)
        bundle.register(lambda: self._subscription.acknowledge(acknowledgements.finalized(turn)))
        if not continues:
            watermark.set_progress(watermark.get_estimator_state().began_again(time.time()))
        end = time.monotonic() + _TURN_SECONDS
        while messages := self._pull(watermark):
            turn.pulled.extend(message.ack_id for message in messages)
            for message in messages:
                yield TimestampedValue(
                    PubsubMessage(message.payload, message.attributes),
                    Timestamp(message.published),
                )
            if time.monotonic() > end:
                break
        turns.defer_remainder(None if messages else Duration(seconds=_PAUSE * self._again_after))

    def _pull(self, watermark: Any) -> list[Message]:
        """Return some messages, and take note of what that tells."""
        messages = self._subscription.pull()
        if messages is None:
            return []
        published = [message.published for message in messages]
        progress = watermark.get_estimator_state()
        horizon = _HORIZON * self._again_after
        watermark.set_progress(progress.answered(time.time(), published, horizon))
        return messages


@cache
def _acknowledgements(subscription: str, puller: int, again_after: int) -> Acknowledgements:  # noqa: ARG001
    """Return those of a puller in this process."""
    return Acknowledgements(again_after)


@dataclass
class PullMessages(beam.PTransform[PBegin, PCollection[PubsubMessage]]):
    """Read a subscription: each message at the time when it was published.

    A report is parsed and scrubbed where it is pulled, so `pullers` is how many do so at once.
    `again_after` is after how many seconds Pub/Sub delivers again what is not acknowledged; the
    watermark stays a little further than that behind the clock.
    """

    subscription: str
    pullers: int
    again_after: int = AGAIN_AFTER

    def expand(self, begin: PBegin) -> PCollection[PubsubMessage]:
        """Start the pullers."""
        step = _PullStep(self.subscription, self.again_after)
        pulled: PCollection[PubsubMessage] = (
            begin | "Pullers" >> beam.Create(range(self.pullers)) | "Pull" >> beam.ParDo(step)
        )
        return pulled
