"""Compiling takes seconds: a database is read back, and whatever is wrong with it is no matter."""

from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.scrub import hyperscan_database, kept_databases
from transforms.scrub.pattern_scan import PatternScan
from transforms.scrub.sought import sought

pytestmark = pytest.mark.skipif(not hyperscan_database.AVAILABLE, reason="no hyperscan here")

PATTERNS = [
    found for each in (r"jane\d+", r"\bdoe\b", r"[a-z]+@[a-z]+") if (found := sought(each, 0))
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path / "__pycache__"
    monkeypatch.setattr(kept_databases, "cache_from_source", lambda _: str(kept / "module.pyc"))
    monkeypatch.setattr(kept_databases, "_WORTHWHILE_BYTES", 0)
    return kept


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of patterns whenever some are compiled."""
    counts: list[int] = []
    database = hyperscan_database._hyperscan.Database

    class Counting(database):  # type: ignore[misc, valid-type]
        def compile(self, *args: object, **options: object) -> None:
            counts.append(len(PATTERNS))
            super().compile(*args, **options)

    monkeypatch.setattr(hyperscan_database._hyperscan, "Database", Counting)
    return counts


def candidates() -> list[list[int]]:
    scan = PatternScan.of(PATTERNS)
    assert scan is not None
    return [sorted(scan.candidates(text)) for text in ("jane1", "a doe", "x@y doe", "nothing")]


EXPECTED = [[0], [1], [1, 2], []]


def test_what_was_compiled_once_is_read_back(folder: Path, compiled: list[int]) -> None:
    assert candidates() == EXPECTED
    assert len(compiled) == 1
    assert candidates() == EXPECTED
    assert len(compiled) == 1
    assert len(list(folder.iterdir())) == 1


def other_bytes_within(content: bytes) -> bytes:
    half = len(content) // 2
    return (
        content[:half]
        + bytes(each ^ 255 for each in content[half : half + 64])
        + content[half + 64 :]
    )


@pytest.mark.parametrize(
    "damaged",
    [
        lambda content: content[:0],
        lambda content: content[: len(content) // 2],
        other_bytes_within,
        lambda content: bytes(len(content)),
    ],
)
def test_a_damaged_file_is_compiled_and_written_again(
    damaged: Callable[[bytes], bytes], folder: Path, compiled: list[int]
) -> None:
    candidates()
    (path,) = folder.iterdir()
    content = path.read_bytes()
    path.write_bytes(damaged(content))
    assert candidates() == EXPECTED
    assert len(compiled) == 2
    assert path.read_bytes() == content


def test_other_patterns_are_another_database(folder: Path) -> None:
    candidates()
    assert PatternScan.of(PATTERNS[:2]) is not None
    assert PatternScan.of([PATTERNS[0]._replace(flags=PATTERNS[0].flags | 1)]) is not None
    assert len(list(folder.iterdir())) == 3


def test_without_a_place_to_keep_it_each_process_compiles(
    folder: Path, compiled: list[int]
) -> None:
    folder.write_text("a file where the folder should be")
    assert candidates() == candidates() == EXPECTED
    assert len(compiled) == 2


def test_only_the_newest_are_kept(folder: Path) -> None:
    for number in range(12):
        kept_databases.keep(f"{number:02d}", b"database")
    assert len(list(folder.iterdir())) == 8
    assert kept_databases.kept("11") == b"database"


def test_a_small_one_is_not_worth_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert kept_databases._WORTHWHILE_BYTES > 100_000
    monkeypatch.setattr(kept_databases, "cache_from_source", lambda _: str(folder / "module.pyc"))
    candidates()
    assert not folder.exists()
