"""Personal data: every published text is scanned again, as on its way out and more strictly."""

from collections.abc import Callable, Iterator

from transforms.release import Row
from transforms.scrub import Scrubber, ScrubError, looks_personal
from transforms.verify.finding import Check, Finding
from transforms.verify.parquet_file import ReadFile

KindOf = Callable[[str], str]
"""Tells what is personal in a text: an entity type or the like, empty if nothing is."""

SHAPE = "the shape of an address, an id or a secret"
UNFINISHED = "a text that could not be scanned"


def kind_of_personal(text: str, scrubber: Scrubber) -> str:
    """Return the type of what is personal in a text, empty if nothing is; never fails."""
    try:
        if not scrubber.is_clean(text):
            return ", ".join(sorted({each.type for each in scrubber.scrub_text(text).findings}))
        return SHAPE if looks_personal(text) else ""
    except ScrubError:
        return UNFINISHED


def check_personal(file: ReadFile, kind_of: KindOf) -> list[Finding]:
    """Return a finding for each text of a file in which something personal is."""
    return [
        Finding(Check.PERSONAL, file.path, f"row {number}, {column}: {kind}")
        for number, column, text in texts_of(file)
        if (kind := kind_of(text))
    ]


def texts_of(file: ReadFile) -> Iterator[tuple[int, str, str]]:
    """Yield every text in a file's rows, with the number of its row and its column."""
    for number, row in enumerate(file.rows, 1):
        for column in row:
            for text in _texts(row, column):
                yield number, column, text


def _texts(row: Row, column: str) -> Iterator[str]:
    value = row[column]
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from (each for each in (item or {}).values() if isinstance(each, str))
