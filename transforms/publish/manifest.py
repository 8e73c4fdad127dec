"""A period's manifest: the files that its release is made of, written after all of them.

What stands in no manifest is not released, even if a run that was killed has left it there.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.tables import CONTRACT_VERSION, TABLES
from transforms.publish.filesystem import FileSystem

_FOLDER = "_manifests"
_MANIFEST_PATH = re.compile(rf"{_FOLDER}/period=\d{{4}}-\d{{2}}-\d{{2}}\.json")
_FILE_PATH = re.compile(r"(?P<table>\w+)/period=(?P<period>\d{4}-\d{2}-\d{2})/part-0\.parquet")


class ManifestError(ValueError):
    """A manifest that cannot be used; one line that names it."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a release: its table and period, its bytes' SHA-256 (hexadecimal) and number."""

    table: str
    period: str
    sha256: str
    size: int

    @property
    def path(self) -> str:
        """Where it stands in the output, Hive-partitioned."""
        return f"{period_folder(self.table, self.period)}/part-0.parquet"


def published_file(path: str, sha256: str, size: int) -> PublishedFile:
    """Return what a manifest or the ledger says of a file.

    Raises:
        ValueError: the path is not that of a table's file.
        TypeError: path or digest are no text, or the size is no whole number.
    """
    if not (isinstance(path, str) and isinstance(sha256, str) and isinstance(size, int)):
        raise TypeError("a file has a path, a digest and a number of bytes")
    found = _FILE_PATH.fullmatch(path)
    if found is None or found["table"] not in {table.name for table in TABLES}:
        raise ValueError("not the path of a table's file")
    return PublishedFile(found["table"], found["period"], sha256, size)


def period_folder(table: str, period: str) -> str:
    """Return the folder of one table and period in the output."""
    return f"{table}/period={period}"


def manifest_path(period: str) -> str:
    """Return where a period's manifest stands in the output."""
    return f"{_FOLDER}/period={period}.json"


def manifest_bytes(period: str, files: Iterable[PublishedFile]) -> bytes:
    """Return a period's manifest: names, digests and sizes; no time and no id."""
    entries = [
        {"path": file.path, "sha256": file.sha256, "size": file.size}
        for file in sorted(files, key=lambda file: file.path)
    ]
    document = {"contract_version": CONTRACT_VERSION, "period": period, "files": entries}
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode()


def published_paths(output: FileSystem) -> dict[str, list[str]]:
    """Return, for each table, the paths of the files that the output's manifests name, sorted.

    Raises:
        ManifestError: a manifest cannot be understood, or names something else than a table's file.
    """
    paths: dict[str, list[str]] = {table.name: [] for table in TABLES}
    for manifest in output.list_files(_FOLDER):
        if not _MANIFEST_PATH.fullmatch(manifest):
            continue
        try:
            for entry in json.loads(output.read(manifest))["files"]:
                file = published_file(entry["path"], entry["sha256"], entry["size"])
                paths[file.table].append(file.path)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise ManifestError(f"{manifest}: is not a manifest of this version") from None
    return {table: sorted(of_table) for table, of_table in paths.items()}
