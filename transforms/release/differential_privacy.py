"""The release with noise (P3): OpenDP draws it, chooses the rows, and tells what that costs.

What is protected is all that one installation adds to the tables of one period. It adds to at most
L0 rows of each table, one to their install counts and at most LINF to their crash counts (P2). The
policy's ε is shared out evenly to the counts that are published, its δ to the tables:

- Install counts decide which rows are released. Noise of scale L0 / ε_count is added, and rows
  below a threshold are dropped, so high that a row of one installation gets over it with
  probability δ_table at most (Rogers 2023, "A Unifying Privacy Analysis Framework for Unknown
  Domain Algorithms in Differential Privacy", which is what OpenDP implements).
- Crash counts get noise of scale L0 * LINF / ε_count, for the released rows only.

The floor of P1 is kept by a shift: the mechanism is given installs - (k - 1), a row where that is
not above 0 is not given to it at all, and k - 1 is added again to what comes out. One installation
changes max(0, installs - (k - 1)) by at most 1, so the proof holds; dropping rows below k without
the shift would break it. Attributes and stacks are never released. What is done with the noisy
counts afterwards costs nothing more.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

from schemas.policy import Noise, Policy
from schemas.records import Cell
from schemas.tables import CELL_TABLES, Role
from transforms.release.threshold import ReleasedCell

_CRASH_COUNT = "crash_count"
COUNTS_WITH_NOISE = {table.name: table.names(Role.COUNT) for table in CELL_TABLES}
"""The counts of each table, each of which gets the same share of ε."""


class MissingExtraError(ImportError):
    """A library for noise is not installed; one line that says how to get it."""

    def __init__(self, library: str) -> None:
        super().__init__(
            f"a policy with noise needs {library}: install crashveil with its extra dp, "
            "as in pip install 'crashveil[dp]'"
        )


@dataclass(frozen=True, slots=True)
class Loss:
    """How much one installation may change what is released: ε, but for a probability δ."""

    epsilon: float
    delta: float


@dataclass(frozen=True, slots=True)
class _Mechanisms:
    """OpenDP's measurements of one table; `crashes` is None where the table has no such count."""

    installs: Any
    crashes: Any
    loss: Loss


def release_with_noise(cells: Sequence[Cell], policy: Policy) -> list[ReleasedCell]:
    """Return the rows of one table and period that may be released, with noisy counts.

    The noise cannot be seeded, so each call gives another answer, and only one may be published.
    A crash count is brought between what its installations add at least and at most.

    Args:
        cells: all counted cells of one table and one period, none of them twice.
        policy: a policy with noise; its bounds must have been kept when the cells were counted.

    Raises:
        ValueError: the cells are of several tables or periods, or one stands there twice, or the
            policy has no noise.
        MissingExtraError: OpenDP is not installed.
    """
    if not cells:
        return []
    ordered = sorted(cells, key=lambda cell: cell.key)
    if len({(cell.table, cell.period) for cell in ordered}) > 1 or any(
        cell.key == after.key for cell, after in pairwise(ordered)
    ):
        raise ValueError("noise is added to all cells of one table and period, once")
    mechanisms = _mechanisms(ordered[0].table, policy)
    below = policy.k - 1
    shifted = {
        number: cell.installs - below
        for number, cell in enumerate(ordered)
        if cell.installs > below
    }
    noisy = {number: count + below for number, count in mechanisms.installs(shifted).items()}
    released = [(ordered[number], installs) for number, installs in sorted(noisy.items())]
    return [
        ReleasedCell(cell.table, cell.period, cell.key, installs, crashes)
        for (cell, installs), crashes in zip(
            released, _noisy_crashes(released, mechanisms, policy), strict=True
        )
    ]


def loss_of_period(policy: Policy) -> Loss:
    """Return what one period's release costs, all tables together, as OpenDP's maps tell.

    It depends on the policy alone and never on data, and is at most the policy's ε and δ.

    Raises:
        ValueError: the policy has no noise.
        MissingExtraError: OpenDP is not installed.
    """
    losses = [_mechanisms(table, policy).loss for table in COUNTS_WITH_NOISE]
    return Loss(
        math.fsum(loss.epsilon for loss in losses), math.fsum(loss.delta for loss in losses)
    )


def share_of_each_count(noise: Noise) -> Loss:
    """Return the ε of each published count, and the δ of each table's choice of rows.

    Both are rounded down, so that their sum never goes over the policy's by a rounding.
    """
    counts = sum(len(names) for names in COUNTS_WITH_NOISE.values())
    return Loss(
        math.nextafter(noise.epsilon / counts, 0),
        math.nextafter(noise.delta / len(COUNTS_WITH_NOISE), 0),
    )


def _noisy_crashes(
    released: Sequence[tuple[Cell, int]], mechanisms: _Mechanisms, policy: Policy
) -> list[int]:
    if mechanisms.crashes is None or not released:
        return [installs for _, installs in released]
    noisy = mechanisms.crashes([cell.crashes for cell, _ in released])
    return [
        min(max(count, installs), installs * policy.max_crashes_per_cell)
        for count, (_, installs) in zip(noisy, released, strict=True)
    ]


def _mechanisms(table: str, policy: Policy) -> _Mechanisms:
    if policy.noise is None:
        raise ValueError("the policy has no noise")
    most_crashes = policy.max_cells_per_install * policy.max_crashes_per_cell
    return _made_mechanisms(
        share_of_each_count(policy.noise),
        policy.max_cells_per_install,
        most_crashes if _CRASH_COUNT in COUNTS_WITH_NOISE[table] else None,
    )


@cache
def _made_mechanisms(share: Loss, max_cells: int, most_crashes: int | None) -> _Mechanisms:
    """Return the measurements with the least noise and threshold that keep to a share.

    `most_crashes` is what one installation adds to all crash counts of a table together.
    """
    dp = _opendp()
    thresholded = partial(
        dp.m.make_laplace_threshold,
        dp.map_domain(dp.atom_domain(T="u32"), dp.atom_domain(T="i64")),
        dp.l01inf_distance(dp.absolute_distance(T="i64")),
        _scale(share.epsilon, max_cells),
    )
    one_installation = (max_cells, max_cells, 1)  # rows changed, their sum, and each of them
    threshold = dp.binary_search_param(
        lambda value: thresholded(threshold=value),
        d_in=one_installation,
        d_out=(share.epsilon, share.delta),
        T=int,
    )
    installs = thresholded(threshold=threshold)
    epsilon, delta = installs.map(one_installation)
    if most_crashes is None:
        return _Mechanisms(installs, None, Loss(epsilon, delta))
    crashes = _laplace(_scale(share.epsilon, most_crashes))
    return _Mechanisms(installs, crashes, Loss(epsilon + crashes.map(most_crashes), delta))


def _scale(epsilon: float, sensitivity: int) -> float:
    """Return the least scale of noise whose ε is at most the one given."""
    scale: float = _opendp().binary_search_param(_laplace, d_in=sensitivity, d_out=epsilon)
    return scale


def _laplace(scale: float) -> Any:
    dp = _opendp()
    integers = dp.vector_domain(dp.atom_domain(T="i64"))
    return dp.m.make_laplace(integers, dp.l1_distance(T="i64"), scale)


def _opendp() -> Any:
    try:
        import opendp.prelude
    except ImportError:
        raise MissingExtraError("OpenDP") from None
    opendp.prelude.enable_features("contrib")
    return opendp.prelude
