"""What an attacker who knows all but one installation can tell of it from a release with noise.

The attacker knows every count exactly, with and without the installation, sees one release of all
three tables, and guesses by the best test there is (Neyman and Pearson: the likelihood ratio). Its
advantage, how much more often it says "there" of those who are there than of those who are not, is
at most (e^ε - 1 + 2δ) / (e^ε + 1) (Kairouz, Oh, Viswanath 2015).
"""

import math
import multiprocessing
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from schemas.policy import Policy, load_policy
from schemas.records import Cell, Clean
from schemas.tables import CELL_TABLES, Role
from transforms.release import ReleasedCell, loss_of_period, release, release_with_noise

Release = Callable[[Sequence[Cell], Policy], Sequence[ReleasedCell]]
WEEK = "2026-11-16"
INSTALLS, CRASHES = 1_000, 1_500


def highest_advantage(policy: Policy) -> float:
    loss = loss_of_period(policy)
    return (math.expm1(loss.epsilon) + 2 * loss.delta) / (math.exp(loss.epsilon) + 1)


def scores(policy: Policy, trials: int, there: bool, release_cells: Release) -> list[float]:
    """How much each of many independent releases speaks for the installation's being there.

    One trial's cells are the L0 cells of each table that the installation adds most to. All trials
    of a table are released at once: the noise of their cells is independent.
    """
    total = [0.0] * trials
    l0, linf = policy.max_cells_per_install, policy.max_crashes_per_cell
    share = loss_of_period(policy).epsilon / sum(
        len(table.names(Role.COUNT)) for table in CELL_TABLES
    )
    for table in CELL_TABLES:
        cells = [
            Cell(
                table.name,
                WEEK,
                (Clean(f"{trial:07}"), Clean(f"{number}")),
                INSTALLS + there,
                CRASHES + linf * there,
            )
            for trial in range(trials)
            for number in range(l0)
        ]
        for cell in release_cells(cells, policy):
            spoken = evidence(cell.installs - INSTALLS, 1, share / l0)
            if "crash_count" in table.names(Role.COUNT):
                spoken += evidence(cell.crashes - CRASHES, linf, share / l0)
            total[int(cell.key[0])] += spoken
    return total


def evidence(error: int, step: int, epsilon: float) -> float:
    """The log-likelihood ratio of a count with noise: `step` more was there, or nothing more."""
    return (abs(error) - abs(error - step)) / step * epsilon


def advantage(policy: Policy, trials: int, release_cells: Release) -> float:
    there = scores(policy, trials, True, release_cells)
    absent = scores(policy, trials, False, release_cells)
    return (sum(s > 0 for s in there) - sum(s > 0 for s in absent)) / trials


def error_of(trials: int) -> float:
    """What chance adds to a measured advantage, in one of a million at most (Hoeffding)."""
    return 2 * math.sqrt(math.log(2e6) / (2 * trials))


def threshold_only(cells: Sequence[Cell], policy: Policy) -> list[ReleasedCell]:
    return [released for cell in cells if (released := release(cell, policy))]


def noise_of_another_policy(loud: Policy) -> Release:
    return lambda cells, _policy: release_with_noise(cells, loud)


def too_quiet(policy: Policy) -> Policy:
    assert policy.noise is not None
    return policy.model_copy(update={"noise": policy.noise.model_copy(update={"epsilon": 9.0})})


def test_the_attack_finds_everybody_in_counts_without_noise() -> None:
    policy = load_policy("dp")
    assert advantage(policy, 200, threshold_only) == 1


def test_the_attack_finds_too_many_where_the_noise_is_too_quiet() -> None:
    policy = load_policy("dp")
    found = advantage(policy, 4_000, noise_of_another_policy(too_quiet(policy)))
    assert found - error_of(4_000) > highest_advantage(policy)


def test_the_advantage_of_knowing_everybody_else_stays_below_its_bound() -> None:
    policy = load_policy("dp")
    assert highest_advantage(policy) == pytest.approx(math.tanh(0.5), abs=1e-6)
    assert advantage(policy, 4_000, release_with_noise) + error_of(4_000) < highest_advantage(
        policy
    )


@pytest.mark.audit
@pytest.mark.parametrize("epsilon", [0.5, 1.0, 3.0])
@pytest.mark.parametrize(("l0", "linf"), [(1, 1), (3, 2), (5, 5)])
def test_the_advantage_stays_below_its_bound_for_all_bounds(
    epsilon: float, l0: int, linf: int
) -> None:
    shipped = load_policy("dp")
    assert shipped.noise is not None
    policy = shipped.model_copy(
        update={
            "max_cells_per_install": l0,
            "max_crashes_per_cell": linf,
            "noise": shipped.noise.model_copy(update={"epsilon": epsilon}),
        }
    )
    trials = 20_000
    assert advantage(policy, trials, release_with_noise) < highest_advantage(policy) + error_of(
        trials
    )


def cells_of(installs: int, rows: int) -> list[Cell]:
    table = "crashes_by_signature"
    return [Cell(table, WEEK, (Clean(f"{row:06}"),), installs, 2 * installs) for row in range(rows)]


def test_a_row_of_one_installation_less_than_the_floor_is_never_drawn() -> None:
    policy = too_quiet(load_policy("dp"))
    assert release_with_noise(cells_of(policy.k - 1, 200_000), policy) == []
    assert release_with_noise(cells_of(policy.k + 60, 200), policy)


@pytest.mark.audit
def test_a_row_at_the_floor_is_released_about_as_seldom_as_delta_says() -> None:
    """One installation more makes such a row possible at all, so δ bounds how often it appears."""
    shipped = load_policy("dp")
    assert shipped.noise is not None
    likely = shipped.noise.model_copy(update={"delta": 0.03})
    policy = shipped.model_copy(update={"noise": likely, "max_cells_per_install": 1})
    rows = 1_000_000
    share = len(release_with_noise(cells_of(policy.k, rows), policy)) / rows
    of_table = likely.delta / len(CELL_TABLES)
    assert 0.5 * of_table < share < of_table + math.sqrt(math.log(1e6) / (2 * rows))


Draw = Callable[[int], list[int]]
_SHARED = np.random.default_rng(7)


def drawn_with_opendp(_: int) -> list[int]:
    return [each.installs for each in release_with_noise(cells_of(1_000, 20), load_policy("dp"))]


def drawn_with_a_generator_of_the_parent(_: int) -> list[int]:
    return [int(number) for number in _SHARED.integers(0, 1_000, 20)]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize(
    ("draw", "different"), [(drawn_with_opendp, 4), (drawn_with_a_generator_of_the_parent, 1)]
)
def test_processes_that_were_forked_do_not_share_their_noise(draw: Draw, different: int) -> None:
    """An engine may fork its workers; noise that repeats in them would cancel out."""
    draw(0)  # whatever the parent's library sets up is there before the fork
    context = multiprocessing.get_context("fork")
    drawn = set()
    for number in range(4):
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=lambda end, n: end.send(draw(n)), args=(sender, number))
        child.start()
        drawn.add(tuple(receiver.recv()))
        child.join()
    assert len(drawn) == different


def test_every_release_is_drawn_anew() -> None:
    """Which is why only one may ever be published: the mean of many tells the exact count."""
    policy = load_policy("dp")
    (cell,) = cells_of(1_000, 1)
    drawn = [release_with_noise([cell], policy)[0].installs for _ in range(50)]
    assert len(set(drawn)) > 10
    assert abs(sum(drawn) / 50 - 1_000) < 6 * 21.2 / math.sqrt(50)
