"""The project's own folder, and the one of real crash files, where it is."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_NOT_REPORTS: Final = frozenset({"pii", "sym", "socorro_schema"})


def corpus_folder() -> Path | None:
    """Return the folder of real crash files, None where it is absent."""
    folder = Path(os.environ.get("CRASHVEIL_CORPUS", ROOT / ".." / "shared" / "corpus")).resolve()
    return folder if (folder / "INDEX.tsv").is_file() else None


def corpus_files(folder: Path) -> list[Path]:
    """Return the crash files of a corpus, sorted: not what is expected of them, nor schemas."""
    return sorted(
        path
        for path in folder.glob("*/*")
        if path.is_file() and not _is_about_others(path.parent.name)
    )


def _is_about_others(folder: str) -> bool:
    return folder in _NOT_REPORTS or "_expected" in folder
