"""Presidio recognizers made for crash text. `schemas/recognizers.yaml` lists them by class name."""

from transforms.scrub.recognizers import (
    accounts_by_form,
    accounts_by_name,
    accounts_in_logs,
    contact,
    hosts,
    identifiers,
    keys,
    local_networks,
    network,
    paths,
    payment,
    people,
    secrets_by_name,
    secrets_in_commands,
    secrets_in_requests,
    secrets_in_sentences,
)

__all__ = [
    "accounts_by_form",
    "accounts_by_name",
    "accounts_in_logs",
    "contact",
    "hosts",
    "identifiers",
    "keys",
    "local_networks",
    "network",
    "paths",
    "payment",
    "people",
    "secrets_by_name",
    "secrets_in_commands",
    "secrets_in_requests",
    "secrets_in_sentences",
]
