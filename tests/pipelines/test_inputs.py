"""Finding the input on a local disk and in a storage service."""

import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines import inputs
from pipelines.inputs import EmptyInputError, InputError, UnlistedInputError, find_items
from transforms.read import Listing


def write(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def put(monkeypatch: pytest.MonkeyPatch, *urls: str) -> None:
    """Have the storage service hold objects of these URLs."""

    def listed(prefix: str) -> Iterator[tuple[str, int, float | None]]:
        return iter([(url, 1, 0.0) for url in sorted(urls) if url.startswith(prefix)])

    monkeypatch.setattr(inputs, "list_objects", listed)


def names(inputs: list[str], exclude: Sequence[str | Path] = ()) -> list[str]:
    return [item.file.name for item in find_items(inputs, exclude)]


def noting(function: Callable[[str], Any], listed: list[str]) -> Callable[[str], Any]:
    """Return a function that lists a folder as another one does, and notes which it was."""

    def noted(folder: str) -> Any:
        listed.append(str(folder))
        return function(folder)

    return noted


def forbid(monkeypatch: pytest.MonkeyPatch, folder: Path, error: OSError | None = None) -> None:
    """Have a folder not be listed; to its owner's rights a test that runs as root is blind."""
    scandir = os.scandir

    def listed(path: str | Path) -> Any:
        if Path(path) == folder:
            raise error or PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", listed)


def test_a_folder_is_searched_through_without_hidden_files(tmp_path: Path) -> None:
    write(tmp_path / "b.dmp")
    write(tmp_path / "a" / "c.ips")
    write(tmp_path / ".hidden" / "d.ips")
    write(tmp_path / ".DS_Store")
    assert names([str(tmp_path)]) == ["a/c.ips", "b.dmp"]


def test_the_output_folder_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.dmp")
    write(tmp_path / "out" / "part-0.parquet")
    assert names([str(tmp_path)], exclude=[(tmp_path / "out").resolve()]) == ["a.dmp"]


@pytest.mark.parametrize("pattern", ["", "*/*", "**", "**/*.dmp", "[as]*/*.dmp"])
def test_a_folder_that_cannot_be_listed_is_marked_among_what_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    write(tmp_path / "a" / "b.dmp")
    write(tmp_path / "secret.json" / "b.dmp")
    write(tmp_path / "secret.dmp")
    (tmp_path / "broken.json").symlink_to(tmp_path / "broken.json")
    forbid(monkeypatch, tmp_path / "secret.json")
    items = find_items([str(tmp_path / pattern)])
    assert [item.file.path for item in items if item.file.unlisted] == [
        str(tmp_path / "secret.json")
    ]
    assert str(tmp_path / "a" / "b.dmp") in [item.file.path for item in items]
    assert not any(item.sidecars for item in items), "it is no sidecar"
    assert Listing(items).unlisted_count == 1


@pytest.mark.parametrize("pattern", ["", "*", "**", "*/b.dmp"])
def test_an_input_that_cannot_be_listed_itself_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    write(tmp_path / "a" / "b.dmp")
    forbid(monkeypatch, tmp_path)
    with pytest.raises(UnlistedInputError, match=r"^input \S+: cannot be listed: Permission"):
        find_items([str(tmp_path / pattern)])


def test_a_folder_that_goes_while_it_is_looked_for_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.dmp")
    write(tmp_path / "b" / "b.dmp")
    forbid(monkeypatch, tmp_path / "b", FileNotFoundError(2, "No such file or directory"))
    assert names([str(tmp_path)]) == ["a.dmp"]
    assert names([str(tmp_path / "**")]) == ["a.dmp"]


@pytest.mark.parametrize("pattern", ["*", "*/*", ".*/*", "x/[ab].dmp", "?/*.dmp", "x/../*.dmp"])
def test_a_glob_matches_what_pythons_own_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    for name in ("a.dmp", ".b.dmp", "x/a.dmp", "x/.c.dmp", ".y/d.dmp", "z/x/a.dmp"):
        write(tmp_path / name)
    (tmp_path / "again").symlink_to(tmp_path / "x")
    monkeypatch.chdir(tmp_path)
    matches = {each for each in glob.glob(pattern) if Path(each).is_file()}  # noqa: PTH207 - the peer
    assert [item.file.path for item in find_items([pattern])] == sorted(matches)


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    file = str(write(tmp_path / "a.dmp"))
    assert names([file, file, str(tmp_path / "*.dmp")]) == ["a.dmp"]


def test_a_single_dump_brings_its_sidecar(tmp_path: Path) -> None:
    dump = write(tmp_path / "a.dmp")
    beside = {str(write(tmp_path / name, "{}")) for name in ("a.json.gz", "a.dmp.json", "a.json")}
    write(tmp_path / "b.json", "{}")
    (item,) = find_items([str(dump)])
    assert {sidecar.path for sidecar in item.sidecars} == beside


def of_all_kinds(folder: Path) -> list[str]:
    """Write dumps with sidecars into two folders, and a problem directory; return their paths."""
    beside = ("a.dmp", "a.json", "a.json.gz", "b.dmp", "b.dmp.json", "B.JSON", "c.ips", "d.json")
    for folder_name in ("x", "y"):
        for name in beside:
            write(folder / folder_name / name, "{}")
    for name in ("time", "type", "backtrace", "hostname", "environ", "backtrace.json"):
        write(folder / "z" / name)
    write(folder / "z" / "time", "")
    return sorted(map(str, folder.glob("*/*")))


def test_files_named_one_by_one_are_found_as_in_their_folder_and_by_a_glob(tmp_path: Path) -> None:
    found = find_items(of_all_kinds(tmp_path))
    for inputs_of_all in ([str(tmp_path)], [str(tmp_path / "*" / "*")]):
        again = find_items(inputs_of_all)
        assert [item.file.path for item in again] == [item.file.path for item in found]
        assert [[each.path for each in item.sidecars] for item in again] == [
            [each.path for each in item.sidecars] for item in found
        ]


def test_dumps_named_one_by_one_bring_each_its_sidecars_and_no_other(tmp_path: Path) -> None:
    of_all_kinds(tmp_path)
    dumps = [str(tmp_path / "x" / name) for name in ("a.dmp", "c.ips")]
    beside = [{each.path for each in item.sidecars} for item in find_items(dumps)]
    assert beside == [{str(tmp_path / "x" / name) for name in ("a.json", "a.json.gz")}, set()]


def test_a_folder_is_listed_once_for_all_files_that_are_named_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = of_all_kinds(tmp_path)
    listed: list[str] = []
    for function_name in ("listdir", "scandir"):
        monkeypatch.setattr(os, function_name, noting(getattr(os, function_name), listed))
    find_items(named)
    assert sorted(listed) == [str(tmp_path / folder_name) for folder_name in ("x", "y", "z")]


@pytest.mark.parametrize("name", ["jane.dmp", "*.dmp"])
def test_a_named_file_whose_folder_cannot_be_listed_is_told_in_the_users_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(tmp_path / "jane.dmp")

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    told = rf"^input \S+/{re.escape(name)}: its folder cannot be listed: Permission denied$"
    with pytest.raises(UnlistedInputError, match=told):
        find_items([str(tmp_path / name)])


def test_a_glob_matches_files_only(tmp_path: Path) -> None:
    write(tmp_path / "a.dmp")
    (tmp_path / "b.dmp").mkdir()
    assert names([str(tmp_path / "*.dmp")]) == ["a.dmp"]


def test_two_stars_stand_for_folders_below_and_follow_no_links(tmp_path: Path) -> None:
    for name in ("a.dmp", "x/b.dmp", "x/y/c.dmp", "x/y/c.txt", ".hidden/d.dmp", "x/.e.dmp"):
        write(tmp_path / name)
    (tmp_path / "x" / "back").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "x")
    assert names([str(tmp_path / "**" / "*.dmp")]) == ["a.dmp", "b.dmp", "c.dmp"]
    assert names([str(tmp_path / "x" / "**")]) == ["b.dmp", "c.dmp", "c.txt"]
    assert names([str(tmp_path / "**" / "y" / "**" / "*.txt")]) == ["c.txt"]


