"""Digests of stack prefixes."""

from dataclasses import replace

from schemas.records import Clean, CleanFrame, ScrubbedCrash
from transforms.group import stack_prefixes


def stack(depth: int) -> ScrubbedCrash:
    frames = tuple(CleanFrame(function=Clean(f"f{number}")) for number in range(depth))
    return ScrubbedCrash(format="test", frames=frames)


def lengths(depth: int) -> list[int]:
    return [len(frames) for _, frames in stack_prefixes(stack(depth))]


def test_a_stack_is_told_in_prefixes_of_rising_depth() -> None:
    assert lengths(0) == []
    assert lengths(2) == [2]
    assert lengths(3) == [3]
    assert lengths(5) == [3, 5]
    assert lengths(100) == [3, 8, 20]


def test_stacks_with_the_same_start_share_its_digest() -> None:
    short, long = stack_prefixes(stack(3)), stack_prefixes(stack(30))
    assert short[0] == long[0]


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
    crashes = [ScrubbedCrash(format="test", frames=(each,)) for each in (frame, *others)]
    digests = {stack_prefixes(crash)[0][0] for crash in crashes}
    assert len(digests) == len(crashes)
