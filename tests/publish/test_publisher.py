"""Publishing: whole or not at all, once, and finished by the next run when it was killed."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.folders import tree
from transforms.publish import (
    FileSystem,
    LocalFileSystem,
    ManifestError,
    PeriodRelease,
    Published,
    PublishedFile,
    PublishError,
    publish,
    published_paths,
    read_entries,
)

DAY, NEXT_DAY = "2026-11-22", "2026-11-23"
PARAMETERS = {"crashveil.k": "10"}
DAYS = "crashveil.period_days"
RELEASE = {
    ("crashes_by_version_os", DAY): b"versions",
    ("signatures", DAY): b"signatures",
    ("releases", DAY): b"releases",
    ("crashes_by_version_os", NEXT_DAY): b"versions",
    ("releases", NEXT_DAY): b"releases",
}


class Killed(BaseException):
    """Stands for a process that is gone."""


class KilledAtStep:
    """A file system whose process dies before the step of a number, and does nothing after."""

    def __init__(self, inner: FileSystem, step: int) -> None:
        self._inner, self.steps_left = inner, step

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def step(*arguments: Any) -> Any:
            if self.steps_left == 0:
                raise Killed
            self.steps_left -= 1
            return getattr(self._inner, name)(*arguments)

        return step


def run(
    output: FileSystem,
    release: dict[tuple[str, str], bytes] = RELEASE,
    fingerprint: str = "one policy and key",
    parameters: dict[str, str] = PARAMETERS,
) -> Published:
    periods: dict[str, dict[str, bytes]] = {}
    for (table, period), content in release.items():
        periods.setdefault(period, {})[table] = content
    releases = [PeriodRelease(*each) for each in periods.items()]
    return publish(releases, parameters, fingerprint, output)


def manifests(folder: Path) -> Iterator[dict[str, Any]]:
    for path in (folder / "_manifests").glob("*"):
        yield json.loads(path.read_text())


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "new" / "output"


def test_files_stand_where_hive_partitioning_has_them_with_a_manifest_for_each_period(
    output: Path,
) -> None:
    assert run(LocalFileSystem(output)) == Published(new=(DAY, NEXT_DAY))
    assert sorted(tree(output)) == [
        f"_ledger/claims/period={DAY}/claim.json",
        f"_ledger/claims/period={NEXT_DAY}/claim.json",
        "_ledger/entries/00000000.json",
        "_ledger/entries/00000001.json",
        f"_manifests/period={DAY}.json",
        f"_manifests/period={NEXT_DAY}.json",
        f"crashes_by_version_os/period={DAY}/part-0.parquet",
        f"crashes_by_version_os/period={NEXT_DAY}/part-0.parquet",
        f"releases/period={DAY}/part-0.parquet",
        f"releases/period={NEXT_DAY}/part-0.parquet",
        f"signatures/period={DAY}/part-0.parquet",
    ]
    assert tree(output)[f"signatures/period={DAY}/part-0.parquet"] == b"signatures"


def test_a_manifest_names_files_digests_and_sizes_and_nothing_else(output: Path) -> None:
    run(LocalFileSystem(output), {("signatures", DAY): b"signatures"})
    assert list(manifests(output)) == [
        {
            "contract_version": "1",
            "period": DAY,
            "files": [
                {
                    "path": f"signatures/period={DAY}/part-0.parquet",
                    "sha256": hashlib.sha256(b"signatures").hexdigest(),
                    "size": 10,
                }
            ],
        }
    ]


def test_staging_and_folders_that_only_it_needed_are_gone_afterwards(output: Path) -> None:
    run(LocalFileSystem(output))
    assert not (output / "_staging").exists()


def test_publishing_the_same_bytes_again_changes_nothing(output: Path) -> None:
    run(LocalFileSystem(output))
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*.*")}
    assert run(LocalFileSystem(output)) == Published(same=(DAY, NEXT_DAY))
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*.*")} == before


@pytest.mark.parametrize(
    "other",
    [
        RELEASE | {("signatures", DAY): b"other signatures"},
        RELEASE | {("crashes_by_signature", DAY): b"a table more"},
        {name: content for name, content in RELEASE.items() if name != ("signatures", DAY)},
    ],
    ids=["other content", "a table more", "a table less"],
)
def test_another_release_of_a_period_changes_nothing(
    output: Path, other: dict[tuple[str, str], bytes]
) -> None:
    run(LocalFileSystem(output))
    before = tree(output)
    assert run(LocalFileSystem(output), other) == Published(same=(NEXT_DAY,), kept=(DAY,))
    assert tree(output) == before


def test_a_new_period_is_released_beside_one_that_late_reports_would_change(output: Path) -> None:
    run(LocalFileSystem(output))
    before = tree(output)
    grown = RELEASE | {("signatures", DAY): b"with late ones", ("signatures", "2026-11-24"): b"n"}
    assert run(LocalFileSystem(output), grown) == Published(
        new=("2026-11-24",), same=(NEXT_DAY,), kept=(DAY,)
    )
    assert before.items() <= tree(output).items()


def test_a_period_that_another_policy_or_key_has_claimed_is_refused(output: Path) -> None:
    killed_between_files(output)
    with pytest.raises(PublishError, match="claimed by a run with another policy or key"):
        run(LocalFileSystem(output), RELEASE, "another policy")


def test_a_refused_period_leaves_those_after_it_to_whoever_comes_next(output: Path) -> None:
    killed_between_files(output)
    with pytest.raises(PublishError, match=f"period {DAY} is claimed"):
        run(LocalFileSystem(output), RELEASE, "another policy")
    later = {name: content for name, content in RELEASE.items() if NEXT_DAY in name}
    assert run(LocalFileSystem(output), later, "a third policy").new == (NEXT_DAY,)


def test_nothing_to_publish_touches_nothing(output: Path) -> None:
    LocalFileSystem(output).write("_staging/of another run", b"")
    before = tree(output)
    assert run(LocalFileSystem(output), {}) == Published()
    assert tree(output) == before


def test_what_is_released_before_a_step_is_tried_again_is_new_all_the_same(output: Path) -> None:
    """Another run cleans what this one has staged of its second period."""

    class Cleaned(LocalFileSystem):
        moves = 0

        def move(self, source: str, target: str) -> None:
            self.moves += 1
            if self.moves == 4:
                raise FileNotFoundError
            super().move(source, target)

    interfered = Cleaned(output)
    assert run(interfered) == Published(new=(DAY, NEXT_DAY))
    assert interfered.moves > 5


def test_a_period_of_another_length_is_refused(output: Path) -> None:
    """A week less its days would tell of what is in none of them."""
    run(LocalFileSystem(output), {("releases", DAY): b"a day"}, "one", {DAYS: "1"})
    before = tree(output)
    with pytest.raises(PublishError, match="periods of another length"):
        run(LocalFileSystem(output), {("releases", NEXT_DAY): b"a week"}, "other", {DAYS: "7"})
    assert {path for path in tree(output) if "/entries/" in path or "releases" in path} == {
        path for path in before if "/entries/" in path or "releases" in path
    }


def test_exact_counts_are_refused_where_counts_with_noise_are(output: Path) -> None:
    """They would break what noise promises of a year, whose cap refuses the other way round."""
    run(LocalFileSystem(output), parameters=PARAMETERS | {"crashveil.epsilon": "0.9"})
    before = tree(output)
    later = {("signatures", "2026-11-24"): b"exact"}
    with pytest.raises(PublishError, match="bound on a year exact counts would break"):
        run(LocalFileSystem(output), later)
    assert {path for path in tree(output) if "claims" not in path} == {
        path for path in before if "claims" not in path
    }


def test_a_new_period_is_added_to_an_output_that_has_others(output: Path) -> None:
    today = {name: content for name, content in RELEASE.items() if name[1] == DAY}
    assert run(LocalFileSystem(output), today) == Published(new=(DAY,))
    assert run(LocalFileSystem(output)) == Published(new=(NEXT_DAY,), same=(DAY,))
    assert len(list(manifests(output))) == 2


def steps_of_a_whole_run(folder: Path) -> int:
    output = KilledAtStep(LocalFileSystem(folder), 1_000)
    run(output)
    return 1_000 - output.steps_left


def test_a_run_killed_at_any_step_is_finished_by_the_next_one(tmp_path: Path) -> None:
    steps = steps_of_a_whole_run(tmp_path / "whole")
    assert steps > 20
    for step in range(steps):
        folder = tmp_path / f"killed at {step}"
        with pytest.raises(Killed):
            run(KilledAtStep(LocalFileSystem(folder), step))
        for manifest in manifests(folder):
            for file in manifest["files"]:
                content = (folder / file["path"]).read_bytes()
                assert hashlib.sha256(content).hexdigest() == file["sha256"]
        run(LocalFileSystem(folder))
        assert tree(folder) == tree(tmp_path / "whole")


def killed_between_files(output: Path) -> None:
    """Leave a period that is in the ledger, with some files moved and no manifest."""
    for step in range(1_000):
        with pytest.raises(Killed):
            run(KilledAtStep(LocalFileSystem(output), step))
        if any(path.endswith("part-0.parquet") for path in tree(output)):
            return


def test_what_is_in_the_ledger_is_finished_also_by_a_run_with_other_content(output: Path) -> None:
    """As noise would make it: the first draw counts, since the ledger has it."""
    killed_between_files(output)
    assert not list(manifests(output))
    other = {name: content + b"!" for name, content in RELEASE.items()}
    assert run(LocalFileSystem(output), other) == Published(new=(NEXT_DAY,), kept=(DAY,))
    assert tree(output)[f"signatures/period={DAY}/part-0.parquet"] == b"signatures"
    assert tree(output)[f"crashes_by_version_os/period={NEXT_DAY}/part-0.parquet"] == b"versions!"


def test_a_file_that_no_release_of_the_period_has_is_refused(output: Path) -> None:
    stray = output / f"signatures/period={DAY}/part-1.parquet"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"stray")
    with pytest.raises(PublishError, match=r"part-1\.parquet is there already"):
        run(LocalFileSystem(output))


def test_what_a_killed_run_left_in_staging_is_cleaned_by_the_next(output: Path) -> None:
    LocalFileSystem(output).write("_staging/left behind", b"")
    assert (output / "_staging").exists()
    run(LocalFileSystem(output))
    assert not (output / "_staging").exists()


def test_staging_is_cleaned_after_a_refusal_too(output: Path) -> None:
    run(LocalFileSystem(output))
    run(LocalFileSystem(output), {("signatures", DAY): b"other"})
    assert not (output / "_staging").exists()


def test_an_output_that_cannot_be_written_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    with pytest.raises(PublishError, match="the output cannot be read or written: Not a directory"):
        run(LocalFileSystem(tmp_path / "file"))


class Interfering:
    """A file system on which another run does something before each step."""

    def __init__(self, inner: FileSystem, interfere: Callable[[], object]) -> None:
        self._inner, self._interfere = inner, interfere

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def step(*arguments: Any) -> Any:
            self._interfere()
            return getattr(self._inner, name)(*arguments)

        return step


def test_two_runs_at_once_publish_one_of_their_releases_whole(tmp_path: Path) -> None:
    """The other run, with content of its own, publishes before the first one's step of a number."""
    other = {name: content + b"!" for name, content in RELEASE.items()}
    winners = set()
    for number in range(60):
        folder = tmp_path / str(number)
        steps = iter(range(1_000))

        def interfere(
            folder: Path = folder, number: int = number, steps: Iterator[int] = steps
        ) -> None:
            if next(steps) == number:
                with suppress(PublishError):
                    run(LocalFileSystem(folder), other)

        with suppress(PublishError):
            run(Interfering(LocalFileSystem(folder), interfere))  # type: ignore[arg-type]
        files = {path: content for path, content in tree(folder).items() if "part-0" in path}
        for period in (DAY, NEXT_DAY):
            endings = {content[-1:] == b"!" for path, content in files.items() if period in path}
            assert len(endings) == 1, number
            winners |= endings
        assert len(files) == len(RELEASE)
        assert len(list(manifests(folder))) == len(read_entries(LocalFileSystem(folder))) == 2
        assert not (folder / "_staging").exists()
    assert winners == {True, False}


def test_only_what_a_manifest_names_is_published(output: Path) -> None:
    killed_between_files(output)
    assert not any(published_paths(LocalFileSystem(output)).values())
    run(LocalFileSystem(output))
    paths = published_paths(LocalFileSystem(output))
    assert {table: len(files) for table, files in paths.items()} == {
        "crashes_by_version_os": 2,
        "crashes_by_signature": 0,
        "signatures": 1,
        "releases": 2,
    }
    assert paths["signatures"] == [PublishedFile("signatures", DAY, "", 0).path]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"files": [{"path": "../../etc/passwd"}]}',
        b'{"files": [{"path": "secrets/period=2026-11-22/part-0.parquet"}]}',
        b'{"files": [{"path": 1}]}',
    ],
)
def test_a_manifest_that_names_anything_but_a_tables_file_is_refused(
    output: Path, content: bytes
) -> None:
    LocalFileSystem(output).write(f"_manifests/period={DAY}.json", content)
    with pytest.raises(ManifestError, match=DAY):
        published_paths(LocalFileSystem(output))
