"""Runs with noise: drawn once a period, under the year's cap, and nothing exact beside them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import transforms.ptransforms.noise
from pipelines.batch import Run, run_batch
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from pipelines.summary import Tallies
from schemas.policy import Policy, load_policy
from schemas.records import TallyName
from schemas.tables import CELL_TABLES, RELEASES, Role
from tests.folders import tree
from tests.generic_reports import generic_report
from tests.keys import KEY
from transforms.publish import PublishError
from transforms.read import Listing

INSTALLS = 400
"""So many that a row with the shipped noise is lost in one of many millions of runs."""


def crash(day: int, install: int) -> dict[str, Any]:
    frames = [{"module": "libpaint.so", "function": "draw"}]
    return generic_report(day, install) | {"reason": "SIGSEGV", "frames": frames}


def daily(**noise: float) -> Policy:
    shipped = load_policy("dp")
    assert shipped.noise is not None
    changed = {"period_days": 1, "noise": shipped.noise.model_copy(update=noise)}
    return shipped.model_copy(update=changed)


def run(folder: Path, policy: Policy, crashes: list[dict[str, Any]]) -> Tallies:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "a.ndjson").write_text("\n".join(map(json.dumps, crashes)))
    items = Listing(find_items([str(folder / "in")]))
    return run_batch(
        Run(items, str(folder / "out"), policy, date(2100, 1, 1), KEY), split_arguments([])[1]
    )


def test_counts_with_noise_are_published_and_nothing_exact(tmp_path: Path) -> None:
    run(tmp_path, daily(), [crash(5, install) for install in range(INSTALLS)])
    for table in CELL_TABLES:
        (path,) = (tmp_path / "out" / table.name).rglob("*.parquet")
        (row,) = pq.read_table(path).to_pylist()
        assert abs(row["install_count"] - INSTALLS) < INSTALLS / 2
        assert all(row[name] is None for name in table.names(Role.ATTRIBUTE))
        footer = pq.read_metadata(path).metadata
        assert 0.99 < float(footer[b"crashveil.epsilon"]) <= 1
        assert 0 < float(footer[b"crashveil.delta"]) <= 1e-8
    (path,) = (tmp_path / "out" / RELEASES.name).rglob("*.parquet")
    for row in pq.read_table(path).to_pylist():
        assert row["cells_released"] == 1
        assert all(row[name] is None for name in RELEASES.names(Role.TALLY))
    (entry,) = (tmp_path / "out" / "_ledger" / "entries").iterdir()
    assert float(json.loads(entry.read_bytes())["entry"]["parameters"]["crashveil.epsilon"]) > 0.99


def test_a_released_period_is_not_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes = [crash(5, install) for install in range(INSTALLS)]
    assert run(tmp_path, daily(), crashes).of(TallyName.PERIODS) == {"new": 1}
    before = tree(tmp_path / "out")

    def draw(*_: object) -> None:
        raise AssertionError("was drawn again")

    monkeypatch.setattr(transforms.ptransforms.noise, "release_with_noise", draw)
    told = run(tmp_path, daily(), crashes)
    assert told.of(TallyName.PERIODS) == {"same": 1}
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("installs", [1, 19, 20])
def test_that_a_period_is_released_tells_nothing_of_the_floor(
    tmp_path: Path, installs: int
) -> None:
    """Were nothing published below it, whoever knows of 19 would learn whether there is a 20th."""
    told = run(tmp_path, daily(), [crash(5, install) for install in range(installs)])
    assert told.of(TallyName.PERIODS) == {"new": 1}
    for table in CELL_TABLES:
        (path,) = (tmp_path / "out" / table.name).rglob("*.parquet")
        assert pq.read_table(path).num_rows == 0


def test_a_draw_of_which_no_row_came_is_a_release_and_not_tried_again(tmp_path: Path) -> None:
    """A row of 25 shows once in many millions of draws, and each draw would count."""
    crashes = [crash(5, install) for install in range(25)]
    assert run(tmp_path, daily(), crashes).of(TallyName.PERIODS) == {"new": 1}
    before = tree(tmp_path / "out")
    for table in CELL_TABLES:
        (path,) = (tmp_path / "out" / table.name).rglob("*.parquet")
        assert pq.read_table(path).num_rows == 0
    assert run(tmp_path, daily(), crashes).of(TallyName.PERIODS) == {"same": 1}
    assert tree(tmp_path / "out") == before


def test_the_years_cap_holds_for_the_periods_of_one_run_together(tmp_path: Path) -> None:
    crashes = [crash(day, install) for day in (5, 6) for install in range(INSTALLS)]
    with pytest.raises(PublishError, match=r"epsilon .* policy allows 1.4 a year"):
        run(tmp_path, daily(yearly_epsilon=1.4), crashes)
    assert len(list((tmp_path / "out" / "_ledger" / "entries").iterdir())) == 1
    assert len(list((tmp_path / "out" / "_manifests").iterdir())) == 1
