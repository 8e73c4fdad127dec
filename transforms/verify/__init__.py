"""Verifying a published output from its files alone, without the input and without the key."""

from transforms.verify.canaries import CanaryError, parse_canaries
from transforms.verify.footer import Rules
from transforms.verify.verifier import NothingPublishedError, Report, verify_folder

__all__ = [
    "CanaryError",
    "NothingPublishedError",
    "Report",
    "Rules",
    "parse_canaries",
    "verify_folder",
]
