"""What engines do that the in-process runner does not: the counts stay right."""

import json
import socket
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import apache_beam as beam
import grpc
import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PortableOptions
from apache_beam.testing import test_pipeline
from apache_beam.utils.windowed_value import PaneInfo, PaneInfoTiming

import transforms.ptransforms.publishing
from pipelines.batch import Run
from pipelines.engine import EngineError, run_pipeline, wait_without_end
from pipelines.options import split_arguments
from schemas.policy import Policy, load_policy
from schemas.records import Clean, Tally, TallyName
from transforms.aggregate import CellCount
from transforms.ptransforms import Publish, Tell
from transforms.ptransforms.counting import cells_of
from transforms.ptransforms.gating import _GateStep
from transforms.ptransforms.publishing import _PublishStep, _WriteTablesStep
from transforms.publish import LocalFileSystem, PeriodRelease, Published, claim_period
from transforms.read import Listing
from transforms.release import ReleasedCell, row_of

PERIOD = "2026-01-05"
KEY = tuple(map(Clean, ("Paint", "1.0", "release", "Linux", "6", "x86_64", "main")))
CELL = ReleasedCell("crashes_by_version_os", PERIOD, KEY, 12, 20)
ROW = row_of(CELL, None)


def test_a_job_server_that_is_not_there_is_told_before_anything_is_built() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        arguments = ["--runner=PortableRunner", f"--job_endpoint={address}"]
        _, options = split_arguments([*arguments, "--job_server_timeout=1"])
        with pytest.raises(EngineError, match=f"no job server answers at {address}"):
            run_pipeline(lambda _: pytest.fail("built"), options)


def test_a_job_server_is_given_seconds_whatever_time_a_job_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []

    class Never:
        def result(self, timeout: float) -> None:
            asked.append(timeout)
            raise grpc.FutureTimeoutError

    monkeypatch.setattr("grpc.channel_ready_future", lambda _: Never())
    for timeout in ([], ["--job_server_timeout=86400"], ["--job_server_timeout=3"]):
        _, options = split_arguments(["--runner=flink", "--job_endpoint=localhost:1", *timeout])
        with pytest.raises(EngineError):
            wait_without_end(options)
    assert asked == [10, 10, 3]


def test_an_engine_that_gives_no_reason_is_told_by_its_errors_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise grpc.FutureTimeoutError

    monkeypatch.setattr(beam.Pipeline, "run", refuse)
    _, options = split_arguments(["--runner=PortableRunner"])
    with pytest.raises(EngineError, match=r"did not take the job: FutureTimeoutError$"):
        run_pipeline(lambda _: None, options)


def test_a_full_folder_of_temporary_files_is_told_as_such() -> None:
    def full(_: beam.Pipeline) -> None:
        raise OSError(28, "No space left on device", "/tmp/of-jane")  # noqa: S108 - no file

    with pytest.raises(EngineError, match=r"^temporary files \(TMPDIR\) cannot be written: No s"):
        run_pipeline(full, split_arguments([])[1])


def test_a_job_is_waited_for_as_long_as_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise grpc.FutureTimeoutError

    monkeypatch.setattr(beam.Pipeline, "run", refuse)
    _, options = split_arguments(["--runner=PrismRunner"])
    with pytest.raises(EngineError):
        run_pipeline(lambda _: None, options)
    assert options.view_as(PortableOptions).job_server_timeout > 86_400


def test_what_several_steps_tell_of_one_count_is_added_up() -> None:
    def add(pipeline: beam.Pipeline) -> None:
        early = pipeline | "Early" >> beam.Create([Tally(TallyName.LATE, "", 3)])
        late = pipeline | "Late" >> beam.Create([Tally(TallyName.LATE, "", 4)])
        _ = (early,) | "TellEarly" >> Tell()
        _ = (late,) | "TellLate" >> Tell()

    assert run_pipeline(add, split_arguments([])[1]).of(TallyName.LATE) == {"": 7}


def test_a_window_that_is_fired_when_it_is_emptied_brings_no_cell() -> None:
    """Flink 1.19 fires a window once more, empty, when it forgets it."""
    assert not list(cells_of((CELL.table, PERIOD, KEY), CellCount(10)))
    assert not list(
        _GateStep(Policy(name="test")).process((b"a cell", {"framed": [], "names": []}))
    )


