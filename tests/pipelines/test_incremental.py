"""Incremental runs: every report counts once, late ones apart, and nothing lies open."""

import json
import os
import shutil
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines import incremental
from pipelines.batch import Run, run_batch
from pipelines.held_area import hold
from pipelines.incremental import run_incrementally
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from pipelines.summary import Tallies
from schemas.policy import Policy
from schemas.records import TallyName
from tests.folders import tree
from tests.generic_reports import generic_report
from tests.keys import KEY
from transforms.aggregate import Pseudonyms
from transforms.keys import KeySource
from transforms.publish import PublishError
from transforms.read import Listing
from transforms.staging import StagingError

SIXTH, SEVENTH, EIGHTH = date(2026, 1, 6), date(2026, 1, 7), date(2026, 1, 8)
POLICY = Policy(name="test")
OPTIONS = split_arguments([])[1]


def report(day: int, install: int, again: int = 0) -> dict[str, Any]:
    return generic_report(day, install) | {
        "report_id": f"{day}-{install}-{again}",
        "message": "cannot open jane.q9x7@example.org",
        "identities": [{"kind": "USER_NAME", "value": "wilhelmine.k4"}],
    }


class Place:
    """An input that grows, an output and a staging area."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "in").mkdir(parents=True)

    def add(self, name: str, reports: list[dict[str, Any]]) -> None:
        (self.folder / "in" / name).write_text("\n".join(map(json.dumps, reports)))

    def run(self, as_of: date, key: KeySource = KEY, policy: Policy = POLICY) -> Tallies:
        run = replace(self.batch("out", as_of), key=key, policy=policy)
        with hold(str(self.folder / "staging")) as area:
            return run_incrementally(run, area, split_arguments([])[1])

    def batch(self, output: str, as_of: date) -> Run:
        items = Listing(find_items([str(self.folder / "in")]))
        return Run(items, str(self.folder / output), POLICY, as_of, KEY)

    def files(self, name: str) -> dict[str, bytes]:
        return tree(self.folder / name)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_comes_in_portions_is_published_as_if_it_had_come_at_once(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(8)])
    first = place.run(SIXTH)
    assert first.of(TallyName.READ) == {"": 8}
    assert not first.of(TallyName.RELEASED), "eight are too few"
    uploaded_again = report(5, 7)
    place.add("b.ndjson", [uploaded_again, *(report(5, install) for install in range(8, 12))])
    place.add("c.ndjson", [report(6, install) for install in range(11)])
    second = place.run(SIXTH)
    assert second.of(TallyName.READ) == {"": 16}, "only the new files are read"
    assert second.of(TallyName.DUPLICATE) == {"": 1}
    assert second.of(TallyName.PERIODS) == {"new": 1}, "the sixth is not over"
    third = place.run(SEVENTH)
    assert third.total(TallyName.READ) == 0
    assert third.of(TallyName.PERIODS) == {"new": 1}
    run_batch(place.batch("at once", SEVENTH), split_arguments([])[1])
    assert place.files("out") == place.files("at once")
    assert len([path for path in place.files("out") if path.endswith(".parquet")]) == 8


def test_processes_are_chosen_by_what_is_new_not_by_all_that_is_there(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = []

    def remember(options: PipelineOptions, listing: Listing) -> PipelineOptions:
        listed.append(listing.item_count)
        return options

    monkeypatch.setattr(incremental, "with_workers", remember)
    for name in ("a", "b", "c"):
        place.add(f"{name}.ndjson", [report(5, ord(name))])
        run = replace(place.batch("out", SIXTH), spreads=True)
        with hold(str(place.folder / "staging")) as area:
            run_incrementally(run, area, split_arguments([])[1])
    assert listed == [1, 1, 1]


def test_a_late_report_is_counted_and_changes_nothing(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(12)])
    place.run(SIXTH)
    before = place.files("out")
    place.add("late.ndjson", [report(5, 50), report(5, 51)])
    late = place.run(EIGHTH)
    assert late.of(TallyName.LATE) == {"": 2}
    assert place.files("out") == before


def test_what_is_staged_in_a_folder_that_others_may_enter_is_its_owners_alone(place: Place) -> None:
    (place.folder / "staging").mkdir(mode=0o755)
    place.add("a.ndjson", [report(5, install) for install in range(12)])
    place.run(date(2026, 1, 5))
    folders = [each for each in (place.folder / "staging").iterdir() if each.is_dir()]
    assert {"records", "batches"} <= {each.name for each in folders}
    assert {stat.S_IMODE(each.stat().st_mode) for each in folders} == {0o700}


def test_staged_records_are_encrypted_and_go_when_their_period_is_released(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(12)])
    place.run(date(2026, 1, 5))
    assert stat.S_IMODE((place.folder / "staging").stat().st_mode) == 0o700
    staged = place.files("staging")
    assert [path for path in staged if path.startswith("records/period=2026-01-05/")]
    everything = b"".join(name.encode() + content for name, content in staged.items())
    for told in (b"Paint", b"libpaint", b"draw5", b"wilhelmine", b"jane", b"a.ndjson"):
        assert told not in everything
    place.run(SIXTH)
    assert not [path for path in place.files("staging") if path.startswith("records/")]


def test_another_key_cannot_read_the_staging_area(place: Place) -> None:
    twelve_staged(place)
    with pytest.raises(StagingError, match="cannot be read with this key"):
        place.run(SIXTH, KeySource(bytes(range(32))))


def test_what_a_run_wrote_before_it_was_killed_counts_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(12)])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.incremental.commit", killed)
        with pytest.raises(KeyboardInterrupt):
            place.run(SIXTH)
    assert place.run(SIXTH).of(TallyName.PERIODS) == {"new": 1}
    run_batch(place.batch("at once", SIXTH), split_arguments([])[1])
    assert place.files("out") == place.files("at once")
    assert not [path for path in place.files("staging") if path.startswith("records/")]


def test_a_changed_file_is_read_again_and_its_reports_count_once(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(9)])
    place.run(date(2026, 1, 5))
    place.add("a.ndjson", [report(5, install) for install in range(12)])
    place.run(SIXTH)
    run_batch(place.batch("at once", SIXTH), split_arguments([])[1])
    tables = [path for path in place.files("out") if "crashes_by" in path]
    assert tables
    assert all(place.files("out")[path] == place.files("at once")[path] for path in tables)


def twelve_staged(place: Place) -> list[Path]:
    """Stage twelve reports of the fifth before it is over; returns the files of records."""
    place.add("a.ndjson", [report(5, install) for install in range(12)])
    place.run(date(2026, 1, 5))
    return sorted((place.folder / "staging" / "records").rglob("*.parquet"))


@pytest.mark.parametrize("hidden", ["b.ndjson", "b.ndjson.json"])
def test_what_could_not_be_read_is_tried_again(
    place: Place, monkeypatch: pytest.MonkeyPatch, hidden: str
) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(6)])
    place.add("b.ndjson", [report(5, install) for install in range(6, 12)])
    (place.folder / "in" / "b.ndjson.json").write_text("{}")

    def forbidden(path: str) -> bytes:
        if Path(path).name == hidden:
            raise PermissionError
        return Path(path).read_bytes()

    with monkeypatch.context() as patched:
        patched.setattr("transforms.ptransforms.reading.read_bytes", forbidden)
        first = place.run(date(2026, 1, 5))
        assert first.of(TallyName.REJECTED) == {"unreadable": 1}
        assert first.of(TallyName.HELD_BACK) == {"period_open": 6}
        batches = [path for path in place.files("staging") if path.startswith("batches/")]
        assert place.run(date(2026, 1, 5)).of(TallyName.READ) == {"": 1}, "it is tried each time"
        assert batches == [p for p in place.files("staging") if p.startswith("batches/")]
    assert place.run(SIXTH).of(TallyName.READ) == {"": 6}
    assert counted_installs(place) == [12]
    assert not [path for path in place.files("staging") if path.startswith("unread/")]
    run_batch(place.batch("at once", SIXTH), split_arguments([])[1])
    assert place.files("out") == place.files("at once")
    assert place.run(SIXTH).total(TallyName.READ) == 0


def test_a_period_waits_for_a_folder_that_cannot_be_listed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.folder / "in" / "sub").mkdir()
    place.add("a.ndjson", [report(5, install) for install in range(6)])
    place.add("sub/b.ndjson", [report(5, install) for install in range(6, 12)])
    scandir = os.scandir

    def forbidden(path: Path) -> Any:
        if str(path) == str(place.folder / "in" / "sub"):
            raise PermissionError
        return scandir(path)

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.inputs.os.scandir", forbidden)
        first = place.run(date(2026, 1, 5))
        assert first.of(TallyName.HELD_BACK) == {"period_open": 6}, "nothing is to be released"
        for refused in (place.run, lambda day: run_batch(place.batch("out", day), OPTIONS)):
            with pytest.raises(PublishError, match=r"^1 folders below INPUT cannot be listed"):
                refused(SIXTH)
        assert not (place.folder / "out").exists()
    assert place.run(SIXTH).of(TallyName.READ) == {"": 6}, "the others are staged"
    assert counted_installs(place) == [12]


def test_a_period_is_not_released_from_a_part_of_what_was_staged(place: Place) -> None:
    lost, *_ = twelve_staged(place)
    content = lost.read_bytes()
    lost.unlink()
    with pytest.raises(StagingError, match=r"staged file records/\S+ is missing: restore it"):
        place.run(SIXTH)
    assert not (place.folder / "out").exists()
    lost.write_bytes(content)
    place.run(SIXTH)
    assert counted_installs(place) == [12]


def test_what_a_lost_batch_has_read_is_read_again_when_the_batch_is_deleted(place: Place) -> None:
    twelve_staged(place)
    shutil.rmtree(place.folder / "staging" / "records")
    with pytest.raises(StagingError, match=r"or delete batches/00000000\.parquet"):
        place.run(SIXTH)
    (place.folder / "staging" / "batches" / "00000000.parquet").unlink()
    place.run(SIXTH)
    assert counted_installs(place) == [12]


def test_what_was_deleted_for_its_age_does_not_count_as_lost(place: Place) -> None:
    place.add("a.ndjson", [report(20, install) for install in range(12)])
    place.run(date(2026, 1, 5))
    shutil.rmtree(place.folder / "staging" / "records")
    with pytest.raises(StagingError, match="is missing"):
        place.run(date(2026, 2, 3))
    assert place.run(date(2026, 2, 4)).total(TallyName.READ) == 0


def test_what_was_staged_by_many_rounds_is_released_whole_and_read_once(place: Place) -> None:
    for portion in range(3):
        installs = range(portion * 4, portion * 4 + 4)
        place.add(f"{portion}.ndjson", [report(5, install) for install in installs])
        place.run(date(2026, 1, 5))
    told = place.run(SIXTH)
    assert told.total(TallyName.READ) == 0
    assert len([path for path in place.files("staging") if path.startswith("batches/")]) == 1
    run_batch(place.batch("at once", SIXTH), split_arguments([])[1])
    assert place.files("out") == place.files("at once")


def test_an_input_that_was_forgotten_and_comes_back_changes_no_release(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(12)])
    place.add("b.ndjson", [report(5, install) for install in range(12, 15)])
    place.run(SIXTH)
    before = place.files("out")
    kept = (place.folder / "in" / "b.ndjson").rename(place.folder / "b.ndjson")
    place.run(date(2026, 2, 10))
    kept.rename(place.folder / "in" / "b.ndjson")
    told = place.run(date(2026, 2, 10))
    assert told.total(TallyName.READ) == told.total(TallyName.LATE) == 3, "the other one is known"
    assert place.files("out") == before


def test_a_staging_area_that_cannot_be_made_or_listed_is_named(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = f"^staging {place.folder}/staging: cannot be read or written: "
    (place.folder / "staging").write_text("a file")
    with pytest.raises(StagingError, match=f"{told}File exists"):
        twelve_staged(place)
    (place.folder / "staging").unlink()
    twelve_staged(place)
    really = os.scandir

    def forbidden(path: str | Path) -> Any:
        if (place.folder / "staging") in Path(path).parents:
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(StagingError, match=f"{told}Permission denied"):
        place.run(SIXTH)


def test_a_damaged_record_says_which_file_it_is(place: Place) -> None:
    damaged, *_ = twelve_staged(place)
    damaged.write_bytes(damaged.read_bytes()[:-20])
    with pytest.raises(StagingError, match=r"staged file records/\S+\.parquet cannot be read"):
        place.run(SIXTH)


def test_records_that_lie_among_the_batches_are_told_by_their_place_alone(place: Place) -> None:
    records, *_ = twelve_staged(place)
    shutil.copy(records, place.folder / "staging" / "batches" / "00000007.parquet")
    with pytest.raises(StagingError) as told:
        place.run(SIXTH)
    assert str(told.value) == (
        "staged file batches/00000007.parquet tells of no batch: restore it, or move it away"
    )


def test_an_output_that_has_lost_its_releases_is_told_from_a_new_one(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(12)])
    place.run(SIXTH)
    shutil.rmtree(place.folder / "out")
    place.add("b.ndjson", [report(5, install) for install in range(20, 40)])
    with pytest.raises(StagingError, match="2026-01-05 was released from this staging area"):
        place.run(SIXTH)
    assert not (place.folder / "out").exists()


def test_a_period_that_was_given_up_does_not_count_as_lost(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(3)])
    place.run(SIXTH)
    place.run(date(2026, 2, 10))
    place.add("b.ndjson", [report(5, install) for install in range(3, 6)])
    assert place.run(date(2026, 2, 10)).of(TallyName.READ) == {"": 3}


def counted_installs(place: Place) -> list[int]:
    found = sorted((place.folder / "out" / "crashes_by_version_os").rglob("*.parquet"))
    return [row["install_count"] for path in found for row in pq.read_table(path).to_pylist()]


def test_a_refusal_that_comes_later_takes_the_staged_report_out(place: Place) -> None:
    everybody = [report(5, install) for install in range(11)]
    place.add("a.ndjson", everybody)
    place.run(date(2026, 1, 5))
    place.add("b.ndjson", [everybody[0] | {"consent": False}])
    place.run(SIXTH)
    assert counted_installs(place) == [10]


def test_a_broken_sidecar_that_comes_later_takes_its_staged_dump_out(place: Place) -> None:
    for install in range(11):
        place.add(f"{install}.ndjson", [report(5, install)])
    place.run(date(2026, 1, 5))
    (place.folder / "in" / "0.json").write_text('{"consent": "n')
    told = place.run(SIXTH)
    assert counted_installs(place) == [10]
    assert told.of(TallyName.REJECTED) == {"malformed": 1}
    assert told.of(TallyName.EXCLUDED) == {"consent_refused": 1}


def test_of_ten_who_agreed_at_first_nine_are_not_released(place: Place) -> None:
    everybody = [report(5, install) for install in range(10)]
    place.add("a.ndjson", everybody)
    place.run(date(2026, 1, 5))
    place.add("a.ndjson", [everybody[0] | {"consent": False}, *everybody[1:]])
    place.run(SIXTH)
    assert counted_installs(place) == []


def test_an_objection_that_comes_later_takes_out_what_is_staged(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(11)])
    place.run(date(2026, 1, 5))
    objection = Pseudonyms(KEY.load()).objection("install-3")
    policy = POLICY.model_copy(update={"objections": (objection,)})
    place.run(SIXTH, policy=policy)
    assert counted_installs(place) == [10]


def test_records_that_nothing_came_of_are_deleted_after_the_policys_days(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(3)])
    place.run(SIXTH)
    assert [path for path in place.files("staging") if path.startswith("records/")]
    place.run(date(2026, 2, 10))
    assert not [path for path in place.files("staging") if path.startswith("records/")]


def test_a_clock_that_was_put_back_loses_nothing(place: Place) -> None:
    place.add("a.ndjson", [report(5, install) for install in range(10)])
    place.run(date(2026, 1, 5))
    place.run(date(2025, 11, 1))
    place.run(SIXTH)
    assert counted_installs(place) == [10]


def test_what_was_staged_under_one_policy_is_not_released_under_another(place: Place) -> None:
    nobody = [report(5, n) | {"install_id": None} for n in range(10)]
    place.add("a.ndjson", nobody)
    each_counts = POLICY.model_copy(update={"reports_without_install_are_distinct": True})
    place.run(date(2026, 1, 5), policy=each_counts)
    with pytest.raises(StagingError, match="distinct true, nlp no_op, and this run has"):
        place.run(SIXTH)
    assert not list((place.folder / "out").rglob("*.parquet"))
    place.run(SIXTH, policy=each_counts)
    assert counted_installs(place) == [10]
    place.run(SEVENTH)


def test_records_of_another_form_are_not_released(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add("a.ndjson", [report(5, n) for n in range(10)])
    place.run(date(2026, 1, 5))
    with monkeypatch.context() as patched:
        patched.setattr("pipelines.incremental.RECORDS_FORM", 99)
        with pytest.raises(StagingError, match="and this run has records of form 99"):
            place.run(SIXTH)
    assert not list((place.folder / "out").rglob("*.parquet"))
    place.run(SIXTH)
    assert counted_installs(place) == [10]


def test_records_that_are_dated_years_ahead_do_not_rest_until_then(place: Place) -> None:
    ahead = [report(5, n) | {"received_at": "2099-01-05T10:00:00Z"} for n in range(3)]
    soon = [report(20, n) for n in range(3)]
    place.add("a.ndjson", [*ahead, *soon])
    place.run(SIXTH)
    kept = {path.split("/")[1] for path in place.files("staging") if path.startswith("records/")}
    assert kept == {"period=2026-01-20"}
