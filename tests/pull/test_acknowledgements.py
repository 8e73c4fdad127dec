"""A message is acknowledged when the engine would still have it after a failure, and not before."""

import pytest

from transforms.pull import BEGINNING, Acknowledgements, NotDurableError, Turn


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def turn(acknowledgements: Acknowledgements, name: str, after: str, *pulled: str) -> Turn:
    begun, _ = acknowledgements.begin(name, after)
    begun.pulled.extend(pulled)
    return begun


def test_what_is_finalized_waits_for_a_turn_that_began_after_it() -> None:
    acknowledgements = Acknowledgements(600)
    first = turn(acknowledgements, "a", BEGINNING, "one", "two")
    assert acknowledgements.finalized(first) == ()
    second = turn(acknowledgements, "b", "a", "three")
    assert acknowledgements.finalized(second) == ("one", "two")
    third = turn(acknowledgements, "c", "b")
    assert acknowledgements.finalized(third) == ("three",)


def test_turns_that_are_finalized_together_do_not_vouch_for_each_other() -> None:
    """As Flink does, when a checkpoint is complete, with all that came since it was taken."""
    acknowledgements = Acknowledgements(600)
    first = turn(acknowledgements, "a", BEGINNING, "one")
    second = turn(acknowledgements, "b", "a", "two")
    assert acknowledgements.finalized(first) == ()
    assert acknowledgements.finalized(second) == ()
    third = turn(acknowledgements, "c", "b")
    assert acknowledgements.finalized(third) == ("one", "two")


def test_what_an_engine_has_lost_is_never_acknowledged() -> None:
    acknowledgements = Acknowledgements(600)
    first = turn(acknowledgements, "a", BEGINNING, "one")
    lost = turn(acknowledgements, "b", "a", "two")
    acknowledgements.finalized(first)
    acknowledgements.finalized(lost)
    again, continues = acknowledgements.begin("c", "a")
    assert not continues
    assert acknowledgements.finalized(again) == ()
    assert acknowledgements.finalized(lost) == ()
    assert acknowledgements.finalized(turn(acknowledgements, "d", "c")) == ()


def test_a_restart_at_the_last_turn_goes_on() -> None:
    acknowledgements = Acknowledgements(600)
    turn(acknowledgements, "a", BEGINNING, "one")
    assert acknowledgements.begin("b", "a")[1]


def test_a_process_that_knows_nothing_of_the_last_turn_does_not_go_on() -> None:
    assert not Acknowledgements(600).begin("b", "a")[1]


def test_an_engine_that_finalizes_nothing_is_told_when_messages_come_again() -> None:
    clock = Clock()
    acknowledgements = Acknowledgements(600, clock)
    turn(acknowledgements, "a", BEGINNING, "one")
    clock.now = 600
    turn(acknowledgements, "b", "a")
    clock.now = 601
    with pytest.raises(NotDurableError):
        acknowledgements.begin("c", "b")


def test_an_engine_that_finalizes_in_time_goes_on_for_ever() -> None:
    clock = Clock()
    acknowledgements, last = Acknowledgements(600, clock), BEGINNING
    for number in range(10):
        acknowledgements.finalized(turn(acknowledgements, str(number), last))
        last = str(number)
        clock.now += 500


def test_after_that_the_next_attempt_goes_on_as_after_a_failure() -> None:
    clock = Clock()
    acknowledgements = Acknowledgements(600, clock)
    lost = turn(acknowledgements, "a", BEGINNING, "one")
    clock.now = 601
    with pytest.raises(NotDurableError):
        acknowledgements.begin("b", "a")
    _, continues = acknowledgements.begin("c", "a")
    assert not continues
    assert acknowledgements.finalized(lost) == ()
