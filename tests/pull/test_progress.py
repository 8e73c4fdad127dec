"""The watermark of a puller: it stays before whatever may still be delivered."""

from transforms.pull import NOTHING_YET, PullProgress

HORIZON = 100.0
START = 1_000_000.0


def polled(
    progress: PullProgress, first: float, last: float, delay: float | None = None
) -> PullProgress:
    """Ask every five seconds; each answer has a message of some age, or none."""
    now = first
    while now <= last:
        published = [] if delay is None else [now - delay]
        progress = progress.answered(now, published, HORIZON)
        now += 5
    return progress


def test_it_stands_still_until_the_horizon_is_known() -> None:
    assert polled(NOTHING_YET, START, START + 95).reached == 0


def test_with_nothing_published_it_follows_the_clock() -> None:
    assert polled(NOTHING_YET, START, START + 100).reached == START
    assert polled(NOTHING_YET, START, START + 1_000).reached == START + 900


def test_it_is_not_beyond_the_oldest_message_of_the_horizon() -> None:
    progress = polled(NOTHING_YET, START, START + 200)
    backlog = progress.answered(START + 205, [START + 150], HORIZON)
    assert backlog.reached == START + 105
    slow = polled(progress, START + 205, START + 600, delay=300)
    assert slow.reached == START + 200
    drained = polled(slow, START + 605, START + 1_000)
    assert drained.reached == START + 900


def test_it_follows_a_backlog_that_is_read_from_its_oldest_message_on() -> None:
    progress = polled(NOTHING_YET, START, START + 500, delay=3_000)
    assert START - 2_600 - 10 <= progress.reached <= START - 2_600


def test_it_never_moves_back() -> None:
    progress = polled(NOTHING_YET, START, START + 1_000)
    older = progress.answered(START + 1_005, [START], HORIZON)
    assert older.reached == progress.reached


def test_after_a_pause_it_stands_still_for_the_horizon() -> None:
    before = polled(NOTHING_YET, START, START + 200)
    after = polled(before, START + 1_000, START + 1_095)
    assert after.reached == before.reached
    assert polled(after, START + 1_100, START + 1_100).reached == START + 1_000


def test_when_messages_may_come_again_it_stands_still_for_the_horizon() -> None:
    before = polled(NOTHING_YET, START, START + 200)
    again = before.began_again(START + 201)
    assert polled(again, START + 205, START + 300).reached == before.reached
    assert polled(again, START + 205, START + 305).reached == START + 205


def test_what_is_remembered_stays_small() -> None:
    assert len(polled(NOTHING_YET, START, START + 10_000, delay=1).oldest) <= 12
