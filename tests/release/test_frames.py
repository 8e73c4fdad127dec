"""What is shown of a stack: a part that k installations share, to the letter."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from schemas.policy import Policy
from schemas.records import Clean, CleanFrame
from transforms.aggregate import CellCount, Contribution
from transforms.group import frames_of, pack_frames, prefix_digests, stack_digest
from transforms.release import release

K = 3
POLICY = Policy(name="test", k=K)
KEY = (Clean("Paint"), Clean("draw"))

Frames = tuple[CleanFrame, ...]
NAMES = [CleanFrame(Clean(module), Clean(function)) for module in "ab" for function in "fg"]


def shown(stacks: Sequence[Frames]) -> Frames | None:
    """Return what a row shows that these stacks share, one of each installation."""
    count = CellCount(K)
    for number, frames in enumerate(stacks):
        install = number.to_bytes(16, "big")
        count.add(
            Contribution("signatures", "2026-11-22", KEY, install, 1, stack=stack_digest(frames))
        )
    row = release(count.cell("signatures", "2026-11-22", KEY), POLICY)
    assert row is not None
    found = {
        frames_of(row.stack, pack_frames(frames))
        for frames in stacks
        if row.stack is not None and row.stack in prefix_digests(stack_digest(frames))
    }
    assert len(found) == (row.stack is not None), "whichever stack is looked at, frames are one"
    return next(iter(found), None)


def places(names: Sequence[CleanFrame], *numbers: int) -> Frames:
    return tuple(
        CleanFrame(each.module, each.function, each.file, line=number, offset=16 * number)
        for each, number in zip(names, numbers, strict=True)
    )


def test_frames_are_shown_without_places_where_each_build_has_its_own() -> None:
    names = NAMES[:4]
    builds = [places(names, number, 2, 3, 4) for number in range(K)]
    assert shown(builds) == tuple(names)


def test_places_are_shown_where_enough_share_them_though_others_differ() -> None:
    same = places(NAMES[:4], 1, 2, 3, 4)
    others = [places(NAMES[:4], number, 2, 3, 4) for number in range(10, 20)]
    assert shown([*[same] * K, *others]) == same


def test_a_shared_beginning_with_places_goes_before_a_deeper_one_without() -> None:
    stacks = [places(NAMES[:4], 1, 2, 3, number) for number in range(10, 20)]
    assert shown(stacks) == places(NAMES[:3], 1, 2, 3)


def test_a_line_that_fewer_than_k_share_is_not_shown() -> None:
    """Planted: a line of its own in a frame whose names all installations share."""
    planted = [places(NAMES[:1], 31_337)] * (K - 1)
    frames = shown([*planted, *(places(NAMES[:1], number) for number in range(10))])
    assert frames == (NAMES[0],)


def test_a_module_that_fewer_than_k_share_is_not_shown() -> None:
    """Planted: a module of its own in stacks that otherwise are those of all."""
    module = CleanFrame(Clean("libjane.so"), Clean("f"))
    planted = [places([module, *NAMES[:3]], 1, 2, 3, 4)] * (K - 1)
    assert shown([*planted, places(NAMES[:4], 1, 2, 3, 4)]) is None
    deeper = [places([*NAMES[:3], module], 1, 2, 3, 4)] * (K - 1)
    assert shown([*deeper, places(NAMES[:4], 9, 2, 3, 4)]) == tuple(NAMES[:3])


def test_a_deep_frame_that_fewer_than_k_share_is_not_shown_though_its_place_is_that_of_all() -> (
    None
):
    stacks = [
        (*NAMES[:3], CleanFrame(NAMES[3].module, Clean(f"of {number}"))) for number in range(10)
    ]
    assert shown(stacks) == tuple(NAMES[:3])


STACKS = st.lists(
    st.lists(
        st.builds(
            lambda name, place: places([name], place)[0], st.sampled_from(NAMES), st.integers(1, 2)
        ),
        min_size=1,
        max_size=9,
    ).map(tuple),
    min_size=K,
    max_size=12,
)


@given(STACKS)
def test_never_is_a_frame_shown_that_fewer_than_k_installs_have_there(
    stacks: list[Frames],
) -> None:
    frames = shown(stacks)
    if frames is None:
        return
    have_places = any(each.line is not None or each.offset is not None for each in frames)

    def has_them(stack: Frames) -> bool:
        names = [(each.module, each.function) for each in stack[: len(frames)]]
        return names == [(each.module, each.function) for each in frames] and (
            not have_places or stack[: len(frames)] == frames
        )

    assert sum(map(has_them, stacks)) >= K
