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

    `lines` has the lines of each form, `lengths` the lengths of the forms that begin with the same
    `_START` bytes, `short` the forms that have fewer.
    """

    count: int
    lines: dict[bytes, set[int]] = field(repr=False)
    lengths: dict[bytes, set[int]] = field(repr=False)
    short: tuple[bytes, ...] = field(repr=False)

    def lines_in(self, content: bytes) -> set[int]:
        """Return the numbers of the canaries in UTF-8 or UTF-16LE within bytes, in any case.

        Case is that of ASCII; text is given with `str.lower` applied, where more is to be found.
        """
        folded = content.lower()
        found = {form for form in self.short if form in folded}
        for at in range(len(folded) - _START + 1):
            start = folded[at : at + _START]
            if start in self.lengths:
                likely = (folded[at : at + length] for length in self.lengths[start])
                found.update(form for form in likely if form in self.lines)
        return {line for form in found for line in self.lines[form]}


class CanaryError(ValueError):
    """Nothing to look for, or a line that does not say what; the message shows no value."""


def parse_canaries(text: str) -> Canaries:
    """Return the canaries of a text: one a line, or lines of JSON with a string or a `value` each.

    Objects with a `value` are what `crashveil simulate` writes. Empty lines are left out.

    Raises:
        CanaryError: there is none, or a line holds a JSON object without one.
    """
    told = enumerate(text.split("\n"), 1)
    values = {number: value.lower() for number, line in told if (value := _value(number, line))}
    if not values:
        raise CanaryError("holds no value to look for")
    lines: dict[bytes, set[int]] = defaultdict(set)
    for number, value in values.items():
        for encoding in ("utf-8", "utf-16-le"):
            lines[value.encode(encoding, "replace").lower()].add(number)
    lengths: dict[bytes, set[int]] = defaultdict(set)
    for form in lines:
        if len(form) >= _START:
            lengths[form[:_START]].add(len(form))
    short = tuple(form for form in lines if len(form) < _START)
    return Canaries(len(values), dict(lines), dict(lengths), short)


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
