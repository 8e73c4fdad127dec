"""The queries of docs/queries.md: each answers what it says, over a small release."""

import csv
import io
import re
from pathlib import Path

import pytest

from pipelines.query import run_query
from schemas.policy import Policy
from schemas.tables import CRASHES_BY_SIGNATURE, CRASHES_BY_VERSION_OS, RELEASES, SIGNATURES, Table
from transforms.publish import (
    LocalFileSystem,
    PeriodRelease,
    footer_of,
    parameters_of,
    publish,
    table_bytes,
)
from transforms.release import Row

DOCUMENT = Path(__file__).parents[2] / "docs" / "queries.md"
QUERIES = dict(
    re.findall(r"<!-- query: (\w+) -->\n```sql\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
)
POLICY = Policy(name="test")
FIRST, SECOND = "2026-11-22", "2026-11-23"


def signature_row(version: str, signature: str, installs: int, os_name: str = "Linux") -> Row:
    return {
        "product": "Paint",
        "version": version,
        "os_name": os_name,
        "signature": signature,
        "install_count": installs,
        "crash_count": 2 * installs,
        "reason": "SIGSEGV",
        "exception_type": None,
    }


def system_row(os_version: str, arch: str, crashes: int) -> Row:
    return {
        "product": "Paint",
        "version": "2.0",
        "channel": "stable",
        "os_name": "Android",
        "os_version": os_version,
        "arch": arch,
        "process_type": "main",
        "install_count": 12,
        "crash_count": crashes,
    }


RELEASE: Row = {
    "table_name": "crashes_by_signature",
    "policy": "test",
    "contract_version": "1",
    "k": 10,
    "max_cells_per_install": 8,
    "max_crashes_per_cell": 16,
    "period_days": 1,
    "cells_released": 3,
    "cells_suppressed": 20,
    "cells_withheld": 0,
    "reports_read": 100,
    "reports_rejected": [],
    "redactions": [],
}
SHOWN: Row = {
    "product": "Paint",
    "signature": "Cart::pay",
    "install_count": 24,
    "message_template": "no cart <number>",
    "frames": [
        {"module": "app", "function": "Cart::pay", "file": "cart.cc", "line": 7, "offset": None}
    ],
}


def content(table: Table, *rows: Row) -> bytes:
    return table_bytes(table, list(rows), footer_of(table, POLICY))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("output")
    days = [
        [
            signature_row("1.0", "Cart::pay", 30),
            signature_row("1.0", "Cart::load", 20),
            signature_row("1.1", "Cart::load", 20),
        ],
        [
            signature_row("2.0", "Cart::draw", 11),
            signature_row("2.0", "Cart::load", 10),
            signature_row("2.0", "Cart::pay", 40),
            signature_row("1.0", "Cart::pay", 45),
            signature_row("1.1", "Cart::load", 15),
        ],
    ]
    systems = [system_row("14", "arm64", 75), system_row("14", "x86_64", 25)]
    publish(
        [
            PeriodRelease(FIRST, {"crashes_by_signature": content(CRASHES_BY_SIGNATURE, *days[0])}),
            PeriodRelease(
                SECOND,
                {
                    "crashes_by_signature": content(CRASHES_BY_SIGNATURE, *days[1]),
                    "crashes_by_version_os": content(CRASHES_BY_VERSION_OS, *systems),
                    "signatures": content(SIGNATURES, SHOWN),
                    "releases": content(RELEASES, RELEASE),
                },
            ),
        ],
        parameters_of(POLICY),
        "fingerprint",
        LocalFileSystem(output),
    )
    return output


EXPECTED = {
    "top": [
        ["Cart::pay", "40", "80", "", "SIGSEGV"],
        ["Cart::draw", "11", "22", "", "SIGSEGV"],
        ["Cart::load", "10", "20", "", "SIGSEGV"],
    ],
    "new": [["Linux", "Cart::draw", "22", SECOND]],
    "regressed": [["Cart::pay"]],
    "rising": [["1.0", "Linux", "Cart::pay", "30", "45"]],
    "frames": [["no cart <number>", "app", "Cart::pay", "cart.cc", "7", ""]],
    "systems": [
        ["Android", "14", "arm64", "75", "75.0"],
        ["Android", "14", "x86_64", "25", "25.0"],
    ],
    "left_out": [[SECOND, "crashes_by_signature", "3", "20"]],
}  # fmt: skip


def test_every_query_of_the_document_is_tried() -> None:
    assert set(QUERIES) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_documented_query_answers_what_it_says(published: Path, name: str) -> None:
    answer = csv.reader(io.StringIO(run_query(published, QUERIES[name], "csv")))
    assert list(answer)[1:] == EXPECTED[name]
