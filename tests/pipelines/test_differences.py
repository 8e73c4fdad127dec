"""What the step that hides differences hands on of a group."""

from typing import Any

import pytest
from apache_beam.pvalue import TaggedOutput

from schemas.policy import Policy
from schemas.records import Clean
from transforms.ptransforms import HideDifferences
from transforms.release import ReleasedCell

PERIOD = "2026-11-22"
GROUP = ("Paint", "1.0", "Linux")
CELLS = [
    ReleasedCell("crashes_by_signature", PERIOD, tuple(map(Clean, (*GROUP, f"f{n}"))), 20, 20)
    for n in range(200)
]


def handed_on(cells: list[ReleasedCell], lacking: dict[str, int]) -> list[Any]:
    step = HideDifferences(Policy(name="test", k=10), None)  # type: ignore[arg-type]  # unused here
    framed = [(cell, {"number": number}) for number, cell in enumerate(cells)]
    return list(step._kept(((PERIOD, GROUP), {"framed": framed, "lacking": [*lacking.items()]})))


def test_rows_that_stay_are_handed_on_in_their_order_and_others_are_counted() -> None:
    *rows, tally = handed_on(CELLS[:9], {"crashes_by_signature": 3})
    assert rows == [(cell, {"number": number}) for number, cell in enumerate(CELLS[:8])]
    assert isinstance(tally, TaggedOutput)


def test_cells_of_a_group_are_not_compared_with_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0

    def equal(cell: ReleasedCell, other: object) -> bool:
        nonlocal compared
        compared += 1
        return cell is other

    monkeypatch.setattr(ReleasedCell, "__eq__", equal)
    assert len(handed_on(CELLS, {})) == len(CELLS)
    assert compared == 0
