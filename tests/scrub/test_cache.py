"""The cache: right answers, bounded memory, honest counts."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.scrub import Scrubber
from transforms.scrub.cache import BoundedCache, CacheUse

ROOM_FOR_TEN = 2 * 10 * 200
"""Bytes of a cache whose newer half holds ten keys with values of 50 bytes."""


@given(st.lists(st.integers(0, 9)), st.integers(0, 3000))
def test_answers_are_those_of_the_function_and_every_question_is_counted(
    keys: list[int], most_bytes: int
) -> None:
    cache = BoundedCache(lambda key: f"<{key}>", lambda *_: 50, most_bytes)
    assert [cache.get(key) for key in keys] == [f"<{key}>" for key in keys]
    assert sum(cache.use) == len(keys)
    assert cache.use.misses >= len(set(keys))


def test_what_was_found_out_is_known_until_newer_things_need_the_room() -> None:
    cache = BoundedCache(str, lambda *_: 50, 4 * 200)
    for key in (1, 1, 2, 1, 3, 1, 4, 1):
        cache.get(key)
    assert cache.use == CacheUse(hits=4, misses=4)
    cache.get(2)
    assert cache.use == CacheUse(hits=4, misses=5)


def test_its_memory_is_bounded_however_many_texts_come() -> None:
    made = []
    cache = BoundedCache(lambda key: made.append(key) or "v", lambda *_: 850, 100_000)
    for key in range(10_000):
        cache.get(key)
    made.clear()
    for key in range(10_000):
        cache.get(key)
    assert len(made) > 9_800


def test_nothing_is_remembered_of_a_failure() -> None:
    answers = iter([ValueError, "right"])

    def make(_: int) -> str:
        answer = next(answers)
        if isinstance(answer, str):
            return answer
        raise answer

    cache = BoundedCache(make, lambda *_: 1, 10_000)
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        cache.get(1)
    assert cache.get(1) == "right"


@given(st.lists(st.lists(st.integers(0, 9))), st.integers(0, 3000) | st.just(ROOM_FOR_TEN))
def test_several_keys_are_answered_as_one_by_one_and_only_unknown_ones_are_made(
    batches: list[list[int]], most_bytes: int
) -> None:
    cache = BoundedCache(lambda key: f"<{key}>", lambda *_: 50, most_bytes)
    made: list[int] = []

    def make_each(keys: Sequence[int]) -> list[str]:
        made.extend(keys)
        return [f"<{key}>" for key in keys]

    for keys in batches:
        assert cache.get_each(keys, make_each) == [f"<{key}>" for key in keys]
    assert cache.use == CacheUse(sum(map(len, batches)) - len(made), len(made))
    if most_bytes == ROOM_FOR_TEN:
        assert len(made) == len(set(made))


def test_what_is_made_for_several_keys_is_known_for_one_and_the_other_way_round() -> None:
    cache = BoundedCache(str, lambda *_: 50, 10_000)
    cache.get(1)
    assert cache.get_each([1, 2], lambda keys: [f"new {key}" for key in keys]) == ["1", "new 2"]
    assert cache.get(2) == "new 2"


def test_a_scrubber_tells_how_often_its_cache_helped() -> None:
    scrubber = Scrubber(lambda _: [])
    for text in ("a", "b", "a"):
        scrubber.scrub_text(text)
    assert scrubber.cache_use == CacheUse(hits=1, misses=2)
    assert Scrubber(lambda _: [], cache_bytes=0).scrub_text("a").text == "a"
