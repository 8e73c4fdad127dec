"""Digests of stack prefixes, and the frames that they stand for."""

from dataclasses import replace

import pytest

from schemas.records import Clean, CleanFrame
from transforms.group import (
    ROOT_BYTES,
    deepest,
    frames_of,
    pack_frames,
    prefix_digests,
    stack_digest,
)

FRAME = CleanFrame(Clean("m"), Clean("f"), Clean("x.c"), 1, 2)


def stack(depth: int, offset: int = 0) -> tuple[CleanFrame, ...]:
    return tuple(
        CleanFrame(function=Clean(f"f{number}"), line=number, offset=offset + number)
        for number in range(depth)
    )


def without_places(frames: tuple[CleanFrame, ...]) -> tuple[CleanFrame, ...]:
    return tuple(CleanFrame(each.module, each.function, each.file) for each in frames)


def digests(frames: tuple[CleanFrame, ...]) -> tuple[bytes, ...]:
    return prefix_digests(stack_digest(frames))


def shared(one: tuple[CleanFrame, ...], other: tuple[CleanFrame, ...]) -> list[bool]:
    """Tell of each level whether two stacks share its digest."""
    pairs = zip(digests(one), digests(other), strict=True)
    return [mine == yours for mine, yours in pairs]


@pytest.mark.parametrize(
    ("depth", "told"), [(2, (2, 2, 2)), (3, (3, 3, 3)), (5, (3, 5, 5)), (100, (3, 8, 20))]
)
def test_a_stack_is_told_in_rising_depths_without_places_and_then_with_them(
    depth: int, told: tuple[int, ...]
) -> None:
    frames = stack(depth)
    packed = pack_frames(deepest(frames))
    assert [frames_of(digest, packed) for digest in digests(frames)] == [
        *(without_places(frames[:end]) for end in told),
        *(frames[:end] for end in told),
    ]


def test_no_frames_give_no_digests() -> None:
    assert digests(()) == ()


def test_stacks_share_what_they_have_in_common() -> None:
    yes, no = True, False
    assert shared(stack(30), stack(40)) == [yes, yes, yes, yes, yes, yes]
    assert shared(stack(30), stack(3)) == [yes, no, no, yes, no, no]
    assert shared(stack(30), stack(8)) == [yes, yes, no, yes, yes, no]
    assert shared(stack(30), stack(7)) == [yes, no, no, yes, no, no]
    assert shared(stack(30), stack(30, offset=7)) == [yes, yes, yes, no, no, no]
    lower = (*stack(8)[:5], *stack(8, offset=7)[5:])
    assert shared(stack(8), lower) == [yes, yes, yes, yes, no, no]
    renamed = (*stack(8)[:7], replace(stack(8)[7], function=Clean("another")))
    assert shared(stack(8), renamed) == [yes, no, no, yes, no, no]


def test_all_digests_of_a_stack_begin_with_its_root_and_those_of_another_do_not() -> None:
    roots = {digest[:ROOT_BYTES] for digest in (*digests(stack(30)), *digests(stack(4)))}
    assert len(roots) == 1
    assert roots != {digests((FRAME,))[0][:ROOT_BYTES]}


def test_any_stack_gives_the_frames_of_the_prefixes_that_it_shares() -> None:
    other = (*stack(8, offset=7), CleanFrame(function=Clean("another")))
    same = digests(other)[1]
    assert same == digests(stack(20))[1]
    assert frames_of(same, pack_frames(stack(20))) == without_places(stack(8))
    assert frames_of(same, pack_frames(other)) == without_places(stack(8))


def test_frames_come_out_as_they_were_packed() -> None:
    frames = (CleanFrame(Clean("libå.so"), Clean("f<T>"), Clean("x.c"), 1, 2), CleanFrame())
    assert frames_of(digests(frames)[-1], pack_frames(frames)) == frames


def test_whatever_differs_in_a_frame_changes_the_most_exact_digest() -> None:
    places = [replace(FRAME, line=None), replace(FRAME, line=2), replace(FRAME, offset=3)]
    names = [
        replace(FRAME, module=None),
        replace(FRAME, module=Clean("mf"), function=Clean("")),
        replace(FRAME, function=Clean("g")),
        replace(FRAME, file=Clean("y.c")),
    ]
    exact = {digests((each,))[-1] for each in (FRAME, *places, *names)}
    assert len(exact) == 1 + len(places) + len(names)
    assert {digests((each,))[0] for each in (FRAME, *places)} == {digests((FRAME,))[0]}
    assert len({digests((each,))[0] for each in (FRAME, *names)}) == 1 + len(names)
