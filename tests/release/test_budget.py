"""What a year of releases adds up to, and that a release over the cap is refused."""

import math
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.policy import Noise, load_policy
from transforms.release import BudgetError, MissingExtraError, check_budget
from transforms.release.budget import Cost, draws_of_period, yearly_epsilon

WEEKLY = {
    "crashveil.epsilon": "1.0",
    "crashveil.delta": "1e-08",
    "crashveil.max_cells_per_install": "3",
}


def weeks(count: int) -> list[str]:
    return [(date(2026, 1, 5) + timedelta(weeks=week)).isoformat() for week in range(count)]


def released(count: int) -> dict[str, Mapping[str, str]]:
    return dict.fromkeys(weeks(count), WEEKLY)


def noise(yearly_epsilon: float) -> Noise:
    return Noise(epsilon=1, delta=1e-8, yearly_epsilon=yearly_epsilon, yearly_delta=1e-6)


def exact_delta(epsilon: float, draws: int, epsilon_of_draw: float) -> float:
    """Kairouz, Oh, Viswanath 2015, theorem 3.3: what equal pure draws come to, exactly."""
    truth = math.exp(epsilon_of_draw) / (1 + math.exp(epsilon_of_draw))
    return math.fsum(
        math.comb(draws, lies)
        * max(
            0.0,
            truth ** (draws - lies) * (1 - truth) ** lies
            - math.exp(epsilon) * truth**lies * (1 - truth) ** (draws - lies),
        )
        for lies in range(draws + 1)
    )


@pytest.mark.parametrize(("draws", "epsilon_of_draw"), [(52, 1.0), (780, 1 / 15), (10, 0.2)])
def test_the_sum_is_that_of_the_composition_theorem(draws: int, epsilon_of_draw: float) -> None:
    epsilon = yearly_epsilon((Cost(draws * epsilon_of_draw, 1e-12, draws),), 1e-6)
    assert exact_delta(epsilon, draws, epsilon_of_draw) <= 1e-6
    assert exact_delta(epsilon * 0.98, draws, epsilon_of_draw) > 1e-6


def test_a_year_of_the_shipped_policy_costs_far_less_than_the_sum_and_stays_below_its_cap() -> None:
    policy = load_policy("dp")
    assert policy.noise is not None
    week = Cost(
        policy.noise.epsilon, policy.noise.delta, draws_of_period(policy.max_cells_per_install)
    )
    assert 10 < yearly_epsilon((week,) * 53, policy.noise.yearly_delta) < 11
    assert policy.noise.yearly_epsilon == 11


def test_a_delta_below_the_sum_of_all_deltas_can_not_be_promised() -> None:
    assert yearly_epsilon((Cost(1.0, 1e-8, 15),) * 53, 1e-7) == math.inf


def test_years_of_weeks_are_released_under_the_cap() -> None:
    check_budget([weeks(120)[-1]], released(120), noise(11))


def test_the_release_that_goes_over_the_cap_is_refused() -> None:
    spent = yearly_epsilon((Cost(1.0, 1e-8, 15),) * 10, 1e-6)
    check_budget([weeks(10)[-1]], released(10), noise(spent))
    with pytest.raises(BudgetError, match=r"the 11 releases .* epsilon .* policy allows"):
        check_budget([weeks(11)[-1]], released(11), noise(spent))


def test_what_lies_more_than_a_year_back_no_longer_counts() -> None:
    first, last = "2025-01-06", "2026-01-06"
    assert (date.fromisoformat(last) - date.fromisoformat(first)).days == 365
    check_budget([last], {first: WEEKLY, last: WEEKLY}, noise(1))
    with pytest.raises(BudgetError):
        check_budget([last], {"2025-01-07": WEEKLY, last: WEEKLY}, noise(1))


def test_a_period_that_is_released_after_later_ones_counts_with_them() -> None:
    with pytest.raises(BudgetError):
        check_budget([weeks(1)[0]], released(11), noise(3))


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"crashveil.k": "10", "crashveil.max_cells_per_install": "10"},
        WEEKLY | {"crashveil.epsilon": "0"},
        WEEKLY | {"crashveil.epsilon": "nan"},
        WEEKLY | {"crashveil.epsilon": "-1"},
        WEEKLY | {"crashveil.epsilon": "inf"},
        WEEKLY | {"crashveil.delta": "none"},
        WEEKLY | {"crashveil.delta": "1"},
        WEEKLY | {"crashveil.max_cells_per_install": "0"},
    ],
)
def test_a_release_whose_cost_is_not_known_is_taken_for_one_without_bound(
    parameters: Mapping[str, str],
) -> None:
    earlier, new = weeks(2)
    with pytest.raises(BudgetError, match=f"period {earlier} was released here without noise"):
        check_budget([new], {earlier: parameters, new: WEEKLY}, noise(50))


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "dp_accounting.pld", None)
    with pytest.raises(MissingExtraError, match=r"dp-accounting: .* pip install 'crashveil\[dp\]'"):
        yearly_epsilon((Cost(0.123, 1e-9, 1),), 1e-5)
