"""Pulling on an engine that fails again and again: nothing lost, nothing before the watermark.

The engine here does what Flink does: it keeps checkpoints, finalizes all that is over when one is
complete, also what came after it was taken, and goes on from the last complete one when it fails.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest
from apache_beam import DoFn
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker

from transforms.ptransforms import pulling
from transforms.pull import (
    BEGINNING,
    NOTHING_YET,
    Acknowledgements,
    Message,
    PullProgress,
    Turn,
)

AGAIN_AFTER = 60
MESSAGES = 400
START = 1_000_000.0


class Time:
    """The one clock of a test."""

    now = START

    def time(self) -> float:
        return self.now

    monotonic = time


class Service:
    """A subscription: delivers in any order, and again what was not acknowledged in time."""

    def __init__(self, clock: Time, draw: random.Random) -> None:
        self._clock, self._draw = clock, draw
        self._published: dict[str, float] = {}
        self._hidden_until: dict[str, float] = {}

    def publish(self, name: str) -> None:
        self._published[name] = self._clock.now

    def pull(self) -> list[Message] | None:
        if self._draw.random() < 0.1:
            return None
        there = [
            name for name in self._published if self._hidden_until.get(name, 0) <= self._clock.now
        ]
        taken = self._draw.sample(there, min(len(there), self._draw.randint(1, 5)))
        self._hidden_until |= dict.fromkeys(taken, self._clock.now + AGAIN_AFTER)
        return [Message(name.encode(), {}, self._published[name], name) for name in taken]

    def acknowledge(self, names: tuple[str, ...]) -> None:
        for name in names:
            self._published.pop(name, None)


class Engine:
    """One puller, its checkpoints, and what the rest of the pipeline holds."""

    def __init__(self, service: Service, clock: Time, draw: random.Random) -> None:
        self._clock, self._draw = clock, draw
        self._step = pulling._PullStep("subscription", AGAIN_AFTER)
        self._step._subscription = service  # type: ignore[assignment]
        self._last, self._progress = BEGINNING, NOTHING_YET
        self.held: dict[str, float] = {}
        self.late: list[str] = []
        self._bundles: list[Callable[[], None]] = []
        self._taken: Any = None
        self._kept: Any = (BEGINNING, NOTHING_YET, {})

    def bundle(self) -> None:
        tracker = ThreadsafeRestrictionTracker(pulling._Turns(self._last))
        watermark = pulling._Watermark(self._progress)
        finalizer = DoFn.BundleFinalizerParam()
        before = self._progress.reached
        view = RestrictionTrackerView(tracker)
        for element in self._step.process(0, finalizer, view, watermark):
            name = element.value.data.decode()
            if float(element.timestamp) < before and name not in self.held:
                self.late.append(name)
            self.held[name] = float(element.timestamp)
            self._clock.now += 0.2
        tracker.check_done()
        self._last, _ = tracker.deferred_status()
        self._progress = watermark.get_estimator_state()
        self._bundles.append(finalizer.finalize_bundle)

    def take_checkpoint(self) -> None:
        self._taken = (self._last, self._progress, dict(self.held))

    def complete_checkpoint(self) -> None:
        if self._taken is not None:
            self._kept, self._taken = self._taken, None
            for finalize in self._bundles:
                finalize()
            self._bundles = []

    def fail(self, *, in_another_process: bool) -> None:
        self._last, self._progress, held = self._kept
        self.held, self._bundles, self._taken = dict(held), [], None
        if in_another_process:
            pulling._acknowledgements.cache_clear()


def lived_through(seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Engine, PullProgress]:
    """Publish messages while the engine fails now and then, then let it come to rest."""
    draw, clock = random.Random(seed), Time()  # noqa: S311 - not for secrets
    monkeypatch.setattr(pulling, "time", clock)
    service = Service(clock, draw)
    engine = Engine(service, clock, draw)
    left = [f"message {number}" for number in range(MESSAGES)]
    pulling._acknowledgements.cache_clear()
    rest = 0
    while rest < 250:
        if left:
            for _ in range(draw.randint(0, 3)):
                if left:
                    service.publish(left.pop())
            if draw.random() < 0.02:
                engine.fail(in_another_process=draw.random() < 0.5)
        else:
            rest += 1
        engine.bundle()
        if draw.random() < 0.3:
            engine.take_checkpoint()
        if draw.random() < 0.5:
            engine.complete_checkpoint()
        clock.now += 1
    return engine, engine._progress


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_lost_and_nothing_comes_behind_the_watermark(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, progress = lived_through(seed, monkeypatch)
    assert len(engine.held) == MESSAGES
    assert engine.late == []
    assert progress.reached > max(engine.held.values())


def test_what_is_acknowledged_at_once_when_it_is_finalized_would_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def finalized(self: Acknowledgements, turn: Turn) -> tuple[str, ...]:
        self._open.pop(turn.name, None)
        return tuple(turn.pulled)

    monkeypatch.setattr(Acknowledgements, "finalized", finalized)
    assert any(len(lived_through(seed, monkeypatch)[0].held) < MESSAGES for seed in range(20))


def test_a_watermark_that_does_not_wait_after_a_failure_would_leave_messages_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PullProgress, "began_again", lambda progress, _: progress)
    monkeypatch.setattr(pulling, "_HORIZON", 0.1)
    assert any(lived_through(seed, monkeypatch)[0].late for seed in range(20))


def test_work_that_the_engine_takes_back_is_not_begun() -> None:
    turns = pulling._Turns("a")
    assert turns.try_split(0.5) is None
    assert turns.try_split(0) == ("a", "a")
    assert turns.try_split(0) is None
    assert not turns.try_claim("b")
    assert turns.check_done()


def test_a_turn_that_does_not_hand_back_what_is_to_come_is_an_error() -> None:
    turns = pulling._Turns("a")
    assert turns.try_claim("b")
    with pytest.raises(ValueError, match="without handing the rest back"):
        turns.check_done()
    assert turns.try_split(0) == ("b", "b")


def test_a_puller_tells_no_progress_so_that_beam_fills_in_none() -> None:
    """Beam 2.77 would fill in bytes that may not be a number, and fail when asked for a split."""
    assert pulling._Turns(BEGINNING).current_progress() is None
