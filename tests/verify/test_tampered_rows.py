"""Rows: values that the rules forbid are caught, though all hashes fit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verify import tampering
from tests.verify.tampering import (
    BY_SIGNATURE,
    CANARY,
    ID,
    MAIL,
    NEXT_DAY,
    RELEASES,
    SIGNATURES,
    VERSIONS,
    Rows,
    Tamper,
)
from transforms.scrub import Scrubber
from transforms.verify import verify_folder

FRAME = {"module": None, "function": None, "file": None, "line": 7, "offset": None}


def values(table: str, **changed: Any) -> Tamper:
    return lambda output: tampering.set_values(output, table, **changed)


def rows(table: str, change: Callable[[Rows], Rows]) -> Tamper:
    return lambda output: tampering.change_rows(output, table, change)


def taken(*numbers: int) -> Tamper:
    return lambda output: tampering.rewrite(
        output, SIGNATURES, lambda table: table.take(list(numbers))
    )


def everywhere(column: str, value: str, *tables: str) -> Tamper:
    """Put a value into the only row that tables have on the second day."""

    def tamper(output: Path) -> None:
        for table in tables:
            tampering.change_rows(output, table, lambda rows: [rows[0] | {column: value}], NEXT_DAY)

    return tamper


def a_row_more(rows: Rows) -> Rows:
    return [*rows, rows[0] | {"version": "0.9"}]


def in_signature(value: str) -> Tamper:
    return everywhere("signature", value, BY_SIGNATURE, SIGNATURES)


def publish_no_row(output: Path) -> None:
    """What would still tell that somebody crashed in the period."""
    for table in (VERSIONS, BY_SIGNATURE, SIGNATURES):
        tampering.change_rows(output, table, lambda _: [], NEXT_DAY)
    tampering.change_rows(
        output, RELEASES, lambda rows: [row | {"cells_released": 0} for row in rows], NEXT_DAY
    )


CASES: dict[str, tuple[Tamper, set[str]]] = {
    "a count under k": (values(VERSIONS, install_count=9), {"floor"}),
    "a count below nothing": (values(VERSIONS, install_count=-12), {"floor", "counts"}),
    "a tally below nothing": (values(RELEASES, reports_read=-10), {"releases"}),
    "a tally below k": (values(RELEASES, cells_suppressed=3), {"releases"}),
    "more crashes than bounded": (values(VERSIONS, crash_count=500), {"counts"}),
    "fewer crashes than installations": (values(BY_SIGNATURE, crash_count=1), {"counts"}),
    "a row more": (rows(VERSIONS, a_row_more), {"releases"}),
    "a row less": (rows(SIGNATURES, lambda rows: rows[1:]), {"releases"}),
    "rows out of order": (taken(1, 0), {"rows"}),
    "two rows of one key": (taken(0, 0), {"rows"}),
    "a null in a list": (values(SIGNATURES, frames=[None]), {"rows"}),
    "a tally not shown": (values(RELEASES, reports_read=None), {"rows"}),
    "an exact number of reports": (values(RELEASES, reports_read=47), {"releases"}),
    "an exact number of redactions": (
        values(RELEASES, redactions=[{"name": "URL", "count": 3}]),
        {"releases"},
    ),
    "a kind of rejection that is none": (
        values(RELEASES, reports_rejected=[{"name": "jane", "count": 10}]),
        {"releases"},
    ),
    "a period without a row": (publish_no_row, {"releases"}),
    "another k in a release": (values(RELEASES, k=11), {"releases"}),
    "a difference of one crash": (values(VERSIONS, crash_count=27), {"subtraction"}),
    "the same the other way round": (values(BY_SIGNATURE, crash_count=15), {"subtraction"}),
    "a difference of k - 1 crashes": (values(VERSIONS, crash_count=26 + 9), {"subtraction"}),
    "a sum above its parts": (values(SIGNATURES, install_count=99), {"subtraction"}),
    "a sum below its parts": (values(SIGNATURES, install_count=10), {"subtraction"}),
    "a sum of no row": (values(SIGNATURES, product="cafe"), {"subtraction"}),
    "a mail address in a signature": (in_signature(f"open {MAIL}"), {"personal"}),
    "a mail address in wide letters": (
        in_signature(f"open {MAIL}".replace("@", "\N{FULLWIDTH COMMERCIAL AT}")),
        {"personal"},
    ),
    "an id in a version": (everywhere("version", ID, VERSIONS, BY_SIGNATURE), {"personal"}),
    "an id in a frame": (values(SIGNATURES, frames=[FRAME | {"function": ID}]), {"personal"}),
    "a home in a message": (
        values(SIGNATURES, message_template=f"cannot open /home/{ID[:8]}/cart"),
        {"personal"},
    ),
    "a planted value in a message": (
        values(SIGNATURES, message_template=f"no {CANARY.upper()} there"),
        {"canary"},
    ),
}


@pytest.mark.parametrize(("tamper", "checks"), CASES.values(), ids=CASES.keys())
def test_a_tampering_with_rows_is_caught_and_named(
    output: Path, scrubber: Scrubber, tree_head: str, tamper: Tamper, checks: set[str]
) -> None:
    tampering.assert_caught(output, scrubber, tree_head, tamper, checks)


def test_a_difference_of_k_crashes_is_allowed(output: Path, scrubber: Scrubber) -> None:
    tampering.set_values(output, VERSIONS, crash_count=26 + 10)
    assert verify_folder(output, scrubber).findings == ()
