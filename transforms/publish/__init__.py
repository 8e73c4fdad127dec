"""From released rows to files that analysts read: Parquet bytes, staging, one atomic publish."""

from transforms.publish.filesystem import FileSystem, LocalFileSystem
from transforms.publish.manifest import ManifestError, PublishedFile, published_paths
from transforms.publish.parquet import arrow_schema, footer_of, table_bytes
from transforms.publish.publisher import PublishError, publish, stage
from transforms.publish.releases import CellTally, RunTally, release_rows

__all__ = [
    "CellTally",
    "FileSystem",
    "LocalFileSystem",
    "ManifestError",
    "PublishError",
    "PublishedFile",
    "RunTally",
    "arrow_schema",
    "footer_of",
    "publish",
    "published_paths",
    "release_rows",
    "stage",
    "table_bytes",
]
