"""Versions, which a recognizer might take for an address or a number."""

import re

_VERSION = re.compile(
    r"[vV]?\d{1,8}(?:\.\d{1,8}){0,5}"
    r"(?:[-+. _]?(?:a|b|rc|alpha|beta|dev|esr|pre|nightly)\.?\d{0,4})?"
)
"""What a version field holds."""
_NO_VERSION = re.compile(
    r"[vV]?(?:(?:192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254|127\.0|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])"
    r"|10\.[1-9]\d{0,2})\.\d{1,3}\.\d{1,3}|\d{3}[-. ]\d{3}[-. ]\d{4}|\d{3}[-. ]\d{2}[-. ]\d{4}"
    r"|\d{4}(?:[-. ]\d{4}){3}|\d{9,})(?!\d)"
)
"""Private addresses (RFC 1918 without 10.0 for Windows' sake, RFC 6598), phone, security and card
numbers: with whatever follows them."""


def is_version(text: str) -> bool:
    """Tell whether a text is nothing but a version, such as `10.0.19045` or `v1.2-rc1`."""
    return _VERSION.fullmatch(text) is not None and not _NO_VERSION.match(text)
