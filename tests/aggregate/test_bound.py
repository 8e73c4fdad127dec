"""Contribution bounding: what one installation may add, and that it is always the same."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Clean, Facts
from transforms.aggregate import (
    Contribution,
    admitted,
    contributions,
)

POLICY = Policy(name="test", max_cells_per_install=3, max_crashes_per_cell=2)
BOUNDING_KEY = b"a key to choose cells by"
INSTALL = b"one-installation"

FACTS = Facts(
    product=Clean("Paint"),
    version=Clean("1.0"),
    channel=Clean("stable"),
    os_name=Clean("Linux"),
    os_version=Clean("6.1"),
    arch=Clean("x86_64"),
    process_type=Clean("main"),
    signature=Clean("draw | paint"),
    reason=Clean("SIGSEGV"),
    stack=b"a stack",
)
FIRST = AnonymousCrash("2026-11-22", INSTALL, b"report-0", FACTS)


def crash(
    number: int, install: bytes = INSTALL, period: str = FIRST.period, **changes: Any
) -> AnonymousCrash:
    return AnonymousCrash(period, install, f"report-{number}".encode(), replace(FACTS, **changes))


def in_its_own_cells(number: int) -> AnonymousCrash:
    return crash(number, signature=Clean(f"s{number}"), version=Clean(f"v{number}"))


def added(crashes: list[AnonymousCrash], key: bytes = BOUNDING_KEY) -> list[Contribution]:
    return list(contributions(admitted(crashes, POLICY, key)))


def bounded(crashes: list[AnonymousCrash], table: str) -> list[Contribution]:
    return [contribution for contribution in added(crashes) if contribution.table == table]


def test_one_crash_adds_to_one_cell_of_every_table() -> None:
    by_table = {each.table: each for each in added([FIRST])}
    assert {table: each.key for table, each in by_table.items()} == {
        "crashes_by_version_os": ("Paint", "1.0", "stable", "Linux", "6.1", "x86_64", "main"),
        "crashes_by_signature": ("Paint", "1.0", "Linux", "draw | paint"),
        "signatures": ("Paint", "draw | paint"),
    }
    assert {each.crashes for each in by_table.values()} == {1}
    assert by_table["crashes_by_signature"].attributes == {"reason": "SIGSEGV"}
    assert by_table["signatures"].stack == b"a stack"


def test_nothing_adds_nothing() -> None:
    assert added([]) == []


def test_a_report_uploaded_twice_counts_once() -> None:
    (once,) = bounded([FIRST, FIRST, FIRST], "signatures")
    assert once.crashes == 1


def test_of_two_uploads_that_differ_the_same_one_is_taken_in_any_order() -> None:
    whole, cut = crash(1, reason=Clean("SIGSEGV")), crash(1, reason=None, stack=b"")
    one_way, other_way = bounded([whole, cut], "signatures"), bounded([cut, whole], "signatures")
    assert one_way == other_way
    assert [each.crashes for each in one_way] == [1]


def test_one_installation_adds_at_most_linf_crashes_to_a_cell() -> None:
    (flood,) = bounded([crash(number) for number in range(5_000)], "crashes_by_version_os")
    assert flood.crashes == 2


def test_one_installation_adds_to_at_most_l0_cells_of_each_table() -> None:
    crashes = [in_its_own_cells(number) for number in range(50)]
    for table in ("signatures", "crashes_by_signature", "crashes_by_version_os"):
        assert len(bounded(crashes, table)) == 3


def test_all_tables_count_the_same_crashes() -> None:
    crashes = [
        crash(number, signature=Clean(f"s{number % 7}"), version=Clean(f"1.{number % 2}"))
        for number in range(60)
    ]
    counted = {
        table: sum(each.crashes for each in bounded(crashes, table))
        for table in ("crashes_by_version_os", "crashes_by_signature", "signatures")
    }
    assert set(counted.values()) == {4}, counted  # two versions of at most two crashes each


def test_a_crash_in_cells_of_its_own_goes_before_repeated_ones() -> None:
    flood = [crash(number, signature=Clean("often")) for number in range(500)]
    rare = crash(500, signature=Clean("rarely"))
    signatures = {each.key[1] for each in bounded([*flood, rare], "signatures")}
    assert signatures == {"often", "rarely"}


def test_every_cell_of_an_installation_has_the_same_chance_to_be_kept() -> None:
    crashes = [in_its_own_cells(number) for number in range(6)]
    kept: Counter[tuple[Clean, ...]] = Counter()
    for number in range(600):
        key = f"key {number}".encode()
        kept.update(each.key for each in added(crashes, key) if each.table == "signatures")
    assert len(kept) == 6
    # 600 draws at 3 of 6: 300 expected, standard deviation 12.2
    assert all(240 < count < 360 for count in kept.values())


def test_installations_with_the_same_crashes_keep_different_cells() -> None:
    crashes = [in_its_own_cells(number) for number in range(50)]
    choices = {
        frozenset(
            each.key
            for each in bounded([replace(one, install=install) for one in crashes], "signatures")
        )
        for install in (b"first", b"second", b"third")
    }
    assert len(choices) == 3


def test_an_installation_gives_one_value_an_attribute_the_most_frequent() -> None:
    reasons = ["SIGBUS", "SIGSEGV", "SIGSEGV", None, None, None]
    crashes = [crash(n, reason=reason and Clean(reason)) for n, reason in enumerate(reasons)]
    (both,) = bounded(crashes, "crashes_by_signature")
    assert both.attributes == {"reason": "SIGSEGV"}


def test_of_equally_frequent_values_the_first_in_order_is_given() -> None:
    crashes = [crash(0, reason=Clean("SIGSEGV")), crash(1, reason=Clean("SIGBUS"))]
    (both,) = bounded(crashes, "crashes_by_signature")
    assert both.attributes == {"reason": "SIGBUS"}


def test_an_installation_gives_one_stack_only() -> None:
    crashes = [crash(0, stack=b"a"), crash(1, stack=b"c"), crash(2, stack=b"c")]
    (both,) = bounded(crashes, "signatures")
    assert both.stack == b"c"


def test_a_crash_without_a_stack_does_not_outvote_one_that_has_one() -> None:
    crashes = [crash(0, stack=b""), crash(1, stack=b""), crash(2, stack=b"a")]
    (both,) = bounded(crashes, "signatures")
    assert both.stack == b"a"


def test_a_refusal_is_never_counted() -> None:
    with pytest.raises(ValueError, match="not counted"):
        added([AnonymousCrash(FIRST.period, INSTALL, b"report-1", None)])


def test_crashes_of_several_installations_or_periods_are_refused() -> None:
    for stranger in (crash(1, install=b"another"), crash(1, period="2026-11-23")):
        with pytest.raises(ValueError, match="one installation and period"):
            added([FIRST, stranger])


def test_a_contribution_does_not_show_whose_it_is_when_printed() -> None:
    assert all(each.install == INSTALL for each in added([FIRST]))
    assert not any(repr(INSTALL)[2:-1] in repr(each) for each in added([FIRST]))
    assert repr(INSTALL)[2:-1] in repr(added([FIRST])[0].install)


CRASHES = st.lists(
    st.builds(
        crash,
        st.integers(0, 12),
        signature=st.sampled_from("abcdefg").map(Clean),
        reason=st.sampled_from(["SIGBUS", "SIGSEGV", None]),
        stack=st.sampled_from([b"", b"a", b"b", b"c"]),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(CRASHES, st.integers())
def test_the_order_of_crashes_does_not_change_what_is_added(
    crashes: list[AnonymousCrash], seed: int
) -> None:
    shuffled = random.Random(seed).sample(crashes, len(crashes))  # noqa: S311 - not for secrets
    one_way = added(crashes)
    assert one_way == added(shuffled)
    for table in ("crashes_by_version_os", "crashes_by_signature", "signatures"):
        of_table = [each for each in one_way if each.table == table]
        assert len({each.key for each in of_table}) == len(of_table) <= 3
        assert all(1 <= each.crashes <= 2 for each in of_table)


def test_a_summing_table_tells_which_cells_it_sums_up() -> None:
    crashes = [crash(n, version=Clean(f"1.{n}")) for n in range(2)]
    summing = [each for each in added(crashes) if each.parts]
    (contribution,) = summing
    assert contribution.table == "signatures"
    assert contribution.key == (FACTS.product, FACTS.signature)
    assert [part[1] for part in contribution.parts] == ["1.0", "1.1"]
