"""Scrubbing lines of text: the filter behind `crashveil scrub`."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any, TypeVar

from schemas.records import Identity, IdentityKind
from transforms.scrub import (
    ExplainedFinding,
    ExplainedText,
    Explainer,
    ScrubbedText,
    Scrubber,
    ScrubError,
)

Result = TypeVar("Result")
_KINDS = frozenset(map(str, IdentityKind))


class ScrubLineError(ValueError):
    """A line that is not what the filter takes; names its number, never its content."""


def scrub_lines(lines: Iterable[str], scrubber: Scrubber, *, plain: bool) -> Iterator[str]:
    """Yield one line for each line, in the same order, without line breaks.

    Args:
        lines: `{"text": ...}` as JSON, or text as it is if `plain`. An object may also tell names
            to hide wherever they stand: `"identities": {"USER_NAME": ["jane"]}`.
        scrubber: what scrubs.
        plain: yield scrubbed text only; otherwise `{"text": ..., "findings": [...]}`, where a
            finding's start and end are offsets into the text that was given.

    Raises:
        ScrubLineError: a line is not such an object, or could not be scrubbed to its end.
    """
    for _, scrubbed in _results(lines, scrubber.scrub_text, plain=plain):
        yield scrubbed.text if plain else _as_json(scrubbed)


def explain_lines(lines: Iterable[str], explainer: Explainer, *, plain: bool) -> Iterator[str]:
    """Yield what `scrub_lines` does, with what led to each finding; never a value.

    If `plain`, lines that begin with two spaces follow the scrubbed text, one for each reason;
    otherwise the objects hold it. Lines and columns count from 1: of the input if `plain`, of the
    object's text otherwise.

    Raises:
        ScrubLineError: as for `scrub_lines`.
    """
    for number, explained in _results(lines, explainer.explain, plain=plain):
        if plain:
            yield explained.text
            for finding in explained.findings:
                yield from _in_words(finding, number)
        else:
            yield _explained_as_json(explained)


def _results(
    lines: Iterable[str], scrub: Callable[[str, tuple[Identity, ...]], Result], *, plain: bool
) -> Iterator[tuple[int, Result]]:
    """Yield each line's number, from 1, and what scrubbing gives for it."""
    for number, line in enumerate(lines, start=1):
        text, identities = (line.rstrip("\r\n"), ()) if plain else _request(line, number)
        try:
            yield number, scrub(text, identities)
        except ScrubError:
            raise ScrubLineError(f"line {number}: could not be scrubbed") from None


def _request(line: str, number: int) -> tuple[str, tuple[Identity, ...]]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise ScrubLineError(f"line {number}: not JSON; --plain takes plain text") from None
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        raise ScrubLineError(f'line {number}: not an object with a "text"')
    return document["text"], tuple(_identities(document.get("identities", {}), number))


def _identities(document: Any, number: int) -> Iterator[Identity]:
    problem = f'line {number}: "identities" is an object of {", ".join(sorted(_KINDS))} to lists'
    if not isinstance(document, dict):
        raise ScrubLineError(problem)
    for kind, values in document.items():
        if kind not in _KINDS or not isinstance(values, list):
            raise ScrubLineError(problem)
        for value in values:
            if not isinstance(value, str):
                raise ScrubLineError(problem)
            yield Identity(IdentityKind(kind), value)


def _as_json(scrubbed: ScrubbedText) -> str:
    findings = [finding._asdict() for finding in scrubbed.findings]
    return json.dumps({"text": scrubbed.text, "findings": findings}, ensure_ascii=False)


def _explained_as_json(explained: ExplainedText) -> str:
    findings = [
        {
            **each.finding._asdict(),
            "first": each.first._asdict(),
            "last": each.last._asdict(),
            "reasons": [asdict(reason) for reason in each.reasons],
        }
        for each in explained.findings
    ]
    return json.dumps({"text": explained.text, "findings": findings}, ensure_ascii=False)


def _in_words(explained: ExplainedFinding, number: int) -> Iterator[str]:
    for reason in explained.reasons:
        found = reason.finding
        pattern = f', pattern "{reason.pattern}"' if reason.pattern else ""
        context = (
            f' ({reason.original_score:.2f} without "{reason.context_word}" near it)'
            if reason.context_word
            else ""
        )
        yield (
            f"  {number}:{found.start + 1}-{found.end} {found.type} by {reason.recognizer}{pattern}"
            f", score {found.score:.2f}{context}"
        )
