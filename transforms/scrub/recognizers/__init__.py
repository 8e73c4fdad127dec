"""Presidio recognizers made for crash text. `schemas/recognizers.yaml` lists them by class name."""

from transforms.scrub.recognizers import (
    contact,
    credentials,
    identifiers,
    network,
    paths,
    payment,
)

__all__ = ["contact", "credentials", "identifiers", "network", "paths", "payment"]
