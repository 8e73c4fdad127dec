"""Presidio recognizers made for crash text. `schemas/recognizers.yaml` lists them by class name."""

from transforms.scrub.recognizers import (
    accounts,
    contact,
    credentials,
    hosts,
    identifiers,
    keys,
    network,
    paths,
    payment,
    people,
)

__all__ = [
    "accounts",
    "contact",
    "credentials",
    "hosts",
    "identifiers",
    "keys",
    "network",
    "paths",
    "payment",
    "people",
]
