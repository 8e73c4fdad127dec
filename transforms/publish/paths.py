"""Where everything stands in an output: files of tables, manifests, claims, the log of entries."""

import re

LEDGER, MANIFESTS = "_ledger", "_manifests"
_CLAIMS, ENTRIES = f"{LEDGER}/claims", f"{LEDGER}/entries"
_FILE, _CLAIM = "part-0.parquet", "claim.json"
_PERIOD = r"period=(?P<period>\d{4}-\d{2}-\d{2})"

TABLE_PATH = re.compile(rf"(?P<table>\w+)/{_PERIOD}/{re.escape(_FILE)}")
MANIFEST_PATH = re.compile(rf"{MANIFESTS}/{_PERIOD}\.json")
CLAIM_PATH = re.compile(rf"{_CLAIMS}/{_PERIOD}/{re.escape(_CLAIM)}")
ENTRY_PATH = re.compile(rf"{ENTRIES}/\d{{8}}\.json")


def period_folder(table: str, period: str) -> str:
    """Return the folder of one table and period, Hive-partitioned."""
    return f"{table}/period={period}"


def table_path(table: str, period: str) -> str:
    """Return where the file of one table and period stands."""
    return f"{period_folder(table, period)}/{_FILE}"


def manifest_path(period: str) -> str:
    """Return where a period's manifest stands."""
    return f"{MANIFESTS}/period={period}.json"


def claim_path(period: str) -> str:
    """Return where a period's claim stands."""
    return f"{_CLAIMS}/period={period}/{_CLAIM}"


def entry_path(number: int) -> str:
    """Return where the ledger's entry of a number stands; the first is 0."""
    return f"{ENTRIES}/{number:08d}.json"
