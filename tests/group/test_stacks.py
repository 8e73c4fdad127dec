"""Digests of stack prefixes, and the frames that they stand for."""

from dataclasses import replace

from schemas.records import Clean, CleanFrame
from transforms.group import ROOT_BYTES, deepest, frames_of, pack_frames, stack_digests


def stack(depth: int) -> tuple[CleanFrame, ...]:
    return tuple(CleanFrame(function=Clean(f"f{number}")) for number in range(depth))


def lengths(depth: int) -> list[int]:
    packed = pack_frames(deepest(stack(depth)))
    return [len(frames_of(digest, packed)) for digest in stack_digests(stack(depth))]


def test_a_stack_is_told_in_prefixes_of_rising_depth() -> None:
    assert lengths(0) == []
    assert lengths(2) == [2]
    assert lengths(3) == [3]
    assert lengths(5) == [3, 5]
    assert lengths(100) == [3, 8, 20]


def test_stacks_with_the_same_start_share_its_digest() -> None:
    short, long = stack_digests(stack(3)), stack_digests(stack(30))
    assert short[0] == long[0]
    assert stack_digests(stack(8))[1] == long[1]
    assert stack_digests(stack(7))[1] != long[1]


def test_each_digest_begins_with_that_of_the_shorter_prefix() -> None:
    digests = stack_digests(stack(30))
    assert [len(digest) for digest in digests] == [ROOT_BYTES, 2 * ROOT_BYTES, 3 * ROOT_BYTES]
    assert digests[2].startswith(digests[1])
    assert digests[1].startswith(digests[0])


def test_any_stack_gives_the_frames_of_the_prefixes_that_it_shares() -> None:
    other = (*stack(8), CleanFrame(function=Clean("another")))
    shared = stack_digests(other)[1]
    assert frames_of(shared, pack_frames(stack(20))) == stack(8)
    assert frames_of(shared, pack_frames(other)) == stack(8)


def test_frames_come_out_as_they_were_packed() -> None:
    frames = (CleanFrame(Clean("libå.so"), Clean("f<T>"), Clean("x.c"), 1, 2), CleanFrame())
    assert frames_of(stack_digests(frames)[0], pack_frames(frames)) == frames


def test_whatever_differs_in_a_frame_changes_the_digest() -> None:
    frame = CleanFrame(Clean("m"), Clean("f"), Clean("x.c"), 1, 2)
    others = [
        replace(frame, module=None),
        replace(frame, module=Clean("mf"), function=Clean("")),
        replace(frame, function=Clean("g")),
        replace(frame, file=Clean("y.c")),
        replace(frame, line=None),
        replace(frame, offset=3),
    ]
    digests = {stack_digests((each,))[0] for each in (frame, *others)}
    assert len(digests) == len(others) + 1
