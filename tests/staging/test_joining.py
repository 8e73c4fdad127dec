"""Committed batches: few whatever the number of runs, and no input is remembered for ever."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.keys import KEY
from transforms.publish import LocalFileSystem
from transforms.staging import (
    Batch,
    StagingError,
    batch_file,
    check_releasable,
    commit,
    committed,
    join_batches,
    settle,
    staged_files,
)
from transforms.staging.encryption import decrypted

TODAY = date(2026, 1, 9)
PERIOD = "2026-01-05"


class Killed(BaseException):
    """The process dies."""


class Area:
    """A staging area, and a clock of which `expired` is thirty days ago."""

    def __init__(self, folder: Path) -> None:
        self.files = LocalFileSystem(folder)
        self.today, self.listed, self.released = TODAY, {"kept"}, set[str]()

    def run(self, number: int, *inputs: str, made_with: str = "") -> Batch:
        """Commit what a run of this number has read, and the file that it has written."""
        name = f"{number:016x}"
        path = batch_file(PERIOD, name, 0)
        self.files.write(path, b"")
        return commit(
            Batch((name,), inputs, self.today, (path,), made_with), KEY.load(), self.files
        )

    def join(self) -> list[Batch]:
        found = committed(KEY.load(), self.files)
        expired = self.today - timedelta(days=30)
        joined = join_batches(
            found, self.listed, self.released, self.today, expired, KEY.load(), self.files
        )
        assert sorted(joined, key=lambda batch: batch.path) == committed(KEY.load(), self.files)
        return joined

    def check(self) -> None:
        expired = self.today - timedelta(days=30)
        found = committed(KEY.load(), self.files)
        check_releasable(found, "", self.released, expired, self.files)

    def told(self) -> tuple[set[str], list[str]]:
        """Return the inputs that count as read, and the files of records that count."""
        found = committed(KEY.load(), self.files)
        names = {name for batch in found for name in batch.names}
        files = staged_files(names, self.files).get(PERIOD, [])
        return {each for batch in found for each in batch.inputs}, files

    @property
    def paths(self) -> list[str]:
        return self.files.list_files("batches")

    def settle(self) -> None:
        self.released.add(PERIOD)
        self.files.delete_folder("records")


@pytest.fixture
def area(tmp_path: Path) -> Area:
    return Area(tmp_path)


def test_many_rounds_of_a_day_leave_few_files_that_tell_of_all(area: Area) -> None:
    most = 0
    for number in range(150):
        area.join()
        area.run(number, f"input {number}")
        most = max(most, len(area.paths))
    assert most < 70
    inputs, files = area.told()
    assert inputs == {f"input {number}" for number in range(150)}
    assert len(files) == 150
    area.check()


def test_a_day_that_is_over_is_one_batch_and_days_stay_apart(area: Area) -> None:
    for number, day in enumerate((7, 7, 7, 8, 8, 9, 9)):
        area.today = date(2026, 1, day)
        area.run(number, f"input {number}")
    before = area.told()
    assert [(each.day.day, len(each.names)) for each in area.join()] == [
        (7, 3),
        (8, 2),
        (9, 1),
        (9, 1),
    ]
    assert area.told() == before
    assert area.join() == area.join(), "there is nothing more to be joined"


def test_what_was_made_with_other_things_of_the_policy_stays_apart(area: Area) -> None:
    area.run(1, "one", made_with="period_days 1")
    area.run(2, "two", made_with="period_days 7")
    area.today += timedelta(days=1)
    assert [each.made_with for each in area.join()] == ["period_days 1", "period_days 7"]


@pytest.mark.parametrize("deleted", [0, 1, 2])
def test_a_run_that_is_killed_while_it_joins_changes_nothing_of_what_counts(
    area: Area, monkeypatch: pytest.MonkeyPatch, deleted: int
) -> None:
    for number in range(3):
        area.run(number, f"input {number}")
    before = area.told()
    area.today += timedelta(days=1)
    done = []

    def killed(files: LocalFileSystem, path: str) -> None:
        if len(done) == deleted:
            raise Killed
        done.append(path)
        (files._root / path).unlink()

    with monkeypatch.context() as patched:
        patched.setattr(LocalFileSystem, "delete", killed)
        with pytest.raises(Killed):
            area.join()
    assert len(area.paths) == 4 - deleted
    assert area.told() == before
    area.check()
    area.join()
    assert area.told() == before
    assert len(area.paths) == 1


def test_a_file_that_a_joined_batch_lacks_is_missed_until_its_period_is_settled(
    area: Area,
) -> None:
    area.run(1, "one")
    area.run(2, "two")
    area.today += timedelta(days=1)
    (joined,) = area.join()
    area.files.delete(joined.files[1])
    with pytest.raises(StagingError, match=rf"{joined.files[1]} is missing: .* {joined.path},"):
        area.check()
    area.settle()
    area.check()


def test_a_file_that_was_missing_before_is_missed_after_joining_too(area: Area) -> None:
    lost = area.run(1, "one")
    area.run(2, "two")
    area.today += timedelta(days=1)
    area.files.delete(lost.files[0])
    area.join()
    with pytest.raises(StagingError, match=rf"{lost.files[0]} is missing"):
        area.check()


def test_what_is_staged_of_a_period_that_was_given_up_before_still_counts(area: Area) -> None:
    """A report that is dated far ahead gives a period up, which others may come to later."""
    settle(PERIOD, "given-up", area.files)
    area.run(1, "one")
    area.run(2, "two")
    before = area.told()
    area.today += timedelta(days=1)
    area.join()
    assert area.told() == before


@pytest.mark.parametrize(
    ("days", "is_settled", "kept"),
    [
        (29, True, {"kept", "gone", "gone too"}),
        (30, False, {"kept", "gone", "gone too"}),
        (30, True, {"kept"}),
    ],
)
def test_an_input_is_forgotten_when_it_is_gone_and_old_and_nothing_is_staged_of_it(
    area: Area, days: int, is_settled: bool, kept: set[str]
) -> None:
    area.run(1, "kept", "gone")
    area.run(2, "gone too")
    if is_settled:
        area.settle()
    area.today += timedelta(days=days)
    area.join()
    assert area.told()[0] == kept
    area.listed.clear()
    area.join()
    assert area.told()[0] == kept - ({"kept"} if kept == {"kept"} else set())


def test_what_nothing_is_left_of_leaves_no_file(area: Area) -> None:
    area.run(1, "gone")
    area.settle()
    area.today += timedelta(days=30)
    assert area.join() == []
    assert area.paths == []


def test_names_and_files_of_settled_periods_are_not_kept(area: Area) -> None:
    area.run(1, "one")
    area.run(2, "two")
    area.settle()
    area.today += timedelta(days=1)
    (joined,) = area.join()
    assert (len(joined.names), joined.files) == (1, ())


def test_a_batch_of_one_name_is_written_as_ever_and_one_of_several_is_none_to_older_versions(
    area: Area,
) -> None:
    single = area.run(1, "one")
    area.run(2, "two")
    area.today += timedelta(days=1)
    lines = decrypted(area.files.read(single.path), KEY.load(), "")
    assert lines == [*single.names, "day=2026-01-09", "made_with=", "one", *single.files]
    (joined,) = area.join()
    lines = decrypted(area.files.read(joined.path), KEY.load(), "")
    assert not lines[1].startswith("day=")


def test_the_number_of_a_batch_that_was_replaced_is_not_given_again(area: Area) -> None:
    area.run(1, "one")
    area.run(2, "two")
    area.today += timedelta(days=1)
    area.join()
    assert area.run(3, "three").path == "batches/00000003.parquet"
