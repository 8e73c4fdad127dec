"""Files made to exhaust or to end whoever verifies: each is a finding, soon, and named."""

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.tables import CRASHES_BY_VERSION_OS, FOOTER_KEYS
from tests.verify import tampering
from tests.verify.tampering import DAY, SIGNATURES, VERSIONS
from transforms.publish import arrow_schema
from transforms.scrub import Scrubber
from transforms.verify import Report, extent, verify_folder
from transforms.verify.extent import ExtentError, check_extent

ENTRY = "_ledger/entries/00000000.json"
ROWS = 4_000_000


def set_in_entry(old: str, new: str) -> Callable[[Path], object]:
    def tamper(output: Path) -> None:
        path = output / ENTRY
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return tamper


def size_of_a_file(output: Path) -> str:
    return f'"size": {tampering.file_of(output, SIGNATURES).stat().st_size}'


def an_infinite_size(output: Path) -> None:
    set_in_entry(size_of_a_file(output), '"size": Infinity')(output)


def a_size_in_words(output: Path) -> None:
    set_in_entry(size_of_a_file(output), '"size": "' + "9" * 5_000 + '"')(output)


def a_length_of_many_digits(output: Path) -> None:
    tampering.redo_hashes(output, **{"crashveil.period_days": "9" * 5_000})


def the_last_day_of_all(output: Path) -> None:
    log = tampering.read_log(output)
    log[-1]["period"] = "9999-12-31"
    for file in log[-1]["files"]:
        file["path"] = file["path"].replace(tampering.NEXT_DAY, "9999-12-31")
    tampering.write_log(output, log)


def far_more_bytes_than_there_are(path: str) -> Callable[[Path], object]:
    return lambda output: os.truncate(output / path, 2**40)


def nested(output: Path) -> None:
    (output / ENTRY).write_text("[" * 100_000)


def a_pipe(output: Path) -> None:
    os.mkfifo(output / f"signatures/period={DAY}/more.parquet")


def a_link_to_itself(output: Path) -> None:
    (output / "_manifests" / "loop").symlink_to(".")


def a_name_that_is_no_text(output: Path) -> None:
    (output / os.fsdecode(b"\xff\xfe.parquet")).write_bytes(b"")


def an_encrypted_file(output: Path) -> None:
    path = tampering.file_of(output, VERSIONS)
    content = path.read_bytes()
    path.write_bytes(b"PARE" + content[4:-4] + b"PARE")
    tampering.redo_hashes(output)


def packed_again(output: Path) -> None:
    path = tampering.file_of(output, VERSIONS)
    path.write_bytes(gzip.compress(path.read_bytes()))
    tampering.redo_hashes(output)


def bytes_after_the_end(output: Path) -> None:
    path = tampering.file_of(output, VERSIONS)
    path.write_bytes(path.read_bytes() + b"more")
    tampering.redo_hashes(output)


def text_that_is_none(output: Path) -> None:
    tampering.replace_bytes(output, VERSIONS, b"unknown", b"unkn\xff\xfen")


CASES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "an infinite size in the ledger": (an_infinite_size, {"ledger", "layout"}),
    "a size in words in the ledger": (a_size_in_words, {"ledger", "layout"}),
    "a period's length of 5,000 digits": (a_length_of_many_digits, {"ledger"}),
    "a period at the end of the calendar": (the_last_day_of_all, {"layout"}),
    "an entry nested too deeply": (nested, {"ledger", "layout"}),
    "an entry of a terabyte": (far_more_bytes_than_there_are(ENTRY), {"ledger", "layout"}),
    "a table of a terabyte": (
        far_more_bytes_than_there_are(f"signatures/period={DAY}/part-0.parquet"),
        {"layout"},
    ),
    "a pipe": (a_pipe, {"layout"}),
    "a link to its own folder": (a_link_to_itself, {"layout"}),
    "a file whose name is no text": (a_name_that_is_no_text, {"layout"}),
    "an encrypted file": (an_encrypted_file, {"schema"}),
    "a file packed again": (packed_again, {"schema"}),
    "bytes after a file's end": (bytes_after_the_end, {"schema"}),
    "text that is no Unicode": (text_that_is_none, {"schema"}),
}


@pytest.mark.parametrize(("tamper", "checks"), CASES.values(), ids=CASES.keys())
def test_a_hostile_file_is_a_finding_and_no_error(
    output: Path,
    scrubber: Scrubber,
    tree_head: str,
    tamper: Callable[[Path], object],
    checks: set[str],
) -> None:
    tampering.assert_caught(output, scrubber, tree_head, tamper, checks)


def repeated(rows: int) -> bytes:
    """A file of a table in which one row stands very often, in a few bytes a million."""
    schema = arrow_schema(CRASHES_BY_VERSION_OS)
    texts, numbers = pa.repeat("x", rows), pa.repeat(10, rows)
    columns = [texts if pa.types.is_string(each.type) else numbers for each in schema]
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, schema, use_dictionary=True, store_schema=False) as writer:
        writer.write_table(pa.Table.from_arrays(columns, schema=schema))
        writer.add_key_value_metadata(dict.fromkeys(FOOTER_KEYS, ""))
    return sink.getvalue()


def test_a_small_file_that_says_billions_is_not_read(
    output: Path, scrubber: Scrubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extent, "MOST_VALUES", 1)
    report: Report = verify_folder(output, scrubber)
    assert {(str(each.check), each.what) for each in report.findings} == {
        ("encoding", "holds far more than a release does, and was not read")
    }


def test_values_are_counted_before_they_are_read() -> None:
    bomb = repeated(ROWS)
    assert len(bomb) < 500_000
    with pytest.raises(ExtentError, match="far more"):
        check_extent(bomb)
    check_extent(repeated(1_000))


def test_bytes_are_counted_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extent, "MOST_BYTES", 1_000)
    with pytest.raises(ExtentError, match="far more"):
        check_extent(repeated(1_000_000))


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1" + b"\xff" * 8, b"PAR1\x00\x01\x00\x00\x00PAR1"]
)
def test_what_has_no_footer_is_refused(content: bytes) -> None:
    with pytest.raises(ExtentError, match="not Parquet's"):
        check_extent(content)
