"""What a year of releases with noise adds up to, and the cap on it (P3).

An installation that crashes every week is in every week's release, so what is told of it adds up.
Privacy loss distributions (Sommer, Meiser, Mohammadi 2019, "Privacy Loss Classes"; Google's
dp-accounting) add up far more tightly than the sum of ε: a period consists of many small draws,
and it is unlikely that all of them fall against the same installation. Each draw is taken for the
worst mechanism of its ε, so the sum never comes out too low.

The ledger is what was released. Whatever it says that cannot be added up, the release is refused.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from schemas.policy import DAYS_PER_YEAR, Noise
from transforms.release.differential_privacy import (
    COUNTS_WITH_NOISE,
    Loss,
    MissingExtraError,
)

_STEP = (
    1e-4  # of the grid on which losses are added, each rounded up to it: dp-accounting's default
)


class BudgetError(ValueError):
    """A release that would cost more than a year may; one line that says what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What one period's release costs: its ε falls evenly on so many draws, its δ on all."""

    epsilon: float
    delta: float
    draws: int


def check_budget(
    new: Collection[str], released: Mapping[str, Mapping[str, str]], noise: Noise
) -> None:
    """Refuse new releases with which some 365 days would cost more than the policy allows.

    Args:
        new: the first days of the periods that are to be released (ISO).
        released: the parameters, as the ledger has them, of every period: the new ones too.
        noise: the policy's, with its cap.

    Raises:
        BudgetError: they would, or a release in those days has no known cost.
        MissingExtraError: dp-accounting is not installed.
    """
    for last, periods in _years(new, released):
        costs = tuple(sorted(_cost(period, released[period]) for period in periods))
        spent = yearly_epsilon(costs, noise.yearly_delta)
        if spent > noise.yearly_epsilon:
            raise BudgetError(
                f"period {last}: the {len(costs)} releases of the 365 days up to it add up to "
                f"epsilon {spent:.2f} (delta {noise.yearly_delta:g}), and the policy allows "
                f"{noise.yearly_epsilon:g} a year (P3): leave periods out, or take a smaller "
                "epsilon for the rest of the year"
            )


@cache
def yearly_epsilon(costs: tuple[Cost, ...], delta: float) -> float:
    """Return the ε, at a probability δ of failing, of releases together; infinite if δ is too low.

    Raises:
        MissingExtraError: dp-accounting is not installed.
    """
    composed = None
    for cost, times in sorted(Counter(costs).items()):
        draw = _distribution(Loss(cost.epsilon / cost.draws, 0.0)).self_compose(cost.draws * times)
        choice = _distribution(Loss(0.0, cost.delta)).self_compose(times)
        both = draw.compose(choice)
        composed = both if composed is None else composed.compose(both)
    return 0.0 if composed is None else float(composed.get_epsilon_for_delta(delta))


def draws_of_period(max_cells_per_install: int) -> int:
    """Return how many draws of noise one installation touches in a period, at most."""
    return max_cells_per_install * sum(len(names) for names in COUNTS_WITH_NOISE.values())


def _years(new: Collection[str], released: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the last period, and all periods, of each 365 days that hold a new period."""
    for last in sorted(released):
        periods = [period for period in released if 0 <= _days(period, last) < DAYS_PER_YEAR]
        if not set(periods).isdisjoint(new):
            yield last, sorted(periods)


def _days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def _cost(period: str, parameters: Mapping[str, str]) -> Cost:
    try:
        cost = Cost(
            float(parameters["crashveil.epsilon"]),
            float(parameters["crashveil.delta"]),
            draws_of_period(int(parameters["crashveil.max_cells_per_install"])),
        )
        known = 0 < cost.epsilon < float("inf") and 0 < cost.delta < 1 and cost.draws > 0
    except (KeyError, ValueError):
        known = False
    if not known:
        raise BudgetError(
            f"period {period} was released here without noise, so what a year costs has no bound "
            "(P3): take another output folder for releases with noise"
        )
    return cost


def _distribution(loss: Loss) -> Any:
    try:
        from dp_accounting.pld import common, privacy_loss_distribution
    except ImportError:
        raise MissingExtraError("dp-accounting") from None
    parameters = common.DifferentialPrivacyParameters(loss.epsilon, loss.delta)
    return privacy_loss_distribution.from_privacy_parameters(
        parameters, value_discretization_interval=_STEP
    )
