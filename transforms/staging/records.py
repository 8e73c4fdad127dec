"""Staged records: what is anonymous of a period, as lines of JSON, encrypted for that period."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from schemas.records import AnonymousCrash, Facts, NameHashes, Stack, Tally, TallyName
from transforms.staging.encryption import decrypted, encrypted

RECORDS_FORM = 2
"""Changes when what stands in records, digests of stacks too, means something else than before."""

Staged = AnonymousCrash | Stack | NameHashes | Tally


def staged_bytes(records: Iterable[Staged], key: bytes, period: str) -> bytes:
    """Return an encrypted file of records, in an order that does not depend on theirs."""
    return encrypted(sorted(map(_as_json, records)), key, period)


def staged_records(content: bytes, key: bytes, path: str) -> Iterator[Staged]:
    """Yield the records of an encrypted file; `path` is what an error calls it.

    Raises:
        StagingError: the key is another one, or the file is damaged.
    """
    for line in decrypted(content, key, path):
        yield _from_json(line)


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
    return Facts(**document | {"stack": bytes.fromhex(document["stack"])})
