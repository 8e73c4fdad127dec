"""Counting: exact, and the same in whatever order and grouping contributions come."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import Cell, Clean
from transforms.aggregate import CellCount, Contribution

KEY = (Clean("Paint"), Clean("draw"))
K = 4
NAMES, PLACES, OTHER_PLACES = b"n" * 16, b"p" * 16, b"q" * 16
"""Parts of the digests of stacks that are shorter than any depth."""


def contribution(
    crashes: int = 1, message: str | None = None, stack: bytes = b"", install: bytes = b"one"
) -> Contribution:
    attributes = {} if message is None else {"message_template": Clean(message)}
    return Contribution("signatures", "2026-11-22", KEY, install, crashes, attributes, stack)


def counted(*groups: list[Contribution]) -> Cell:
    merged = CellCount(K)
    for group in groups:
        count = CellCount(K)
        for each in group:
            count.add(each)
        merged.merge(pickle.loads(pickle.dumps(count)))  # noqa: S301 - as engines send it
    return merged.cell("signatures", "2026-11-22", KEY)


def test_installations_crashes_values_and_stack_prefixes_are_counted() -> None:
    cell = counted(
        [
            contribution(5, "no <n>", NAMES + PLACES),
            contribution(1, "no <n>", NAMES + PLACES),
            contribution(2, None, NAMES + OTHER_PLACES),
        ]
    )
    assert cell == Cell(
        "signatures",
        "2026-11-22",
        KEY,
        installs=3,
        crashes=8,
        attributes={"message_template": {Clean("no <n>"): 2}},
        stacks=(
            *[{b"nnnnnnnn" + NAMES: 3}] * 3,
            *[{b"nnnnnnnn" + PLACES: 2, b"nnnnnnnn" + OTHER_PLACES: 1}] * 3,
        ),
        few_installs=frozenset([b"one"]),
    )


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4])
def test_installations_are_known_only_while_they_are_few(cut: int) -> None:
    shared = [contribution(install=bytes([number])) for number in range(K)]
    assert counted(shared[:cut], shared[cut:]).few_installs == frozenset()
    few = shared[1:]
    assert counted(few[:cut], few[cut:]).few_installs == {b"\x01", b"\x02", b"\x03"}


def test_merging_does_not_change_what_was_merged() -> None:
    part, whole = CellCount(K), CellCount(K)
    part.add(contribution(1, "no", NAMES + PLACES))
    whole.merge(part)
    whole.add(contribution(1, "no", NAMES + PLACES))
    assert part.cell("t", "p", KEY).stacks[0] == {b"nnnnnnnn" + NAMES: 1}
    assert part.cell("t", "p", KEY).attributes == {"message_template": {"no": 1}}


CONTRIBUTIONS = st.lists(
    st.builds(
        contribution,
        st.integers(1, 5),
        st.sampled_from(["a", "b", None]),
        st.sampled_from([b"", NAMES + PLACES, NAMES + OTHER_PLACES, OTHER_PLACES + PLACES]),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(CONTRIBUTIONS, st.data())
def test_order_and_grouping_do_not_change_the_cell(
    all_of_them: list[Contribution], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(all_of_them))
    cut = data.draw(st.integers(0, len(shuffled)))
    assert counted(shuffled[:cut], [], shuffled[cut:]) == counted(all_of_them)
