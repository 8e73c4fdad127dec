"""Changing a published output as a careful forger would: hashes and log are redone to fit."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.commands.verify import as_json_text, as_lines
from schemas.tables import FOOTER_KEYS, TABLES
from transforms.publish import (
    Entry,
    MerkleTree,
    entry_bytes,
    files_of,
    manifest_bytes,
    table_bytes,
)
from transforms.publish.paths import manifest_path
from transforms.scrub import Scrubber
from transforms.verify import parse_canaries, verify_folder

DAY, NEXT_DAY = "2026-01-05", "2026-01-06"
VERSIONS, BY_SIGNATURE = "crashes_by_version_os", "crashes_by_signature"
SIGNATURES, RELEASES = "signatures", "releases"

MAIL = "jane.q9x7doe@example.org"
ID = "7b2f4c1e-90ad-4c55-8e0f-3b1a6d2c9f10"
CANARY = "Zanzibar Quux"

Tamper = Callable[[Path], object]
Rows = list[dict[str, Any]]
_TABLES = {table.name: table for table in TABLES}


def assert_caught(
    output: Path, scrubber: Scrubber, tree_head: str, tamper: Tamper, checks: set[str]
) -> None:
    """Tamper, and see that these checks report it, no other does, and no value is shown.

    The tree head from before is given only where its check is wanted: any redone log fails it.
    """
    tamper(output)
    noted = tree_head if "tree-head" in checks else ""
    report = verify_folder(output, scrubber, parse_canaries(CANARY), noted)
    found = {str(finding.check) for finding in report.findings}
    assert found == checks, [each.what for each in report.findings]
    for shown in (as_lines(report), as_json_text(report)):
        for secret in (MAIL, ID, CANARY):
            assert secret.lower() not in shown.lower()


def file_of(output: Path, table: str, period: str = DAY) -> Path:
    return output / table / f"period={period}" / "part-0.parquet"


def entry_file(output: Path, number: int) -> Path:
    return output / "_ledger" / "entries" / f"{number:08d}.json"


def rows_of(path: Path) -> Rows:
    rows: Rows = pq.ParquetFile(path).read().to_pylist()
    return rows


def footer_of(path: Path) -> dict[str, str]:
    pairs = pq.ParquetFile(path).metadata.metadata
    return {key.decode(): value.decode() for key, value in pairs.items()}


def change_rows(
    output: Path, table: str, change: Callable[[Rows], Rows], period: str = DAY
) -> None:
    """Put other rows into a file, written as publishing writes them, and redo the hashes."""
    path = file_of(output, table, period)
    footer = footer_of(path)
    path.write_bytes(table_bytes(_TABLES[table], change(rows_of(path)), footer))
    redo_hashes(output)


def set_values(output: Path, table: str, **values: Any) -> None:
    """Put values into the first row of a table's file of the first day."""
    change_rows(output, table, lambda rows: [rows[0] | values, *rows[1:]])


def change_footers(output: Path, **values: str) -> None:
    """Put values into all footers, the `releases` rows and the ledger."""
    for table in TABLES:
        for path in (output / table.name).rglob("*.parquet"):
            rows = rows_of(path)
            for row in rows:
                row |= {name: type(row[name])(text) for name, text in values.items() if name in row}
            footer = footer_of(path) | {f"crashveil.{name}": text for name, text in values.items()}
            path.write_bytes(table_bytes(table, rows, footer))
    redo_hashes(output, **{f"crashveil.{name}": text for name, text in values.items()})


def rewrite(
    output: Path,
    table: str,
    change: Callable[[pa.Table], pa.Table] = lambda content: content,
    footer: Mapping[str, str] = MappingProxyType({}),
    **options: Any,
) -> None:
    """Write a file again with PyArrow's own function, otherwise or other content."""
    path = file_of(output, table)
    content = change(pq.ParquetFile(path).read().replace_schema_metadata(None))
    settings = {"compression": "zstd", "use_dictionary": False, "store_schema": False} | options
    pairs = footer_of(path)
    with pq.ParquetWriter(path, content.schema, **settings) as writer:
        writer.write_table(content)
        writer.add_key_value_metadata({key: pairs[key] for key in FOOTER_KEYS} | dict(footer))
    redo_hashes(output)


def replace_bytes(output: Path, table: str, old: bytes, new: bytes) -> None:
    """Replace bytes in a file, which must be there, and redo the hashes."""
    path = file_of(output, table)
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    redo_hashes(output)


def insert_before_footer(output: Path, table: str, hidden: bytes) -> None:
    """Put bytes where no reader looks: between the columns and the footer."""
    path = file_of(output, table)
    content = path.read_bytes()
    at = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    path.write_bytes(content[:at] + hidden + content[at:])
    redo_hashes(output)


def read_log(output: Path) -> list[dict[str, Any]]:
    paths = sorted((output / "_ledger" / "entries").glob("*.json"))
    return [json.loads(path.read_text())["entry"] for path in paths]


def write_log(output: Path, documents: Sequence[dict[str, Any]]) -> None:
    """Write the ledger's entries anew, their numbers and root hashes made to fit."""
    for path in (output / "_ledger" / "entries").glob("*.json"):
        path.unlink()
    tree = MerkleTree()
    for number, document in enumerate(documents):
        files = tuple(files_of(document["files"]))
        entry = Entry(document["period"], document["parameters"], files)
        tree = tree.with_entry(entry.canonical())
        entry_file(output, number).write_bytes(entry_bytes(entry, tree))
        (output / manifest_path(entry.period)).write_bytes(manifest_bytes(entry.period, files))


def redo_hashes(output: Path, **parameters: str) -> None:
    """Make ledger and manifests fit the files as they are now; set parameters in the ledger."""
    documents = read_log(output)
    for document in documents:
        document["parameters"] |= parameters
        for file in document["files"]:
            content = (output / file["path"]).read_bytes()
            file |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    write_log(output, documents)
