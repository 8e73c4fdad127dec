"""The ledger: one entry a period, and a log whose past cannot be changed unseen."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.merkle import count_hashes, root_by_definition
from transforms.publish import (
    Entry,
    LedgerError,
    LocalFileSystem,
    MerkleTree,
    PublishedFile,
    entry_bytes,
    read_entries,
)
from transforms.publish.ledger import ClaimedError, append, claim, is_claimed

# The leaves and roots that implementations of Certificate Transparency are tested with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def tree_of(leaves: Sequence[bytes]) -> MerkleTree:
    tree = MerkleTree()
    for leaf in leaves:
        tree = tree.with_entry(leaf)
    return tree


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_roots_are_those_of_the_published_test_vectors(size: int, root: str) -> None:
    assert tree_of(LEAVES[:size]).root_hash().hex() == root


def test_roots_are_those_that_the_rfc_defines_by_splitting() -> None:
    leaves = [str(number).encode() for number in range(70)]
    for size in range(1, 71):
        assert tree_of(leaves[:size]).root_hash() == root_by_definition(leaves[:size])


def entry(period: str, content: bytes = b"rows") -> Entry:
    digest = hashlib.sha256(content).hexdigest()
    return Entry(period, {"crashveil.k": "10"}, (PublishedFile("signatures", period, digest, 4),))


def anything(_: Sequence[Entry]) -> None:
    """Let every log be."""


@pytest.fixture
def output(tmp_path: Path) -> LocalFileSystem:
    return LocalFileSystem(tmp_path)


def test_entries_are_read_in_the_order_of_their_release(output: LocalFileSystem) -> None:
    for period in ("2026-11-22", "2026-11-20", "2026-11-21"):
        append(entry(period), output, anything)
    periods = [each.period for each in read_entries(output)]
    assert periods == ["2026-11-22", "2026-11-20", "2026-11-21"]


def test_a_long_log_costs_each_entry_once(
    output: LocalFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 31):
        append(entry(f"2026-11-{day:02}"), output, anything)
    hashes = count_hashes(monkeypatch)
    assert len(read_entries(output)) == 30
    assert len(hashes) < 30 * 5, "a leaf, and few nodes"


def test_of_two_releases_of_a_period_the_first_counts(output: LocalFileSystem) -> None:
    first, second = entry("2026-11-22"), entry("2026-11-22", b"else")
    assert append(first, output, anything) == first
    assert append(second, output, anything) == first
    assert read_entries(output) == [first]


def test_what_the_log_must_not_become_is_not_released(output: LocalFileSystem) -> None:
    def at_most_one(entries: Sequence[Entry]) -> None:
        if len(entries) > 1:
            raise ValueError(entries[-1].period)

    append(entry("2026-11-20"), output, at_most_one)
    with pytest.raises(ValueError, match="2026-11-21"):
        append(entry("2026-11-21"), output, at_most_one)
    assert [each.period for each in read_entries(output)] == ["2026-11-20"]


@pytest.fixture
def three(output: LocalFileSystem) -> list[str]:
    for day in (20, 21, 22):
        append(entry(f"2026-11-{day}"), output, anything)
    return output.list_files("_ledger/entries")


def test_a_changed_entry_shows(output: LocalFileSystem, three: list[str], tmp_path: Path) -> None:
    document = json.loads((tmp_path / three[1]).read_text())
    document["entry"]["parameters"]["crashveil.k"] = "11"
    (tmp_path / three[1]).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
    with pytest.raises(LedgerError, match=r"00000001\.json: was changed"):
        read_entries(output)


def test_an_entry_changed_together_with_its_own_root_shows_in_the_next(
    output: LocalFileSystem, three: list[str], tmp_path: Path
) -> None:
    changed = entry("2026-11-21", b"forged")
    tree = tree_of([entry("2026-11-20").canonical(), changed.canonical()])
    forged = entry_bytes(changed, tree)
    (tmp_path / three[1]).write_bytes(forged)
    with pytest.raises(LedgerError, match=r"00000002\.json: was changed, or one before it"):
        read_entries(output)


def test_a_removed_entry_shows(output: LocalFileSystem, three: list[str], tmp_path: Path) -> None:
    (tmp_path / three[1]).unlink()
    with pytest.raises(LedgerError, match=r"00000001\.json: is missing"):
        read_entries(output)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"entry": []}', b"\xff", b"[" * 50_000])
def test_what_is_no_entry_is_told_in_one_line(
    output: LocalFileSystem, three: list[str], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / three[2]).write_bytes(content)
    with pytest.raises(LedgerError, match=r"00000002\.json: is not an entry") as caught:
        read_entries(output)
    assert "\n" not in str(caught.value)


def test_a_claim_holds_for_its_policy_and_key(output: LocalFileSystem) -> None:
    claim("2026-11-22", "one", output)
    claim("2026-11-22", "one", output)
    with pytest.raises(ClaimedError, match="another policy or key"):
        claim("2026-11-22", "other", output)
    assert is_claimed("2026-11-22", output)
    assert not is_claimed("2026-11-23", output)
