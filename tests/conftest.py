"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real crash files; tests that need it skip where it is absent."""
    named = os.environ.get("CRASHVEIL_CORPUS", str(REPOSITORY / ".." / "shared" / "corpus"))
    folder = Path(named).resolve()
    if not (folder / "INDEX.tsv").is_file():
        pytest.skip("no corpus of real crash files here: set CRASHVEIL_CORPUS to its folder")
    return folder
