"""Scrubbing lines of text: the filter behind `crashveil scrub`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from transforms.scrub import Scrubber, ScrubError


class ScrubLineError(ValueError):
    """A line that is not what the filter takes; names its number, never its content."""


def scrub_lines(lines: Iterable[str], scrubber: Scrubber, *, plain: bool) -> Iterator[str]:
    """Yield one line for each line, in the same order, without line breaks.

    Args:
        lines: `{"text": ...}` as JSON, or text as it is if `plain`.
        scrubber: what scrubs.
        plain: yield scrubbed text only; otherwise `{"text": ..., "findings": [...]}`, where a
            finding's start and end are offsets into the text that was given.

    Raises:
        ScrubLineError: a line is not such an object, or could not be scrubbed to its end.
    """
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n") if plain else _text_of(line, number)
        try:
            scrubbed = scrubber.scrub_text(text)
        except ScrubError:
            raise ScrubLineError(f"line {number}: could not be scrubbed") from None
        if plain:
            yield scrubbed.text
        else:
            findings = [asdict(finding) for finding in scrubbed.findings]
            yield json.dumps({"text": scrubbed.text, "findings": findings}, ensure_ascii=False)


def _text_of(line: str, number: int) -> str:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise ScrubLineError(f"line {number}: not JSON; --plain takes plain text") from None
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        raise ScrubLineError(f'line {number}: not an object with a "text"')
    text: str = document["text"]
    return text
