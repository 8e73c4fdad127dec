"""Canaries: values that were planted in the input, looked for in every byte of the output."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from transforms.verify.finding import Check, Finding
from transforms.verify.parquet_file import ReadFile
from transforms.verify.personal import texts_of

_START = 6
"""Bytes by which canaries are found in one pass, however many there are."""


@dataclass(frozen=True, slots=True)
class Canaries:
    """Values to look for, each known by its line's number; the `repr` shows none of them.

    `by_start` has their forms of at least `_START` bytes by their first ones, `short` the others.
    """

    count: int
    by_start: dict[bytes, list[tuple[int, bytes]]] = field(repr=False)
    short: tuple[tuple[int, bytes], ...] = field(repr=False)

    def lines_in(self, content: bytes) -> set[int]:
        """Return the numbers of the canaries in UTF-8 or UTF-16LE within bytes, in any case.

        Case is that of ASCII; text is given with `str.lower` applied, where more is to be found.
        """
        folded = content.lower()
        starts = {folded[at : at + _START] for at in range(len(folded) - _START + 1)}
        likely = [form for start in starts & self.by_start.keys() for form in self.by_start[start]]
        return {line for line, form in (*likely, *self.short) if form in folded}


class CanaryError(ValueError):
    """Nothing to look for, or a line that does not say what; the message shows no value."""


def parse_canaries(text: str) -> Canaries:
    """Return the canaries of a text: one a line, or lines of JSON with a string or a `value` each.

    Objects with a `value` are what `crashveil simulate` writes. Empty lines are left out.

    Raises:
        CanaryError: there is none, or a line holds a JSON object without one.
    """
    lines = enumerate(text.split("\n"), 1)
    values = {number: value.lower() for number, line in lines if (value := _value(number, line))}
    if not values:
        raise CanaryError("holds no value to look for")
    by_start: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
    short = []
    for number, value in values.items():
        for form in (value.encode("utf-8", "replace"), value.encode("utf-16-le", "replace")):
            if len(form) < _START:
                short.append((number, form))
            else:
                by_start[form[:_START]].append((number, form))
    return Canaries(len(values), dict(by_start), tuple(short))


def check_bytes_for_canaries(path: str, content: bytes, canaries: Canaries) -> list[Finding]:
    """Return the canaries that are in a file's name or bytes as they are."""
    return [
        *_findings(path, "its name", canaries.lines_in(path.lower().encode("utf-8", "replace"))),
        *_findings(path, "its bytes", canaries.lines_in(content)),
    ]


def check_texts_for_canaries(file: ReadFile, canaries: Canaries) -> list[Finding]:
    """Return the canaries that are in the texts of a file's rows, which its bytes have packed."""
    places: dict[str, tuple[int, str]] = {}
    for number, column, text in texts_of(file):
        places.setdefault(text, (number, column))
    if not canaries.lines_in("\n".join(places).lower().encode()):
        return []
    return [
        finding
        for text, (number, column) in places.items()
        for finding in _findings(
            file.path, f"row {number}, {column}", canaries.lines_in(text.lower().encode())
        )
    ]


def _value(number: int, line: str) -> str:
    line = line.strip()
    if not line.startswith(("{", '"')):
        return line
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return line
    value = told.get("value") if isinstance(told, dict) else told
    if not isinstance(value, str):
        raise CanaryError(f"line {number}: a JSON object needs a text as its `value`")
    return value


def _findings(path: str, where: str, lines: Iterable[int]) -> list[Finding]:
    return [
        Finding(Check.CANARY, path, f"{where}: the canary of line {line}") for line in sorted(lines)
    ]
