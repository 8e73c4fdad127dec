"""What tests of the log's Merkle tree compare with: the definition in RFC 9162, section 2.1.1."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest


def root_by_definition(entries: Sequence[bytes]) -> bytes:
    """The root hash of a log that has one entry at least."""
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = root_by_definition(entries[:split]), root_by_definition(entries[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def count_hashes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows by one for each SHA-256 that is made from now on."""
    made: list[int] = []
    sha256 = hashlib.sha256

    def counted(*arguments: Any, **named: Any) -> Any:
        made.append(1)
        return sha256(*arguments, **named)

    monkeypatch.setattr(hashlib, "sha256", counted)
    return made
