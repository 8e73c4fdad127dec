"""Layout: the files of the released periods are there, and nothing else is."""

from collections.abc import Collection, Iterable

from schemas.tables import TABLES
from transforms.publish.filesystem import STAGING
from transforms.publish.paths import (
    CLAIM_PATH,
    ENTRY_PATH,
    MANIFEST_PATH,
    TABLE_PATH,
    claim_path,
    manifest_path,
    table_path,
)
from transforms.verify.finding import Check, Finding

_OF_A_PERIOD = (TABLE_PATH, MANIFEST_PATH, CLAIM_PATH)


def table_paths(period: str) -> dict[str, str]:
    """Return where the files of a period's tables stand, by the tables' names."""
    return {table.name: table_path(table.name, period) for table in TABLES}


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
        if not ENTRY_PATH.fullmatch(path)
    ]
    no_files = [
        Finding(Check.LAYOUT, path, "is a link, an empty folder or too large") for path in others
    ]
    return missing + strangers + no_files


def _why_strange(path: str) -> str:
    if path.startswith(f"{STAGING}/"):
        return "was left by a run that was killed, or that is still at work"
    if any(form.fullmatch(path) for form in _OF_A_PERIOD):
        return "is of a period that the ledger does not say is released"
    return "is no file of a release"
