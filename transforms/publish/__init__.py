"""From released rows to files that analysts read: Parquet bytes, staging, one atomic publish."""

from transforms.publish.files import PublishedFile, files_of, json_bytes
from transforms.publish.filesystem import FileSystem, LocalFileSystem, StagedElsewhere
from transforms.publish.ledger import Entry, LedgerError, entry_bytes, read_entries
from transforms.publish.manifest import ManifestError, manifest_bytes, published_paths
from transforms.publish.merkle import MerkleTree
from transforms.publish.parquet import (
    arrow_schema,
    footer_of,
    have_noise,
    parameters_of,
    row_count,
    table_bytes,
)
from transforms.publish.publisher import (
    PeriodRelease,
    Published,
    PublishError,
    claim_period,
    is_open_claim,
    publish,
    released_periods,
)
from transforms.publish.releases import CellTally, ReportTally, release_rows

__all__ = [
    "CellTally",
    "Entry",
    "FileSystem",
    "LedgerError",
    "LocalFileSystem",
    "ManifestError",
    "MerkleTree",
    "PeriodRelease",
    "PublishError",
    "Published",
    "PublishedFile",
    "ReportTally",
    "StagedElsewhere",
    "arrow_schema",
    "claim_period",
    "entry_bytes",
    "files_of",
    "footer_of",
    "have_noise",
    "is_open_claim",
    "json_bytes",
    "manifest_bytes",
    "parameters_of",
    "publish",
    "published_paths",
    "read_entries",
    "release_rows",
    "released_periods",
    "row_count",
    "table_bytes",
]
