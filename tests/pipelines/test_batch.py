"""What a batch run says when an engine or a step fails: one line, nothing of a report."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import transforms.ptransforms.reading
from pipelines.batch import Run, run_batch
from pipelines.engine import EngineError
from pipelines.inputs import find_items
from pipelines.options import OptionError, split_arguments
from schemas.policy import Policy, load_policy
from schemas.records import TallyName
from tests.generic_reports import generic_report
from tests.keys import KEY
from tests.leaks import everything_below
from transforms.aggregate import Pseudonyms
from transforms.keys import KeySource
from transforms.publish import PublishError
from transforms.read import Listing

VALUE = "jane.q9x7"


def a_run(tmp_path: Path) -> Run:
    event = {"event_id": "e", "exception": {"values": [{"type": "E", "value": VALUE}]}}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text(json.dumps(event))
    return Run(
        Listing(find_items([str(tmp_path / "in")])),
        str(tmp_path / "out"),
        load_policy("development"),
        date(2100, 1, 1),
    )


def test_a_step_that_fails_tells_its_name_and_nothing_of_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(VALUE)

    monkeypatch.setattr(transforms.ptransforms.reading, "load_scrubber", fail)
    with pytest.raises(EngineError) as error:
        run_batch(a_run(tmp_path), split_arguments([])[1])
    assert "KeyError" in str(error.value)
    assert "no further period was published" in str(error.value)
    assert VALUE not in str(error.value)
    assert error.value.__suppress_context__


def test_a_folder_that_cannot_be_written_is_named_without_the_engines_words(
    tmp_path: Path,
) -> None:
    run = a_run(tmp_path)
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PublishError) as error:
        run_batch(run, split_arguments([])[1])
    assert "while running" not in str(error.value)
    assert "out" in str(error.value)


def test_options_that_do_not_fit_the_engine_are_told(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    for runner, word in (("DataflowRunner", "project"), ("NoSuchRunner", "NoSuchRunner")):
        options = split_arguments([f"--runner={runner}"])[1]
        with pytest.raises(OptionError) as error:
            run_batch(run, options)
        assert word.lower() in str(error.value).lower()


def crash_of(install: str, value: str = "v") -> dict[str, object]:
    return {
        "event_id": hashlib.md5(install.encode(), usedforsecurity=False).hexdigest(),
        "timestamp": 1_767_607_200,
        "user": {"id": install},
        "release": "shop@1.0",
        "exception": {"values": [{"type": "E", "value": value}]},
    }


def write(folder: Path, events: list[dict[str, object]]) -> Listing:
    folder.mkdir(parents=True)
    (folder / "a.ndjson").write_text("\n".join(map(json.dumps, events)))
    return Listing(find_items([str(folder)]))


def test_whoever_objected_is_not_counted(tmp_path: Path) -> None:
    """Ten installations share a row; when one has objected, nine are too few."""
    key = bytes(range(32))
    items = write(tmp_path / "in", [crash_of(f"install-{number}") for number in range(10)])
    objected = Policy(name="test", objections=(Pseudonyms(key).objection("install-3"),))
    for name, policy, released in (("all", Policy(name="test"), 1), ("nine", objected, 0)):
        run = Run(items, str(tmp_path / name), policy, date(2100, 1, 1), KeySource(key))
        tallies = run_batch(run, split_arguments([])[1])
        assert tallies.of(TallyName.RELEASED).get("crashes_by_version_os", 0) == released
        assert tallies.of(TallyName.EXCLUDED) == ({} if released else {"objection": 1})


def test_rows_of_a_period_that_was_released_before_are_not_told_as_released(
    tmp_path: Path,
) -> None:
    fifth, sixth = [[generic_report(day, install) for install in range(11)] for day in (5, 6)]
    told = []
    for name, reports in (
        ("first", fifth),
        ("again", fifth),
        ("grown", [*fifth, generic_report(5, 50), *sixth]),
    ):
        items = write(tmp_path / name, reports)
        run = Run(items, str(tmp_path / "out"), Policy(name="test"), date(2100, 1, 1), KEY)
        told.append(run_batch(run, split_arguments([])[1]))
    assert [each.of(TallyName.RELEASED)["signatures"] for each in told] == [1, 1, 1]
    assert told[-1].of(TallyName.PERIODS) == {"new": 1, "kept": 1}


def test_of_frames_whose_offsets_too_few_share_names_are_shown_alone(tmp_path: Path) -> None:
    reports = [
        generic_report(5, n)
        | {
            "frames": [
                {"module": "libc.so.6", "function": "abort", "offset": 4096 + n},
                {"module": "libpaint.so", "function": "draw5", "offset": 8192, "line": 7},
            ]
        }
        for n in range(10)
    ]
    items = write(tmp_path / "in", reports)
    run = Run(items, str(tmp_path / "out"), Policy(name="test"), date(2100, 1, 1), KEY)
    run_batch(run, split_arguments([])[1])
    (published,) = (tmp_path / "out" / "signatures").rglob("*.parquet")
    nowhere = {"file": None, "line": None, "offset": None}
    assert pq.read_table(published, partitioning=None)["frames"].to_pylist() == [
        [
            {"module": "libc.so.6", "function": "abort"} | nowhere,
            {"module": "libpaint.so", "function": "draw5"} | nowhere,
        ]
    ]


def test_a_name_of_somebody_elses_report_is_held_back_on_the_way_out(tmp_path: Path) -> None:
    """Ten installations show a name that only an eleventh report tells to be somebody's."""
    told = [crash_of(f"install-{number}", "built by jane.doe42") for number in range(10)]
    naming = crash_of("eleventh", "cannot open /home/jane.doe42/x")
    for name, events, held in (("without", told, 0), ("with", [*told, naming], 1)):
        items = write(tmp_path / name / "in", events)
        output = tmp_path / name / "out"
        run = Run(items, str(output), Policy(name="test"), date(2100, 1, 1))
        tallies = run_batch(run, split_arguments([])[1])
        assert tallies.of(TallyName.WITHHELD).get("signatures", 0) == held
        assert (b"jane.doe42" in everything_below(output)) == (not held)


def test_a_policy_may_say_that_a_row_held_back_ends_the_run(tmp_path: Path) -> None:
    events = [crash_of(f"install-{number}", "built by jane.doe42") for number in range(10)]
    events.append(crash_of("eleventh", "cannot open /home/jane.doe42/x"))
    policy = Policy(name="test", withheld_rows_end_the_run=True)
    items = write(tmp_path / "in", events)
    with pytest.raises(PublishError, match="held 1 rows back") as caught:
        run_batch(
            Run(items, str(tmp_path / "out"), policy, date(2100, 1, 1)), split_arguments([])[1]
        )
    assert "jane" not in str(caught.value)
    assert not list(tmp_path.glob("out/**/*.parquet"))
