"""What engines do that the in-process runner does not: the counts stay right."""

from datetime import date
from pathlib import Path

import apache_beam as beam
import pyarrow.parquet as pq

from pipelines.batch import Run
from pipelines.engine import run_pipeline
from pipelines.options import split_arguments
from schemas.policy import Policy
from schemas.records import Clean, Tally, TallyName
from transforms.aggregate import CellCount
from transforms.listing import Listing
from transforms.ptransforms import Tell
from transforms.ptransforms.counting import _cells
from transforms.ptransforms.releasing import _GateStep, _PublishStep
from transforms.release import ReleasedCell, row_of

PERIOD = "2026-01-05"
KEY = tuple(map(Clean, ("Paint", "1.0", "release", "Linux", "6", "x86_64", "main")))
CELL = ReleasedCell("crashes_by_version_os", PERIOD, KEY, 12, 20)


def test_what_several_steps_tell_of_one_count_is_added_up() -> None:
    def add(pipeline: beam.Pipeline) -> None:
        early = pipeline | "Early" >> beam.Create([Tally(TallyName.LATE, "", 3)])
        late = pipeline | "Late" >> beam.Create([Tally(TallyName.LATE, "", 4)])
        _ = (early,) | "TellEarly" >> Tell()
        _ = (late,) | "TellLate" >> Tell()

    assert run_pipeline(add, split_arguments([])[1]).of(TallyName.LATE) == {"": 7}


def test_a_window_that_is_fired_when_it_is_emptied_brings_no_cell() -> None:
    """Flink 1.19 fires a window once more, empty, when it forgets it."""
    key = (CELL.table, PERIOD, KEY)
    assert not list(_cells(key, CellCount(10)))
    assert not list(_GateStep().process((key, {"framed": [], "names": []})))


def test_a_window_that_is_fired_when_it_is_emptied_changes_no_published_count(
    tmp_path: Path,
) -> None:
    run = Run(Listing(), str(tmp_path), Policy(name="test"), date(2100, 1, 1))
    step = _PublishStep(run.output, None, run.policy, run.fingerprint())
    accepted = (TallyName.ACCEPTED, "")
    rows = [(CELL.table, row_of(CELL, None))]
    assert list(step.process((PERIOD, {"rows": rows, "counts": [(accepted, 20), (accepted, 0)]})))
    assert not list(step.process((PERIOD, {"rows": [], "counts": []})))
    (path,) = (tmp_path / "releases").rglob("*.parquet")
    assert {row["reports_read"] for row in pq.ParquetFile(path).read().to_pylist()} == {20}