def test_a_window_that_is_fired_when_it_is_emptied_changes_no_published_count(
    tmp_path: Path,
) -> None:
    run = Run(Listing(), str(tmp_path), Policy(name="test"), date(2100, 1, 1))
    write = _WriteTablesStep(run.output, run.policy)
    accepted = (TallyName.ACCEPTED, "")
    rows = [(CELL.table, ROW)]
    joined = {"rows": rows, "counts": [(accepted, 20), (accepted, 0)]}
    releases = list(write.process((PERIOD, joined)))
    assert not list(write.process((PERIOD, {"rows": [], "counts": []})))
    assert list(
        _PublishStep(run.output, None, run.policy, run.fingerprint()).process((0, releases))
    )
    (path,) = (tmp_path / "releases").rglob("*.parquet")
    assert {row["reports_read"] for row in pq.ParquetFile(path).read().to_pylist()} == {20}


def test_a_batch_run_publishes_all_of_its_periods_in_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[list[str]] = []

    def noted(releases: Iterable[PeriodRelease], *_: object) -> Published:
        published.append(sorted(release.period for release in releases))
        return Published()

    monkeypatch.setattr(transforms.ptransforms.publishing, "publish", noted)
    days = [f"2026-01-{day:02d}" for day in range(5, 12)]
    cells = [replace(CELL, period=day) for day in days]
    with test_pipeline.TestPipeline() as pipeline:
        rows = pipeline | beam.Create([(cell, row_of(cell, None)) for cell in cells])
        tallies = pipeline | "Tallies" >> beam.Create([Tally(TallyName.LATE, "", 1)])
        _ = rows | Publish(str(tmp_path), None, Policy(name="test"), "f", (tallies,))
    assert published == [days]


NOTHING = {"rows": [], "counts": []}
FIRST, AGAIN = (
    PaneInfo(True, True, PaneInfoTiming.ON_TIME, 0, 0),
    PaneInfo(False, True, PaneInfoTiming.LATE, 1, 1),
)


def test_a_claimed_period_is_released_empty_by_its_first_firing_alone(tmp_path: Path) -> None:
    """With noise it is; a later firing brings no rows, whatever the first one brought."""
    claim_period(PERIOD, "f", LocalFileSystem(tmp_path))
    write = _WriteTablesStep(str(tmp_path), load_policy("dp"))
    assert not list(write.process((PERIOD, NOTHING), AGAIN))
    assert list(write.process((PERIOD, NOTHING), FIRST))


def test_of_two_releases_of_a_period_the_one_with_rows_is_published(tmp_path: Path) -> None:
    claim_period(PERIOD, "f", LocalFileSystem(tmp_path / "claims"))
    write = _WriteTablesStep(str(tmp_path / "claims"), load_policy("dp"))
    (with_rows,) = write.process((PERIOD, {"rows": [(CELL.table, ROW)], "counts": []}), FIRST)
    (without,) = write.process((PERIOD, NOTHING), FIRST)
    for name, releases in (("first", [with_rows, without]), ("last", [without, with_rows])):
        step = _PublishStep(str(tmp_path / name), None, Policy(name="test"), "f")
        assert list(step.process((0, releases))) == [PERIOD]
        (path,) = (tmp_path / name / CELL.table).rglob("*.parquet")
        assert pq.ParquetFile(path).metadata.num_rows == 1


def test_the_ledger_has_the_periods_in_their_order_whichever_is_ready_first(
    tmp_path: Path,
) -> None:
    write = _WriteTablesStep(str(tmp_path), Policy(name="test"))
    days = [f"2026-01-{day:02d}" for day in range(5, 12)]
    releases = [
        release
        for day in days
        for release in write.process((day, {"rows": [(CELL.table, ROW)], "counts": []}))
    ]
    for name, ready in (("first", releases), ("last", releases[::-1])):
        step = _PublishStep(str(tmp_path / name), None, Policy(name="test"), "f")
        assert list(step.process((0, ready))) == days
        entries = sorted((tmp_path / name / "_ledger" / "entries").iterdir())
        assert [json.loads(path.read_bytes())["entry"]["period"] for path in entries] == days
