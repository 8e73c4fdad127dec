"""Presidio recognizers made for crash text. `schemas/recognizers.yaml` lists them by class name."""

from transforms.scrub.recognizers import (
    accounts,
    contact,
    credentials,
    identifiers,
    network,
    paths,
    payment,
)

__all__ = ["accounts", "contact", "credentials", "identifiers", "network", "paths", "payment"]
