"""Chains and groups of exceptions in Sentry events: which of them caused which."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from transforms.parse.causes import LINKED_WHILE_HANDLING
from transforms.parse.json_reader import mapping, text

_REACT_COMPONENTS: Final = "React ErrorBoundary "
"""Under this name Sentry's SDK for React puts the stack of components in place of a cause."""


def causes_of(
    exceptions: Sequence[Mapping[str, Any]], platform: str | None
) -> list[Mapping[str, Any]]:
    """Return the root cause, and behind each exception the one that it caused.

    `exceptions` are `exception.values`, where causes stand before what they caused, and `platform`
    is the event's (https://develop.sentry.dev/sdk/data-model/event-payloads/exception/). Of a group
    the first member counts: it stands right before the group, and names it as its parent.
    """
    chain = list(exceptions[-1:])
    for inner in reversed(exceptions[:-1]):
        if _is_cause(inner, chain[-1], platform):
            chain.append(inner)
    return chain[::-1]


def _is_cause(inner: Mapping[str, Any], outer: Mapping[str, Any], platform: str | None) -> bool:
    """Tell whether an exception caused the other, and was not only suppressed or handled then."""
    mechanism = mapping(inner.get("mechanism"))
    if mechanism.get("source") == "__context__" or mechanism.get("type") == "suppressed":
        return False
    if (text(inner.get("type")) or "").startswith(_REACT_COMPONENTS):
        return False
    parent = mechanism.get("parent_id")
    if parent is None:
        return platform not in LINKED_WHILE_HANDLING
    return bool(parent == mapping(outer.get("mechanism")).get("exception_id"))
