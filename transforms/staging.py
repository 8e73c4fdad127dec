"""The staging area: scrubbed records of periods that are not released yet, encrypted at rest.

It is restricted: its records hold keyed hashes of installations. Each file is Parquet with modular
encryption (AES-GCM), under a key derived from the run's key for its period, and goes when its
period is released. What a batch wrote counts once the batch is committed, together with the list of
the inputs that it has read; both name inputs by keyed hashes only.
"""

import base64
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from schemas.records import AnonymousCrash, Facts, NameHashes, Stack, Tally, TallyName
from transforms.aggregate import keyed_hash
from transforms.publish import FileSystem

Staged = AnonymousCrash | Stack | NameHashes | Tally

_RECORDS, _BATCHES = "records", "batches"
_RECORD_PATH = re.compile(
    rf"{_RECORDS}/period=(?P<period>\d{{4}}-\d{{2}}-\d{{2}})/(?P<batch>[0-9a-f]{{16}})-\d+\.parquet"
)
_BATCH_PATH = re.compile(rf"{_BATCHES}/\d{{8}}\.parquet")
_COLUMN = "record"


class StagingError(Exception):
    """A staging area that cannot be read with this key, or at all; one line."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run has read: its name, 16 hexadecimal digits, and hashes of its inputs."""

    name: str
    inputs: tuple[str, ...]


def batch_file(period: str, batch: str, shard: int) -> str:
    """Return the path of a file of staged records."""
    return f"{_RECORDS}/period={period}/{batch}-{shard}.parquet"


def input_hash(key: bytes, path: str, size: int, modified: float | None) -> str:
    """Return what stands for one state of an input file."""
    return keyed_hash(key, "input", path, str(size), str(modified)).hex()[:32]


def staged_bytes(records: Iterable[Staged], key: bytes, period: str) -> bytes:
    """Return an encrypted file of records, in an order that does not depend on theirs."""
    return _encrypted(sorted(map(_as_json, records)), key, period)


def staged_records(content: bytes, key: bytes, period: str) -> Iterator[Staged]:
    """Yield the records of an encrypted file.

    Raises:
        StagingError: the key is another one, or the file is damaged.
    """
    for line in _decrypted(content, key, period):
        yield _from_json(line)


def commit(batch: Batch, key: bytes, staging: FileSystem) -> None:
    """Make what a batch has written count.

    Raises:
        OSError: the staging area cannot be written.
    """
    content = _encrypted([batch.name, *batch.inputs], key, _BATCHES)
    for number in count(len(staging.list_files(_BATCHES))):
        if staging.create(f"{_BATCHES}/{number:08d}.parquet", content):
            return


def committed(key: bytes, staging: FileSystem) -> list[Batch]:
    """Return the batches that count.

    Raises:
        StagingError: the key is another one, or a file is damaged.
        OSError: the staging area cannot be read.
    """
    batches = []
    for path in staging.list_files(_BATCHES):
        if _BATCH_PATH.fullmatch(path):
            name, *inputs = _decrypted(staging.read(path), key, _BATCHES)
            batches.append(Batch(name, tuple(inputs)))
    return batches


def staged_files(batches: Iterable[Batch], staging: FileSystem) -> dict[str, list[str]]:
    """Return the paths of the files of committed batches, by period."""
    names = {batch.name for batch in batches}
    files: dict[str, list[str]] = {}
    for path in staging.list_files(_RECORDS):
        found = _RECORD_PATH.fullmatch(path)
        if found is not None and found["batch"] in names:
            files.setdefault(found["period"], []).append(path)
    return files


def staged_periods(staging: FileSystem) -> set[str]:
    """Return the periods of which anything is staged, committed or not."""
    found = map(_RECORD_PATH.fullmatch, staging.list_files(_RECORDS))
    return {match["period"] for match in found if match is not None}


def forget(period: str, staging: FileSystem) -> None:
    """Delete everything that is staged of a period."""
    staging.delete_folder(f"{_RECORDS}/period={period}")


def _as_json(record: Staged) -> str:
    document = {"kind": type(record).__name__} | asdict(record)
    return json.dumps(document, default=_hexadecimal, separators=(",", ":"))


def _hexadecimal(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError


def _from_json(line: str) -> Staged:
    document = json.loads(line)
    match document.pop("kind"):
        case "AnonymousCrash":
            hashes = bytes.fromhex(document["install"]), bytes.fromhex(document["report"])
            return AnonymousCrash(document["period"], *hashes, _facts(document["facts"]))
        case "Stack":
            blobs = bytes.fromhex(document["digest"]), bytes.fromhex(document["frames"])
            return Stack(document["period"], *blobs)
        case "NameHashes":
            return NameHashes(**document | {"hashes": bytes.fromhex(document["hashes"])})
        case _:
            return Tally(**document | {"name": TallyName(document["name"])})


def _facts(document: dict[str, Any] | None) -> Facts | None:
    if document is None:
        return None
    return Facts(**document | {"stacks": tuple(map(bytes.fromhex, document["stacks"]))})


class _DerivedKeys(pe.KmsClient):  # type: ignore[misc]  # pyarrow has no types
    """Wraps a file's data keys with a key that is derived from the run's (RFC 3394)."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        return base64.b64encode(aes_key_wrap(self._master(master_key_identifier), key_bytes))

    def unwrap_key(self, wrapped_key: str, master_key_identifier: str) -> bytes:
        wrapped = base64.b64decode(wrapped_key)
        return aes_key_unwrap(self._master(master_key_identifier), wrapped)

    def _master(self, identifier: str) -> bytes:
        return keyed_hash(self._key, "staging", identifier)


def _encrypted(lines: list[str], key: bytes, identifier: str) -> bytes:
    configuration = pe.EncryptionConfiguration(footer_key=identifier, uniform_encryption=True)
    factory = pe.CryptoFactory(lambda _: _DerivedKeys(key))
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), configuration)
    sink = io.BytesIO()
    table = pa.table({_COLUMN: pa.array(lines, pa.string())})
    with pq.ParquetWriter(
        sink, table.schema, compression="zstd", encryption_properties=properties
    ) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _decrypted(content: bytes, key: bytes, identifier: str) -> list[str]:
    factory = pe.CryptoFactory(lambda _: _DerivedKeys(key))
    try:
        properties = factory.file_decryption_properties(pe.KmsConnectionConfig())
        table = pq.read_table(io.BytesIO(content), decryption_properties=properties)
        lines: list[str] = table.column(_COLUMN).to_pylist()
    except Exception as error:
        raise StagingError(
            f"the staging area's {identifier} cannot be read with this key, or is damaged"
        ) from error
    return lines
