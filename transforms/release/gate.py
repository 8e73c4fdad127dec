"""The gate: every string of a row is scanned once more on its way out, and a hit withholds it."""

from collections.abc import Callable, Iterable

Scan = Callable[[str], bool]
"""Tells whether a string holds personal data."""


def withheld(strings: Iterable[str], scan: Scan) -> bool:
    """Tell whether a row with these strings must not be published.

    Fails closed (P13): a scan that raises withholds, and so does text that is not valid Unicode.
    """
    try:
        return any(scan(_valid(string)) for string in strings)
    except Exception:  # noqa: BLE001 - whatever goes wrong in a scan, the row is not published
        return True


def _valid(string: str) -> str:
    string.encode("utf-8")
    return string
