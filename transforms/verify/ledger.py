"""The ledger: numbered without gaps, chained by its root hashes, one entry and claim a period."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from schemas.tables import TABLES
from transforms.publish import Entry, entry_bytes, published_file, root_hash
from transforms.verify.finding import Check, Finding
from transforms.verify.layout import LEDGER_ENTRY, claim_path, table_paths

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


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
    before: list[Entry] | None = []
    for number, path in enumerate(sorted(filter(LEDGER_ENTRY.fullmatch, files))):
        if path != f"_ledger/entries/{number:08d}.json" and before is not None:
            findings.append(_finding(path, "follows a gap in the entries' numbers"))
            before = None
        entry = _entry(files[path])
        if entry is None:
            findings.append(_finding(path, "is no entry of this version"))
            before = None
            continue
        entries[path] = entry
        if before is None:
            continue
        if files[path] != entry_bytes(entry, before):
            what = "was changed, or one before it was: its root hash, size or form is wrong"
            findings.append(_finding(path, what))
        before.append(entry)
        heads.append(root_hash([each.canonical() for each in before]).hex())
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
    return findings + _overlaps(log)


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
    return [Finding(Check.TREE_HEAD, "_ledger/entries", what)]


def check_parameters(entry: Entry, path: str, footer: Mapping[str, str]) -> list[Finding]:
    """Return a finding when a file's footer has other parameters than its period's entry."""
    in_footer = {key: value for key, value in footer.items() if key != "crashveil.table"}
    if in_footer == dict(entry.parameters):
        return []
    return [_finding(path, "its footer has other parameters than its period's entry")]


def _overlaps(log: Log) -> list[Finding]:
    """Two periods that share a day would count the same crashes twice."""
    starts = sorted(
        (date.fromisoformat(entry.period), path, entry.parameters.get("crashveil.period_days", ""))
        for path, entry in log.entries.items()
    )
    return [
        _finding(path, "its period shares days with the one before it")
        for (start, _, days), (following, path, _) in pairwise(starts)
        if days.isdecimal()
        and start != following
        and following < start + timedelta(days=min(int(days), 366))
    ]


def _entry(content: bytes) -> Entry | None:
    try:
        document = json.loads(content)["entry"]
        return Entry(
            date.fromisoformat(document["period"]).isoformat(),
            {str(name): str(value) for name, value in document["parameters"].items()},
            tuple(_files(document["files"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _files(documents: Iterable[Mapping[str, Any]]) -> Iterable[Any]:
    for document in documents:
        yield published_file(document["path"], document["sha256"], document["size"])


def _is_claim(content: bytes, period: str) -> bool:
    try:
        document = json.loads(content)
        fingerprint = document["fingerprint"]
        written = json.dumps(document, indent=1, sort_keys=True) + "\n"
        return (
            set(document) == {"period", "fingerprint"}
            and document["period"] == period
            and _FINGERPRINT.fullmatch(fingerprint) is not None
            and content == written.encode()
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _finding(path: str, what: str) -> Finding:
    return Finding(Check.LEDGER, path, what)
