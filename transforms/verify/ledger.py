"""The ledger: numbered without gaps, chained by its root hashes, one entry and claim a period.

The log is read, and its tree is hashed, by code of its own and not by publishing's, on purpose:
what publishing does wrong must not be overlooked here in the same way.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from schemas.tables import TABLES
from transforms.publish import Entry, files_of, json_bytes
from transforms.publish.paths import ENTRIES, ENTRY_PATH, claim_path, entry_path
from transforms.verify.finding import Check, Finding
from transforms.verify.layout import table_paths

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_CHANGED = "was changed, or one before it was: its root hash, size or form is wrong"
_Tree = list[tuple[int, bytes]]
"""A log's full subtrees, the first and largest first: the entries in each, and its root hash."""


@dataclass(frozen=True, slots=True)
class Log:
    """The ledger's entries as far as they can be read, by the path of their file, in order.

    `heads` are the root hashes (hexadecimal) of the log after each entry, up to the first entry
    that is missing or cannot be read.
    """

    entries: Mapping[str, Entry]
    heads: tuple[str, ...]


def read_log(files: Mapping[str, bytes]) -> tuple[Log, list[Finding]]:
    """Return the ledger's entries, and what is wrong with them and with their chain.

    Args:
        files: the content of all files below `_ledger`, by path.
    """
    entries: dict[str, Entry] = {}
    heads: list[str] = []
    findings: list[Finding] = []
    tree: _Tree | None = []
    for number, path in enumerate(sorted(filter(ENTRY_PATH.fullmatch, files))):
        if tree is not None and path != entry_path(number):
            findings.append(_finding(path, "follows a gap in the entries' numbers"))
            tree = None
        entry = _entry(files[path])
        if entry is None:
            findings.append(_finding(path, "is no entry of this version"))
            tree = None
            continue
        entries[path] = entry
        if tree is not None:
            _grow(tree, entry.canonical())
            heads.append(_head(tree))
            if files[path] != _written(entry, len(heads), heads[-1]):
                findings.append(_finding(path, _CHANGED))
    return Log(entries, tuple(heads)), findings


def check_entries(log: Log) -> list[Finding]:
    """Return what is wrong with single entries, and with their periods beside each other."""
    findings: list[Finding] = []
    seen: set[str] = set()
    for path, entry in log.entries.items():
        if entry.period in seen:
            findings.append(_finding(path, "releases a period that is released already"))
        seen.add(entry.period)
        if {file.path for file in entry.files} != set(table_paths(entry.period).values()) or len(
            entry.files
        ) != len(TABLES):
            findings.append(_finding(path, "does not name one file of each table of its period"))
    return findings + _overlaps(log) + _mixtures(log)


def check_claims(log: Log, files: Mapping[str, bytes]) -> list[Finding]:
    """Return the claims that are not what a run writes; a missing one is the layout's."""
    findings = []
    for entry in log.entries.values():
        path = claim_path(entry.period)
        if path in files and not _is_claim(files[path], entry.period):
            findings.append(_finding(path, "is no claim of its period"))
    return findings


def check_tree_head(log: Log, tree_head: str) -> list[Finding]:
    """Return a finding when a root hash that was noted earlier (hexadecimal) is none of the log's.

    Then the log that it was noted of is not the beginning of this one (RFC 9162, section 2.1.4).
    """
    if tree_head.lower() in log.heads:
        return []
    what = "no part of the log has the tree head that was given: it was rewritten, cut or forked"
    return [Finding(Check.TREE_HEAD, ENTRIES, what)]


def check_parameters(entry: Entry, path: str, footer: Mapping[str, str]) -> list[Finding]:
    """Return a finding when the footer of a file has other parameters than its period's entry."""
    in_footer = {key: value for key, value in footer.items() if key != "crashveil.table"}
    if in_footer == dict(entry.parameters):
        return []
    return [_finding(path, "has other parameters in its footer than the ledger has")]


def _overlaps(log: Log) -> list[Finding]:
    """Two periods that share a day would count the same crashes twice."""
    starts = sorted(
        (date.fromisoformat(entry.period), path, _days(entry))
        for path, entry in log.entries.items()
    )
    return [
        _finding(path, "its period shares days with the one before it")
        for (start, _, days), (following, path, _) in pairwise(starts)
        if 0 < (following - start).days < days
    ]


def _mixtures(log: Log) -> list[Finding]:
    """Return the entries that publishing would not have put beside the first one."""
    first = next(iter(log.entries.values()), None)
    findings = []
    for path, entry in log.entries.items():
        if first and _days(entry) != _days(first):
            findings.append(_finding(path, "its period is not as long as the first one's"))
        if first and entry.has_noise != first.has_noise:
            findings.append(_finding(path, "exact counts and counts with noise are in one output"))
    return findings


def _days(entry: Entry) -> int:
    """Return how long a period is, 0 if the entry does not say; its footers' check tells that."""
    days = entry.parameters.get("crashveil.period_days", "")
    return int(days) if re.fullmatch(r"[1-9]\d{0,2}", days, re.ASCII) else 0


def _entry(content: bytes) -> Entry | None:
    try:
        document = json.loads(content)["entry"]
        return Entry(
            date.fromisoformat(document["period"]).isoformat(),
            {str(name): str(value) for name, value in document["parameters"].items()},
            tuple(files_of(document["files"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_claim(content: bytes, period: str) -> bool:
    try:
        document = json.loads(content)
        fingerprint = document["fingerprint"]
        written = json_bytes({"period": period, "fingerprint": fingerprint})
        return _FINGERPRINT.fullmatch(fingerprint) is not None and content == written
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _grow(tree: _Tree, entry: bytes) -> None:
    """Add an entry to a tree: two full subtrees of one size become one (RFC 9162, section 2.1)."""
    tree.append((1, hashlib.sha256(b"\x00" + entry).digest()))
    while len(tree) > 1 and tree[-2][0] == tree[-1][0]:
        (size, left), (_, right) = tree[-2:]
        tree[-2:] = [(2 * size, _joined(left, right))]


def _head(tree: _Tree) -> str:
    """Return the root hash (hexadecimal) of a tree: full subtrees are joined from the last on."""
    (_, head), *others = reversed(tree)
    for _, left in others:
        head = _joined(left, head)
    return head.hex()


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _written(entry: Entry, tree_size: int, head: str) -> bytes:
    """Return what the file of an entry holds, and nothing else does."""
    return json_bytes({"entry": entry.document(), "tree_size": tree_size, "root_hash": head})


def _finding(path: str, what: str) -> Finding:
    return Finding(Check.LEDGER, path, what)
