"""Layout: the files of the released periods are there, and nothing else is."""

import re
from collections.abc import Collection, Iterable

from schemas.tables import TABLES
from transforms.publish import manifest_path
from transforms.publish.filesystem import STAGING
from transforms.publish.manifest import period_folder
from transforms.verify.finding import Check, Finding

LEDGER_ENTRY = re.compile(r"_ledger/entries/\d{8}\.json")
_OF_A_PERIOD = re.compile(r"[\w/]+/period=\d{4}-\d{2}-\d{2}(\.json|/claim\.json|/part-0\.parquet)")


def claim_path(period: str) -> str:
    """Return where a period's claim stands in the output."""
    return f"_ledger/claims/period={period}/claim.json"


def table_paths(period: str) -> dict[str, str]:
    """Return where the files of a period's tables stand, by the tables' names."""
    return {table.name: f"{period_folder(table.name, period)}/part-0.parquet" for table in TABLES}


def files_of_period(period: str) -> list[str]:
    """Return the paths of all files of a released period, its ledger entry apart."""
    return [*table_paths(period).values(), manifest_path(period), claim_path(period)]


def check_layout(
    files: Iterable[str], others: Iterable[str], periods: Collection[str]
) -> list[Finding]:
    """Return a finding for each file that is missing, and for each that no release has.

    Args:
        files: the paths of all files in the output.
        others: the paths of all else that is in it.
        periods: those that the ledger says are released.
    """
    present = set(files)
    expected = {path for period in periods for path in files_of_period(period)}
    missing = [Finding(Check.LAYOUT, path, "is missing") for path in sorted(expected - present)]
    strangers = [
        Finding(Check.LAYOUT, path, _why_strange(path))
        for path in sorted(present - expected)
        if not LEDGER_ENTRY.fullmatch(path)
    ]
    no_files = [
        Finding(Check.LAYOUT, path, "is a link, an empty folder or too large") for path in others
    ]
    return missing + strangers + no_files


def _why_strange(path: str) -> str:
    if path.startswith(f"{STAGING}/"):
        return "was left by a run that was killed, or that is still at work"
    if _OF_A_PERIOD.fullmatch(path):
        return "is of a period that the ledger does not say is released"
    return "is no file of a release"