def test_links_that_lead_round_in_a_circle_are_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names([str(tmp_path / "*")], exclude=[tmp_path / "out"]) == ["a", "b"]


def test_a_name_that_the_system_refuses_is_told() -> None:
    with pytest.raises(InputError, match=r"^input x+: cannot be listed: File name too long$"):
        find_items(["x" * 300])


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_refused_and_not_taken_for_the_folder_that_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = str(write(tmp_path / "a.dmp"))
    with pytest.raises(InputError, match=r"^INPUT: names no file or folder$"):
        find_items([file, name])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere", "no such file or folder"),
        ("empty", "no file in it"),
        ("*.nothing", "no file in it"),
    ],
)
def test_an_input_that_matches_nothing_is_named(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "empty").mkdir()
    file = str(write(tmp_path / "a.dmp"))
    with pytest.raises(InputError, match=rf"^input \S+/{re.escape(name)}: {told}$"):
        find_items([file, str(tmp_path / name)])


def test_inputs_of_which_none_is_there_are_told_from_an_empty_one(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnlistedInputError, match="nowhere: no such file or folder"):
        find_items([nowhere, nowhere], may_be_empty=True)
    with pytest.raises(EmptyInputError):
        find_items([nowhere, str(tmp_path / "empty")], may_be_empty=True)


