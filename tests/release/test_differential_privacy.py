"""The release with noise: what OpenDP's maps promise, the floor, and what may never be shown.

Noise cannot be seeded, so what is drawn is compared with bounds that fail by chance in less than
one of a million runs.
"""

import statistics
import sys
from typing import Any

import pytest

from schemas.policy import Noise, Policy, load_policy
from schemas.records import Cell, Clean
from transforms.release import MissingExtraError, loss_of_period, release_with_noise
from transforms.release.differential_privacy import share_of_each_count

BY_OS, BY_SIGNATURE, SIGNATURES = "crashes_by_version_os", "crashes_by_signature", "signatures"
WEEK = "2026-11-16"


def policy_with(epsilon: float = 1.0, delta: float = 1e-8, k: int = 20) -> Policy:
    noise = Noise(epsilon=epsilon, delta=delta, yearly_epsilon=100.0, yearly_delta=1e-4)
    return Policy(
        name="p", k=k, max_cells_per_install=3, max_crashes_per_cell=2, period_days=7, noise=noise
    )


def cells(count: int, installs: int, crashes: int, table: str = BY_SIGNATURE) -> list[Cell]:
    return [
        Cell(table, WEEK, (Clean("Paint"), Clean(f"{number:06}")), installs, crashes)
        for number in range(count)
    ]


def test_three_tables_together_cost_at_most_what_the_policy_says() -> None:
    policy = load_policy("dp")
    assert policy.noise is not None
    loss = loss_of_period(policy)
    assert 0.99 < loss.epsilon / policy.noise.epsilon <= 1
    assert 0.9 < loss.delta / policy.noise.delta <= 1


@pytest.mark.parametrize("epsilon", [0.1, 0.7, 1 / 3, 3.0])
def test_the_shares_never_add_up_to_more_than_the_whole(epsilon: float) -> None:
    loss = loss_of_period(policy_with(epsilon, 1e-9))
    assert loss.epsilon <= epsilon
    assert loss.delta <= 1e-9


def test_five_counts_share_epsilon_and_three_tables_delta() -> None:
    share = share_of_each_count(Noise(epsilon=1, delta=3e-8, yearly_epsilon=9, yearly_delta=1e-4))
    assert share.epsilon == pytest.approx(0.2)
    assert share.delta == pytest.approx(1e-8)


def test_the_noise_of_install_counts_has_the_scale_that_their_share_of_epsilon_asks() -> None:
    released = release_with_noise(cells(20_000, 1_000, 1_500), policy_with())
    assert len(released) == 20_000
    errors = [cell.installs - 1_000 for cell in released]
    # Laplace of scale 3 / 0.2 = 15: deviation 21.2 and mean absolute error 15, each here +- 6 sigma
    assert statistics.fmean(errors) == pytest.approx(0, abs=6 * 21.2 / 20_000**0.5)
    assert statistics.fmean(map(abs, errors)) == pytest.approx(15, rel=6 / 20_000**0.5)


def test_the_noise_of_crash_counts_has_the_scale_of_all_that_an_installation_adds() -> None:
    released = release_with_noise(cells(20_000, 10_000, 15_000), policy_with())
    errors = [abs(cell.crashes - 15_000) for cell in released]
    assert statistics.fmean(errors) == pytest.approx(30, rel=6 / 20_000**0.5)


def test_half_of_the_rows_at_the_threshold_are_released_and_nearly_all_well_above_it() -> None:
    at_threshold, above = cells(4_000, 319, 400), cells(4_000, 429, 500)
    share = len(release_with_noise(at_threshold, policy_with())) / 4_000
    assert share == pytest.approx(0.5, abs=0.06)
    assert len(release_with_noise(above, policy_with())) > 0.99 * 4_000


def test_a_row_of_fewer_than_k_is_never_released_though_noise_alone_would_let_it_through() -> None:
    loose = policy_with(epsilon=10, delta=1e-6)
    assert release_with_noise(cells(200_000, 19, 38), loose) == []
    as_if_k_were_smaller = policy_with(epsilon=10, delta=1e-6, k=5)
    assert release_with_noise(cells(20_000, 19, 38), as_if_k_were_smaller)


def test_crashes_are_never_fewer_than_installations_nor_more_than_they_may_add() -> None:
    few = release_with_noise(cells(2_000, 500, 500), policy_with())
    many = release_with_noise(cells(2_000, 500, 1_000), policy_with())
    assert all(cell.installs <= cell.crashes <= 2 * cell.installs for cell in few + many)


def test_attributes_and_stacks_are_never_released() -> None:
    shared = {"reason": {Clean("SIGSEGV"): 5_000}}
    cell = Cell(BY_SIGNATURE, WEEK, (Clean("a"),), 5_000, 6_000, shared, ({b"digest": 5_000},))
    (released,) = release_with_noise([cell], policy_with())
    assert (released.attributes, released.stack) == ({}, None)
    assert (released.table, released.period, released.key) == (BY_SIGNATURE, WEEK, ("a",))


@pytest.mark.parametrize("table", [BY_OS, BY_SIGNATURE, SIGNATURES])
def test_rows_come_sorted_whatever_the_order_of_the_cells(table: str) -> None:
    released = release_with_noise(cells(100, 2_000, 3_000, table)[::-1], policy_with())
    assert [cell.key for cell in released] == [cell.key for cell in cells(100, 0, 0)]


def test_nothing_comes_of_nothing() -> None:
    assert release_with_noise([], policy_with()) == []


def test_cells_of_two_tables_or_twice_the_same_are_refused() -> None:
    two_tables = [*cells(1, 100, 100), *cells(1, 100, 100, SIGNATURES)]
    for wrong in (two_tables, [*cells(2, 100, 100), *cells(1, 100, 100)]):
        with pytest.raises(ValueError, match="one table and period, once"):
            release_with_noise(wrong, policy_with())


def test_a_policy_without_noise_is_refused() -> None:
    with pytest.raises(ValueError, match="no noise"):
        release_with_noise(cells(1, 100, 100), load_policy("default"))


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(MissingExtraError, match=r"needs OpenDP: .* pip install 'crashveil\[dp\]'"):
        loss_of_period(policy_with(epsilon=0.123))
