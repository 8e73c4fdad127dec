"""Write the schema of reports in crashveil's own form, and what `docs/formats.md` has of parsers.

    .venv/bin/python -m tools.format_docs

That is what they take, and what they took of a corpus. The table over the corpus is kept as it is
where the corpus of real crash files is absent.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, RawReport
from tools.folders import ROOT, corpus_files, corpus_folder
from tools.sections import with_section
from transforms.parse import parse_payload
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.generic_json import schema_text
from transforms.parse.parser import Parser
from transforms.parse.registry import PARSERS
from transforms.read import opened

DOCUMENT: Final = ROOT / "docs" / "formats.md"
SCHEMA: Final = ROOT / "docs" / "generic-report.schema.json"
_TITLES: Final = {"os": "OS", "uptime_s": "uptime"}
_FACTS: Final = ("product", "version", "os_name", "reason", "frames")


def mapping_text(parsers: Iterable[Parser]) -> str:
    """Return a section for each format: how it is told, and where each fact is taken from."""
    return "\n".join(_section(parser) for parser in parsers)


def corpus_text(folder: Path) -> str:
    """Return the table of what was read of a corpus, one row a folder."""
    rows: dict[str, _Row] = {}
    for path in corpus_files(folder):
        rows.setdefault(path.parent.name, _Row()).add(list(_read(path)))
    header = ["folder", "files", "read", "reports", "rejected", "product", "version", "OS",
              "reason", "a frame"]  # fmt: skip
    cells = ([f"`{name}`", *row.cells()] for name, row in sorted(rows.items()))
    return _table([header, ["---"] + ["--:"] * 3 + ["---"] + ["--:"] * 5, *cells])


def _read(path: Path) -> Iterator[CrashReport | Failure]:
    """Yield what a run would: compressed files are opened."""
    for raw in opened(RawReport(path.name, path.read_bytes()), Limits()):
        yield from (raw,) if isinstance(raw, Failure) else parse_payload(raw, Limits())


@dataclass(slots=True)
class _Row:
    """What was read of one folder's files."""

    files: int = 0
    read: int = 0
    reports: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def add(self, results: Sequence[CrashReport | Failure]) -> None:
        """Add a file: it is read if all that it holds is."""
        failures = [result for result in results if isinstance(result, Failure)]
        self.files += 1
        self.read += not failures
        self.rejected.update(failure.kind.value for failure in failures)
        for report in results:
            if isinstance(report, CrashReport):
                self.reports += 1
                self.told.update(name for name in _FACTS if getattr(report, name))

    def cells(self) -> Iterator[str]:
        """Yield the row's numbers."""
        yield from map(str, (self.files, self.read, self.reports))
        yield ", ".join(f"{count} {kind}" for kind, count in sorted(self.rejected.items()))
        yield from (str(self.told[name]) for name in _FACTS)


def _section(parser: Parser) -> str:
    told = parser.MAPPING
    rows = [["fact", "taken from"], ["---", "---"]]
    rows += [
        [_TITLES.get(name, name.replace("_", " ")), text]
        for name in (each.name for each in fields(FieldMapping))
        if name != "recognized_by" and (text := getattr(told, name)) is not None
    ]
    return f"### `{parser.FORMAT}`\n\nTold by {told.recognized_by}.\n\n{_table(rows)}"


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    """Renew the schema and the document."""
    SCHEMA.write_text(schema_text(), "utf-8")
    document = with_section(DOCUMENT.read_text("utf-8"), "mapping", mapping_text(PARSERS))
    folder = corpus_folder()
    if folder is None:
        sys.stderr.write("the corpus is not here: its table stays as it is\n")
    else:
        document = with_section(document, "corpus", corpus_text(folder))
    DOCUMENT.write_text(document, "utf-8")


if __name__ == "__main__":
    main()
