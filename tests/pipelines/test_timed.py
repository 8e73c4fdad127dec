"""Seconds by step: what a step spends itself, and nothing of what follows it."""

import time
from collections.abc import Iterator

import pytest

from schemas.records import Tally, TallyName
from transforms.ptransforms import metrics
from transforms.ptransforms.metrics import timed


class Steps:
    @timed("slow")
    def slow(self, count: int) -> Iterator[int]:
        for number in range(count):
            time.sleep(0.004)
            yield number

    @timed("broken")
    def broken(self) -> Iterator[int]:
        yield 1
        raise RuntimeError("its own")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    counts: dict[str, int] = {}

    class Counter:
        def __init__(self, label: str) -> None:
            self._label = label

        def inc(self, count: int) -> None:
            counts[self._label] = counts.get(self._label, 0) + count

    monkeypatch.setattr(metrics, "_counter", lambda _, label: Counter(label))
    return counts


def test_a_steps_own_time_is_told_and_not_that_of_what_takes_its_results(
    told: dict[str, int],
) -> None:
    begun = time.perf_counter()
    taken = []
    for number in Steps().slow(5):
        taken.append(number)
        time.sleep(0.05)
    assert taken == [0, 1, 2, 3, 4]
    assert 19 <= told["slow"] <= (time.perf_counter() - begun) * 1000 - 5 * 50 + 1


def test_less_than_a_millisecond_is_kept_until_it_is_one(
    told: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10**9, 150_000))
    monkeypatch.setattr(metrics, "perf_counter_ns", lambda: next(clock))

    class Quick:
        @timed("quick")
        def quick(self) -> Iterator[int]:
            yield 1
            yield 2

    step = Quick()
    list(step.quick())
    list(step.quick())
    assert told == {}
    list(step.quick())
    assert told == {"quick": 1}
    for _ in range(20):
        list(step.quick())
    assert told == {"quick": 23 * 3 * 150_000 // 1_000_000}


def test_a_tally_that_is_handed_on_is_not_timed(
    told: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Handing:
        @timed("handing")
        def process(self, element: object) -> Iterator[object]:
            yield element

    def no_clock() -> int:
        raise AssertionError

    monkeypatch.setattr(metrics, "perf_counter_ns", no_clock)
    tally = Tally(TallyName.READ)
    assert list(Handing().process(tally)) == [tally]
    with pytest.raises(AssertionError):
        list(Handing().process(1))
    assert told == {}


def test_an_error_of_the_step_is_its_own(told: dict[str, int]) -> None:
    with pytest.raises(RuntimeError, match="its own"):
        list(Steps().broken())
    assert told == {}
