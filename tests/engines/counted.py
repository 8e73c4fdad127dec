"""A fleet of small reports of which all counts are known, and what a release says of them."""

import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

_FILES_A_DAY = 80


@dataclass(frozen=True, slots=True)
class Released:
    """Installations and crashes by day and cell, and the reports that each day's release names."""

    by_version: dict[tuple[str, ...], tuple[int, int]]
    by_signature: dict[tuple[str, ...], tuple[int, int]]
    reports: dict[str, int]


@dataclass(frozen=True, slots=True)
class Fleet:
    """Installations that have two crashes a day on average, of which every ninth comes twice."""

    days: tuple[str, ...]
    installs: int

    @property
    def crashes(self) -> int:
        """How many there are in all."""
        return 2 * self.installs * len(self.days)

    @property
    def again(self) -> int:
        """How many of them come a second time."""
        return self.crashes // 9

    def uploads(self, day: str) -> list[str]:
        """Return a day's reports in no order, some of them twice."""
        draw = random.Random(f"100 {day}")  # noqa: S311 - not for secrets
        crashes = [crash for install in range(self.installs) for crash in _crashes(day, install)]
        uploads = [*crashes, *draw.sample(crashes, self.again // len(self.days))]
        draw.shuffle(uploads)
        return uploads

    def write(self, folder: Path) -> None:
        """Write the uploads, a subfolder a day, some crashes in two files."""
        for day in self.days:
            uploads = self.uploads(day)
            (folder / day).mkdir(parents=True)
            for number in range(_FILES_A_DAY):
                lines = "\n".join(uploads[number::_FILES_A_DAY])
                (folder / day / f"{number}.ndjson").write_text(lines)

    def wanted(self) -> Released:
        """Return what a release has to say when nothing is lost and nothing doubled."""
        installs: Counter[tuple[str, ...]] = Counter()
        crashes: Counter[tuple[str, ...]] = Counter()
        for day in self.days:
            for install in range(self.installs):
                cell = (day, _version(install), _system(install))
                for key in (cell, (*cell, _function(install))):
                    installs[key] += 1
                    crashes[key] += 1 + install % 3
        counts = {key: (installs[key], crashes[key]) for key in installs}
        return Released(
            {key: count for key, count in counts.items() if len(key) == 3},
            {key: count for key, count in counts.items() if len(key) == 4},
            dict.fromkeys(self.days, (self.crashes + self.again) // len(self.days)),
        )


def _crashes(day: str, install: int) -> list[str]:
    """Return one, two or three crashes of an installation on a day, two on average."""
    report = {
        "format": "crashveil/1",
        "install_id": f"install-{install}",
        "received_at": f"{day}T10:00:00Z",
        "product": "Paint",
        "version": _version(install),
        "os_name": _system(install),
        "frames": [{"module": "libpaint.so", "function": _function(install)}],
    }
    return [
        json.dumps(report | {"report_id": f"{day}-{install}-{number}"})
        for number in range(1 + install % 3)
    ]


def _version(install: int) -> str:
    return f"1.{install % 5}"


def _system(install: int) -> str:
    return ("Linux", "Windows", "macOS")[install // 7 % 3]


def _function(install: int) -> str:
    return f"draw_{'abcdefgh'[install // 21 % 8]}"


def released(output: Path) -> Released:
    """Read what an output says."""
    return Released(
        _counts(output, "crashes_by_version_os", "version", "os_name"),
        _counts(output, "crashes_by_signature", "version", "os_name", "signature"),
        {key[0]: row["reports_read"] for key, row in _rows(output, "releases").items()},
    )


def _counts(output: Path, table: str, *names: str) -> dict[tuple[str, ...], tuple[int, int]]:
    rows = _rows(output, table, *names)
    return {key: (row["install_count"], row["crash_count"]) for key, row in rows.items()}


def _rows(output: Path, table: str, *names: str) -> dict[tuple[str, ...], dict[str, int]]:
    """Return a table's rows by day and the columns that are named."""
    return {
        (path.parent.name.removeprefix("period="), *(row[name] for name in names)): row
        for path in (output / table).rglob("*.parquet")
        for row in pq.ParquetFile(path).read().to_pylist()
    }
