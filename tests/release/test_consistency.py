"""Complementary suppression: what the difference of two tables may tell."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import Clean
from transforms.release import ReleasedCell, group_of, without_differences

K = 10
VERSION_OS, SIGNATURE = "crashes_by_version_os", "crashes_by_signature"


def version_os(arch: str, installs: int, crashes: int | None = None) -> ReleasedCell:
    key = tuple(map(Clean, ("Paint", "1.0", "stable", "Linux", "6.1", arch, "main")))
    return ReleasedCell(VERSION_OS, "2026-11-22", key, installs, crashes or installs)


def signature(name: str, installs: int, crashes: int | None = None) -> ReleasedCell:
    key = tuple(map(Clean, ("Paint", "1.0", "Linux", name)))
    return ReleasedCell(SIGNATURE, "2026-11-22", key, installs, crashes or installs)


def test_a_group_is_what_both_tables_have() -> None:
    cell, other = version_os("arm64", 10), signature("draw", 10)
    assert group_of(cell.table, cell.key) == group_of(other.table, other.key)
    assert group_of(cell.table, cell.key) == ("Paint", "1.0", "Linux")


@pytest.mark.parametrize(
    ("cells", "lacking", "kept"),
    [
        pytest.param(
            [version_os("arm64", 30), signature("a", 20), signature("b", 10)],
            {},
            ["arm64", "a", "b"],
            id="equal sums and nothing lacking: all stays",
        ),
        pytest.param(
            [version_os("arm64", 33), signature("a", 20), signature("b", 10)],
            {SIGNATURE: 3},
            ["arm64", "a"],
            id="three installations lacking would be the difference: the smallest row goes",
        ),
        pytest.param(
            [version_os("arm64", 60), signature("a", 20), signature("b", 10)],
            {SIGNATURE: 9},
            ["arm64", "a"],
            id="few installations with many crashes are few",
        ),
        pytest.param(
            [version_os("arm64", 42), signature("a", 20), signature("b", 12)],
            {SIGNATURE: 10},
            ["arm64", "a", "b"],
            id="k installations lacking are enough",
        ),
        pytest.param(
            [version_os("arm64", 20), version_os("x86", 10), signature("a", 33)],
            {VERSION_OS: 3},
            ["arm64", "a"],
            id="the other table's difference counts as well",
        ),
        pytest.param(
            [version_os("arm64", 21), signature("a", 10), signature("b", 10)],
            {VERSION_OS: 11, SIGNATURE: 12},
            ["arm64", "a"],
            id="a difference of one crash goes even when both lack enough",
        ),
        pytest.param([signature("a", 10)], {SIGNATURE: 3}, [], id="the last row of a group may go"),
        pytest.param([version_os("arm64", 10)], {SIGNATURE: 10}, ["arm64"], id="one table alone"),
    ],
)
def test_which_rows_stay(
    cells: list[ReleasedCell], lacking: dict[str, int], kept: list[str]
) -> None:
    found = {cell.key for cell in without_differences(cells, lacking, K)}
    expected = {cell.key for cell in cells if set(kept) & set(cell.key)}
    assert found == expected


@settings(max_examples=200)
@given(st.data())
def test_no_difference_tells_of_fewer_than_k(data: st.DataObject) -> None:
    """Installations crash once in random cells; the difference a reader sees is 0 or k at least."""
    k = data.draw(st.integers(2, 5))
    crashes = data.draw(
        st.lists(st.tuples(st.integers(0, 12), st.sampled_from("xyz"), st.sampled_from("abcd")))
    )
    arches, names = defaultdict(list), defaultdict(list)
    for install, arch, name in crashes:
        arches[arch].append(install)
        names[name].append(install)
    small = {(VERSION_OS, a) for a, who in arches.items() if len(set(who)) < k}
    small |= {(SIGNATURE, n) for n, who in names.items() if len(set(who)) < k}
    lacking = {
        VERSION_OS: len({i for i, arch, _ in crashes if (VERSION_OS, arch) in small}),
        SIGNATURE: len({i for i, _, name in crashes if (SIGNATURE, name) in small}),
    }
    cells = [
        version_os(a, len(set(who)), len(who))
        for a, who in arches.items()
        if (VERSION_OS, a) not in small
    ]
    cells += [
        signature(n, len(set(who)), len(who))
        for n, who in names.items()
        if (SIGNATURE, n) not in small
    ]
    kept = without_differences(cells, lacking, k)
    sums = {VERSION_OS: 0, SIGNATURE: 0}
    for cell in kept:
        sums[cell.table] += cell.crashes
    difference = abs(sums[VERSION_OS] - sums[SIGNATURE])
    assert difference == 0 or difference >= k
    gone_names = {cell.key[-1] for cell in cells if cell.table == SIGNATURE} - {
        cell.key[-1] for cell in kept if cell.table == SIGNATURE
    }
    without_row = {i for i, _, n in crashes if (SIGNATURE, n) in small or n in gone_names}
    assert not kept or not without_row or len(without_row) >= k
