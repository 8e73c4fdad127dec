"""Parquet files: what stands beside the rows, or otherwise than publishing writes, is caught."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.verify import tampering
from tests.verify.tampering import MAIL, VERSIONS, Tamper
from transforms.scrub import Scrubber
from transforms.verify import verify_folder

OTHER_WRITER = (b"parquet-cpp-arrow version 2", b"parquet-cpp-arrow version 1")


def rewritten(change: Any = lambda table: table, **options: Any) -> Tamper:
    return lambda output: tampering.rewrite(output, VERSIONS, change, **options)


def with_a_column_more(table: pa.Table) -> pa.Table:
    return table.append_column("mail", pa.array([MAIL] * table.num_rows))


def with_a_column_less(table: pa.Table) -> pa.Table:
    return table.drop_columns(["channel"])


def with_counts_as_numbers_with_fractions(table: pa.Table) -> pa.Table:
    at = table.schema.get_field_index("install_count")
    return table.set_column(at, "install_count", table["install_count"].cast(pa.float64()))


def hide_bytes(output: Path) -> None:
    tampering.insert_before_footer(output, VERSIONS, MAIL.encode())


def hide_bytes_as_another_version_of_the_writer(output: Path) -> None:
    tampering.replace_bytes(output, VERSIONS, *OTHER_WRITER)
    hide_bytes(output)


def name_another_writer(output: Path) -> None:
    name = b"parquet-cpp-arrow version"
    tampering.replace_bytes(output, VERSIONS, name, MAIL.encode().ljust(len(name)))


def call_a_small_k_anonymous(output: Path) -> None:
    tampering.change_footers(output, k="4")


CASES: dict[str, tuple[Tamper, set[str]]] = {
    "a column more": (rewritten(with_a_column_more), {"schema"}),
    "a column less": (rewritten(with_a_column_less), {"schema"}),
    "a column of another type": (rewritten(with_counts_as_numbers_with_fractions), {"schema"}),
    "a footer key more": (rewritten(footer={"made_by": MAIL}), {"footer"}),
    "a footer value of no policy": (rewritten(footer={"crashveil.policy": MAIL}), {"footer"}),
    "a footer of another policy": (rewritten(footer={"crashveil.policy": "other"}), {"ledger"}),
    "another table in the footer": (rewritten(footer={"crashveil.table": "releases"}), {"footer"}),
    "Arrow's schema in the footer": (rewritten(store_schema=True), {"footer"}),
    "a k too small to be anonymous": (call_a_small_k_anonymous, {"footer"}),
    "dictionary encoding": (rewritten(use_dictionary=True), {"encoding"}),
    "another encoding": (
        rewritten(column_encoding={"crash_count": "DELTA_BINARY_PACKED"}),
        {"encoding"},
    ),
    "another compression": (rewritten(compression="gzip"), {"encoding"}),
    "an index of pages": (rewritten(write_page_index=True), {"encoding"}),
    "no statistics": (rewritten(write_statistics=False), {"encoding"}),
    "bytes that no reader sees": (hide_bytes, {"encoding"}),
    "the same of another version": (hide_bytes_as_another_version_of_the_writer, {"encoding"}),
    "a writer's name": (name_another_writer, {"encoding"}),
}


@pytest.mark.parametrize(("tamper", "checks"), CASES.values(), ids=CASES.keys())
def test_a_tampering_with_parquet_is_caught_and_named(
    output: Path, scrubber: Scrubber, tree_head: str, tamper: Tamper, checks: set[str]
) -> None:
    tampering.assert_caught(output, scrubber, tree_head, tamper, checks)


def test_a_file_of_another_version_of_the_writer_is_compared_by_its_structure(
    output: Path, scrubber: Scrubber
) -> None:
    made_anew = "files made anew byte for byte"
    assert verify_folder(output, scrubber).checked[made_anew] == 8
    tampering.replace_bytes(output, VERSIONS, *OTHER_WRITER)
    report = verify_folder(output, scrubber)
    assert report.findings == ()
    assert report.checked[made_anew] == 7
