"""The files of a simulated fleet: reports and sidecars in folders by format and day."""

import os
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pipelines.simulate.json_text import as_json

_STEMS_PER_FOLDER = 900  # with sidecars, fewer than 2,000 files


class ReportTree:
    """Writes files below a folder, none of which depends on when it was written.

    Files have the time of their report, numbers for names, and sidecars the same stem.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stems: Counter[str] = Counter()

    def new_stem(self, format_name: str, received_at: datetime) -> str:
        """Return a path without suffix, relative to the root, that no other file has."""
        folder = f"{format_name}/{received_at:%Y-%m-%d}"
        number = self._stems[folder]
        self._stems[folder] += 1
        stem = f"{folder}/{number // _STEMS_PER_FOLDER:02}/{number:06}"
        if number % _STEMS_PER_FOLDER == 0:
            (self._root / stem).parent.mkdir(parents=True)
        return stem

    def write(self, name: str, payload: bytes, received_at: datetime) -> None:
        """Write a file; its name is relative to the root."""
        seconds = received_at.timestamp()
        with (self._root / name).open("xb", buffering=0) as file:
            file.write(payload)
            os.utime(file.fileno(), (seconds, seconds))


def sidecar_bytes(annotations: Mapping[str, str]) -> bytes:
    """Return annotations as a flat JSON object."""
    return (as_json(annotations) + "\n").encode()