def test_a_link_to_nowhere_and_a_pipe_are_listed_and_fail_later(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    assert names([str(tmp_path)]) == ["gone", "pipe"]


def test_the_folder_that_one_is_in_gives_plain_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.dmp")
    write(tmp_path / "sub" / "b.dmp")
    monkeypatch.chdir(tmp_path)
    assert [item.file.path for item in find_items([".", "a.dmp"])] == ["a.dmp", "sub/b.dmp"]


@pytest.mark.parametrize("name", ["gs://b/in", "gs://b/in/", "gs://b/in/*.txt", "gs://b/in/r1.txt"])
def test_objects_bring_their_sidecars_however_they_are_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    beside = {"gs://b/in/r1.json", "gs://b/in/r1.txt.json"}
    put(monkeypatch, *beside, "gs://b/in/r1.txt", "gs://b/in/r1/other.dmp", "gs://b/in2/r1.json")
    (item, *_) = (each for each in find_items([name]) if each.file.path == "gs://b/in/r1.txt")
    assert {sidecar.path for sidecar in item.sidecars} == beside


@pytest.mark.parametrize("name", ["gs://b/in/*.txt", "gs://b/in/r1.txt"])
def test_of_objects_only_those_that_are_named_are_read(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    put(monkeypatch, "gs://b/in/r1.txt", "gs://b/in/r2.json", "gs://b/in/r1.dmp", "gs://b/r1.json")
    assert [item.file.path for item in find_items([name])] == ["gs://b/in/r1.txt"]


def test_what_runs_write_below_a_prefix_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, "gs://b/in/a.dmp", "gs://b/in/out/x.parquet", "gs://b/in/outer.dmp")
    found = names(["gs://b/in"], exclude=["gs://b/in/out/"])
    assert found == ["a.dmp", "outer.dmp"]


def test_of_several_inputs_one_may_be_empty_if_that_is_said(tmp_path: Path) -> None:
    write(tmp_path / "full" / "a.dmp")
    (tmp_path / "empty").mkdir()
    both = [str(tmp_path / "full"), str(tmp_path / "empty")]
    with pytest.raises(EmptyInputError, match="empty"):
        find_items(both)
    assert [item.file.name for item in find_items(both, may_be_empty=True)] == ["a.dmp"]
    with pytest.raises(EmptyInputError):
        find_items(both[1:], may_be_empty=True)


def test_a_service_that_does_not_answer_is_told_from_an_empty_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: str) -> None:
        raise OSError("storage does not answer")

    monkeypatch.setattr(inputs, "list_objects", fail)
    with pytest.raises(UnlistedInputError, match="cannot be listed: storage does not answer"):
        find_items(["gs://b/in"])


@pytest.mark.parametrize("name", ["in", "in/a.dmp", "in/*.dmp"])
def test_a_sidecar_that_leads_nowhere_stays_a_sidecar_however_its_dump_is_named(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.dmp").write_bytes(b"MDMP")
    (tmp_path / "in" / "a.json").symlink_to(tmp_path / "nowhere" / "a.json")
    (item,) = find_items([str(tmp_path / name)])
    assert [Path(each.path).name for each in item.sidecars] == ["a.json"]
