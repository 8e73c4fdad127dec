"""The ledger: which periods are released, by which rules, as which bytes (P5, P11).

It lies in the output folder. A claim says by which policy and key a period will be released, and
is made before anything is drawn or written. An entry is the release itself: whoever creates the
log's next file, which only one can, has released the period. Each entry's file also holds the
Merkle root of the log up to it, so a later change, a removal or a fork shows.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from schemas.tables import CONTRACT_VERSION
from transforms.publish.files import PublishedFile, documents_of, files_of, json_bytes
from transforms.publish.filesystem import FileSystem
from transforms.publish.merkle import MerkleTree
from transforms.publish.parquet import have_noise
from transforms.publish.paths import ENTRIES, ENTRY_PATH, claim_path, entry_path


class LedgerError(ValueError):
    """A ledger that cannot be trusted; one line that names the file."""


class ClaimedError(Exception):
    """A period that is claimed for another policy or key; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One period's release: the policy's parameters as in the files' footers, and the files."""

    period: str
    parameters: Mapping[str, str]
    files: tuple[PublishedFile, ...]

    @property
    def has_noise(self) -> bool:
        """Whether its counts have noise, as its parameters say."""
        return have_noise(self.parameters)

    def canonical(self) -> bytes:
        """Return the bytes that the log's hashes are made of: JSON, keys sorted, no spaces."""
        return json.dumps(self.document(), sort_keys=True, separators=(",", ":")).encode()

    def document(self) -> dict[str, Any]:
        """Return the entry as JSON has it."""
        return {
            "contract_version": CONTRACT_VERSION,
            "period": self.period,
            "parameters": dict(self.parameters),
            "files": documents_of(self.files),
        }


def claim(period: str, fingerprint: str, output: FileSystem) -> None:
    """Claim a period for a policy and key, whose fingerprint this is; again changes nothing.

    Raises:
        ClaimedError: it is claimed with another fingerprint.
        OSError: the output cannot be written.
    """
    path = claim_path(period)
    content = json_bytes({"period": period, "fingerprint": fingerprint})
    if not output.create(path, content) and output.read(path) != content:
        raise ClaimedError(
            f"period {period} is claimed by a run with another policy or key, and a period is "
            "released once (P5): use the same ones, or another output folder; if nothing of that "
            f"period was published, deleting {path} gives the claim up"
        )


def is_claimed(period: str, output: FileSystem) -> bool:
    """Tell whether a period is claimed.

    Raises:
        OSError: the output cannot be read.
    """
    return output.exists(claim_path(period))


def read_entries(output: FileSystem) -> list[Entry]:
    """Return the log's entries in order.

    Raises:
        LedgerError: a file is not an entry, one is missing, or a root hash is wrong.
        OSError: the output cannot be read.
    """
    return _read_log(output)[0]


def append(new: Entry, output: FileSystem, check: Callable[[Sequence[Entry]], None]) -> Entry:
    """Release a period, unless it is released already; return the entry that counts.

    Args:
        new: the entry.
        output: where the ledger is.
        check: is given the log as it would be, last the new entry, and raises if that must not be.

    Raises:
        LedgerError: the log cannot be trusted.
        OSError: the output cannot be written.
    """
    entries, tree = _read_log(output)
    for number in count(len(entries)):
        for entry in entries:
            if entry.period == new.period:
                return entry
        check((*entries, new))
        if output.create(entry_path(number), entry_bytes(new, tree.with_entry(new.canonical()))):
            return new
        entry, tree = _read_entry(entry_path(number), tree, output)
        entries.append(entry)
    raise AssertionError("counting has no end")


def entry_bytes(entry: Entry, tree: MerkleTree) -> bytes:
    """Return the file of an entry; `tree` is that of the log up to it, itself included."""
    head = {"tree_size": tree.size, "root_hash": tree.root_hash().hex()}
    return json_bytes({"entry": entry.document()} | head)


def _read_log(output: FileSystem) -> tuple[list[Entry], MerkleTree]:
    """Return the log's entries in order, and their tree; raises as `read_entries` does."""
    entries: list[Entry] = []
    tree = MerkleTree()
    for path in output.list_files(ENTRIES):
        if not ENTRY_PATH.fullmatch(path):
            continue
        if path != entry_path(len(entries)):
            raise LedgerError(f"{entry_path(len(entries))}: is missing from the ledger")
        entry, tree = _read_entry(path, tree, output)
        entries.append(entry)
    return entries, tree


def _read_entry(path: str, before: MerkleTree, output: FileSystem) -> tuple[Entry, MerkleTree]:
    """Return an entry, and the tree of the log up to it."""
    content = output.read(path)
    try:
        document = json.loads(content)["entry"]
        entry = Entry(
            str(document["period"]),
            {str(name): str(value) for name, value in document["parameters"].items()},
            tuple(files_of(document["files"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise LedgerError(f"{path}: is not an entry of this version") from None
    tree = before.with_entry(entry.canonical())
    if content != entry_bytes(entry, tree):
        raise LedgerError(f"{path}: was changed, or one before it was: its root hash is wrong")
    return entry, tree
