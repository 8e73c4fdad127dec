"""Files, manifests and the ledger: what is added, removed, changed or rewritten is caught."""

from pathlib import Path

import pytest

from tests.verify import tampering
from tests.verify.tampering import CANARY, DAY, MAIL, NEXT_DAY, SIGNATURES, Tamper
from transforms.scrub import Scrubber
from transforms.verify import verify_folder

CLAIM = f"_ledger/claims/period={DAY}/claim.json"
FIRST_ENTRY, LAST_ENTRY = "_ledger/entries/00000000.json", "_ledger/entries/00000001.json"
MANIFEST = f"_manifests/period={DAY}.json"
PARQUET = f"signatures/period={DAY}/part-0.parquet"


def add(path: str) -> Tamper:
    def tamper(output: Path) -> None:
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_bytes(b"{}")

    return tamper


def remove(path: str) -> Tamper:
    return lambda output: (output / path).unlink()


def append(path: str, more: bytes) -> Tamper:
    def tamper(output: Path) -> None:
        (output / path).write_bytes((output / path).read_bytes() + more)

    return tamper


def flip_a_byte(at: int) -> Tamper:
    def tamper(output: Path) -> None:
        content = bytearray((output / PARQUET).read_bytes())
        content[at] ^= 1
        (output / PARQUET).write_bytes(content)

    return tamper


def swap_periods(output: Path) -> None:
    paths = [tampering.file_of(output, SIGNATURES, day) for day in (DAY, NEXT_DAY)]
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, reversed(contents), strict=True):
        path.write_bytes(content)


def edit_an_entry(output: Path) -> None:
    path = output / FIRST_ENTRY
    path.write_text(path.read_text().replace('"crashveil.k": "10"', '"crashveil.k": "11"'))


def edit_parameters_and_redo_the_log(output: Path) -> None:
    tampering.redo_hashes(output, **{"crashveil.k": "11"})


def renumber_an_entry(output: Path) -> None:
    (output / LAST_ENTRY).rename(output / "_ledger/entries/00000007.json")


def drop_the_last_period(output: Path) -> None:
    (output / LAST_ENTRY).unlink()
    (output / f"_manifests/period={NEXT_DAY}.json").unlink()
    for folder in list(output.rglob(f"period={NEXT_DAY}")):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def fork_the_log(output: Path) -> None:
    tampering.write_log(output, tampering.read_log(output)[::-1])


def release_twice(output: Path) -> None:
    log = tampering.read_log(output)
    tampering.write_log(output, [*log, log[0]])


def leave_a_table_out_of_an_entry(output: Path) -> None:
    log = tampering.read_log(output)
    del log[0]["files"][0]
    tampering.write_log(output, log)


def let_periods_overlap(output: Path) -> None:
    tampering.change_footers(output, period_days="2")


def mix_parameters(name: str, value: str) -> Tamper:
    def tamper(output: Path) -> None:
        log = tampering.read_log(output)
        log[1]["parameters"][f"crashveil.{name}"] = value
        tampering.write_log(output, log)

    return tamper


CASES: dict[str, tuple[Tamper, set[str]]] = {
    "a table's file removed": (remove(PARQUET), {"layout"}),
    "a manifest removed": (remove(MANIFEST), {"layout"}),
    "a claim removed": (remove(CLAIM), {"layout"}),
    "a stray file": (add(f"signatures/period={DAY}/{MAIL}.parquet"), {"layout"}),
    "a folder within a folder": (add(f"signatures/period={DAY}/more/part-0.parquet"), {"layout"}),
    "a file left in staging": (add("_staging/1.part"), {"layout"}),
    "a claim without a release": (
        add("_ledger/claims/period=2026-01-09/claim.json"),
        {"layout"},
    ),
    "an empty folder": (lambda output: (output / MAIL).mkdir(), {"layout"}),
    "a link": (lambda output: (output / "raw").symlink_to("/"), {"layout"}),
    "the first byte changed": (flip_a_byte(0), {"content", "encoding"}),
    "the last byte changed": (flip_a_byte(-1), {"content", "schema"}),
    "two periods' files swapped": (swap_periods, {"content", "releases", "subtraction"}),
    "a manifest edited": (append(MANIFEST, b" "), {"manifest"}),
    "a claim edited": (append(CLAIM, MAIL.encode()), {"ledger"}),
    "an entry edited": (edit_an_entry, {"ledger"}),
    "an entry edited and the log redone": (edit_parameters_and_redo_the_log, {"ledger"}),
    "an entry that is no JSON": (append(FIRST_ENTRY, b"}"), {"ledger", "layout"}),
    "a gap in the entries": (renumber_an_entry, {"ledger"}),
    "the first entry dropped": (remove(FIRST_ENTRY), {"ledger", "layout"}),
    "the last entry dropped": (remove(LAST_ENTRY), {"layout"}),
    "the last period dropped": (drop_the_last_period, {"tree-head"}),
    "the log forked": (fork_the_log, {"tree-head"}),
    "a period released twice": (release_twice, {"ledger"}),
    "an entry without a table": (leave_a_table_out_of_an_entry, {"ledger"}),
    "periods that share days": (let_periods_overlap, {"ledger"}),
    "a planted value in a manifest": (
        append(MANIFEST, CANARY.upper().encode("utf-16-le")),
        {"manifest", "canary"},
    ),
    "a planted value in a file's name": (
        add(f"_manifests/{CANARY}.json"),
        {"layout", "canary"},
    ),
}


@pytest.mark.parametrize(("tamper", "checks"), CASES.values(), ids=CASES.keys())
def test_a_tampering_with_files_is_caught_and_named(
    output: Path, scrubber: Scrubber, tree_head: str, tamper: Tamper, checks: set[str]
) -> None:
    tampering.assert_caught(output, scrubber, tree_head, tamper, checks)


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("epsilon", "0.5", "exact counts and counts with noise are in one output"),
        ("period_days", "2", "its period is not as long as the first one's"),
    ],
)
def test_releases_that_publishing_refuses_beside_each_other_are_named(
    output: Path, scrubber: Scrubber, name: str, value: str, what: str
) -> None:
    mix_parameters(name, value)(output)
    told = {(each.file, each.what) for each in verify_folder(output, scrubber).findings}
    assert (LAST_ENTRY, what) in told
    assert (FIRST_ENTRY, what) not in told
