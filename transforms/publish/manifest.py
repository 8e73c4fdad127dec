"""A period's manifest: the files that its release is made of, written after all of them.

What stands in no manifest is not released, even if a run that was killed has left it there.
"""

import json
from collections.abc import Iterable

from schemas.tables import CONTRACT_VERSION, TABLES
from transforms.publish.files import PublishedFile, documents_of, files_of, json_bytes
from transforms.publish.filesystem import FileSystem
from transforms.publish.paths import MANIFEST_PATH, MANIFESTS


class ManifestError(ValueError):
    """A manifest that cannot be used; one line that names it."""


def manifest_bytes(period: str, files: Iterable[PublishedFile]) -> bytes:
    """Return a period's manifest: names, digests and sizes; no time and no id."""
    return json_bytes(
        {"contract_version": CONTRACT_VERSION, "period": period, "files": documents_of(files)}
    )


def published_paths(output: FileSystem) -> dict[str, list[str]]:
    """Return, for each table, the paths of the files that the output's manifests name, sorted.

    Raises:
        ManifestError: a manifest cannot be understood, or names something else than a table's file.
        OSError: a manifest, or the folder of manifests, cannot be read.
    """
    paths: dict[str, list[str]] = {table.name: [] for table in TABLES}
    for manifest in output.list_files(MANIFESTS):
        if not MANIFEST_PATH.fullmatch(manifest):
            continue
        content = output.read(manifest)
        try:
            for file in files_of(json.loads(content)["files"]):
                paths[file.table].append(file.path)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ManifestError(f"{manifest}: is not a manifest of this version") from None
    return {table: sorted(of_table) for table, of_table in paths.items()}
