"""The ledger's own reading by verify: each head is the root hash that the RFC defines."""

import pytest

from tests.merkle import count_hashes, root_by_definition
from transforms.publish import Entry, PublishedFile, json_bytes
from transforms.verify.ledger import read_log


def log_of(size: int) -> tuple[dict[str, bytes], list[str]]:
    """A ledger's files, made by the definition alone, and the heads that it has had."""
    files, leaves, heads = {}, [], []
    for number in range(size):
        period = f"{2000 + number}-01-01"
        file = PublishedFile("signatures", period, f"{number:064x}", number)
        entry = Entry(period, {"crashveil.k": "10"}, (file,))
        leaves.append(entry.canonical())
        heads.append(root_by_definition(leaves).hex())
        head = {"tree_size": len(leaves), "root_hash": heads[-1]}
        files[f"_ledger/entries/{number:08d}.json"] = json_bytes({"entry": entry.document()} | head)
    return files, heads


def test_heads_are_those_that_the_rfc_defines_by_splitting() -> None:
    files, heads = log_of(40)
    log, findings = read_log(files)
    assert findings == []
    assert list(log.heads) == heads


def test_a_long_log_costs_each_entry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    files, _ = log_of(40)
    hashes = count_hashes(monkeypatch)
    assert read_log(files)[1] == []
    assert len(hashes) < 40 * 5, "a leaf, and few nodes"
