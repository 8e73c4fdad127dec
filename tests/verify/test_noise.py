"""A release with noise: counts need not fit each other, and what stays exact is not shown."""

from pathlib import Path
from typing import Any

import pytest

from schemas.tables import TABLES, Role
from tests.verify import tampering
from tests.verify.tampering import DAY, NEXT_DAY, SIGNATURES, VERSIONS, Rows
from transforms.scrub import Scrubber
from transforms.verify import verify_folder


@pytest.fixture
def noisy(output: Path) -> Path:
    """The output as a policy with noise would have it; its counts do not add up."""
    tampering.change_footers(output, epsilon="0.9999999999999998", delta="9.99e-09")
    for table in TABLES:
        hidden = dict.fromkeys([*table.names(Role.ATTRIBUTE), *table.names(Role.TALLY)])
        for day in (DAY, NEXT_DAY):
            tampering.change_rows(output, table.name, with_values(**hidden), day)
    tampering.set_values(output, VERSIONS, crash_count=27)
    tampering.set_values(output, SIGNATURES, install_count=99)
    return output


def with_values(**values: Any) -> Any:
    def change(rows: Rows) -> Rows:
        return [row | values for row in rows]

    return change


def checks(output: Path, scrubber: Scrubber) -> set[str]:
    return {str(finding.check) for finding in verify_folder(output, scrubber).findings}


def test_counts_with_noise_need_not_fit_each_other(noisy: Path, scrubber: Scrubber) -> None:
    tampering.set_values(noisy, VERSIONS, crash_count=5_000)
    report = verify_folder(noisy, scrubber)
    assert report.findings == ()
    assert report.rules[0].has_noise


def test_the_floor_stays(noisy: Path, scrubber: Scrubber) -> None:
    tampering.set_values(noisy, VERSIONS, install_count=9)
    assert checks(noisy, scrubber) == {"floor"}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (SIGNATURES, {"message_template": "the cart is empty"}),
        (SIGNATURES, {"frames": []}),
        ("releases", {"reports_read": 40}),
    ],
    ids=["a message", "frames", "reports"],
)
def test_what_is_exact_must_not_be_shown(
    noisy: Path, scrubber: Scrubber, table: str, values: dict[str, Any]
) -> None:
    tampering.set_values(noisy, table, **values)
    assert checks(noisy, scrubber) == {"rows"}
