"""The folder of one run: temporary files go there, and go with it."""

import os
import tempfile
from pathlib import Path

import pytest

from pipelines.local_folder import local_folder


@pytest.mark.parametrize("named", [None, "elsewhere"])
def test_temporary_files_of_a_run_go_with_its_folder(
    named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if named is None:
        monkeypatch.delenv("TMPDIR", raising=False)
    else:
        monkeypatch.setenv("TMPDIR", named)
    with local_folder() as folder:
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o077 == 0
        assert Path(tempfile.mkdtemp()).parent == folder
        assert os.environ["TMPDIR"] == str(folder)
    assert list(tmp_path.iterdir()) == []
    assert tempfile.gettempdir() == str(tmp_path)
    assert os.environ.get("TMPDIR") == named
