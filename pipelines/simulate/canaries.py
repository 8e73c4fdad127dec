"""The list of planted values: what was planted, of which kind, and in which file it stands."""

from collections.abc import Iterable
from pathlib import Path

from pipelines.simulate.crash import Crash
from pipelines.simulate.json_text import as_json

CANARIES = "canaries.jsonl"
"""The list's name, beside the folder of the fleet."""


class CanaryList:
    """Collects the planted values that truly stand in the files, each of them once."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, str]] = {}

    def look_for(self, crash: Crash, file: str, content: bytes) -> None:
        """Add those personal values of a crash that its file holds in UTF-8 or UTF-16LE."""
        is_binary = b"\0" in content
        for kind, value in _personal_values(crash):
            planted = value.encode() in content or (
                is_binary and value.encode("utf-16-le") in content
            )
            if planted and value not in self._found:
                self._found[value] = (kind, file)

    def write(self, path: Path) -> None:
        """Write the list as JSON lines, in order of file, kind and value."""
        rows = sorted((file, kind, value) for value, (kind, file) in self._found.items())
        with path.open("w", encoding="utf-8", newline="\n") as lines:
            for file, kind, value in rows:
                row = {"value": value, "kind": kind, "file": file}
                lines.write(as_json(row) + "\n")


def _personal_values(crash: Crash) -> Iterable[tuple[str, str]]:
    """Yield the persona's values, and the ids in the forms in which the formats write them."""
    yield from crash.persona.values()
    yield "install_id", crash.install.install_id
    yield "install_id", crash.install.install_id.upper()
    yield "report_id", crash.report_id
    yield "report_id", crash.report_id.upper()
    yield "report_id", crash.report_id.replace("-", "")
