"""The files of a release, as manifests and the ledger have them in JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.tables import TABLES
from transforms.publish.paths import TABLE_PATH, table_path


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a release: its table and period, its bytes' SHA-256 (hexadecimal) and number."""

    table: str
    period: str
    sha256: str
    size: int

    @property
    def path(self) -> str:
        """Where it stands in the output."""
        return table_path(self.table, self.period)


def documents_of(files: Iterable[PublishedFile]) -> list[dict[str, Any]]:
    """Return what is written of files, sorted by path: names, digests and sizes."""
    return [
        {"path": file.path, "sha256": file.sha256, "size": file.size}
        for file in sorted(files, key=lambda file: file.path)
    ]


def files_of(documents: Iterable[Mapping[str, Any]]) -> Iterator[PublishedFile]:
    """Yield the files of which this is written.

    Raises:
        ValueError: a path is not that of a table's file.
        TypeError: a path or digest is no text, or a size is no whole number.
        KeyError: one of them is missing.
    """
    for document in documents:
        yield _file(document["path"], document["sha256"], document["size"])


def _file(path: str, sha256: str, size: int) -> PublishedFile:
    if not (isinstance(path, str) and isinstance(sha256, str) and isinstance(size, int)):
        raise TypeError("a file has a path, a digest and a number of bytes")
    found = TABLE_PATH.fullmatch(path)
    if found is None or found["table"] not in {table.name for table in TABLES}:
        raise ValueError("not the path of a table's file")
    return PublishedFile(found["table"], found["period"], sha256, size)


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the file of a manifest, a claim or an entry."""
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode()
