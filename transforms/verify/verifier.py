"""Verifying an output: all checks over all files, and how much they looked at."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from schemas.tables import TABLES
from transforms.publish import Entry
from transforms.publish.paths import LEDGER, MANIFESTS, manifest_path
from transforms.scrub import Scrubber
from transforms.verify.canaries import (
    Canaries,
    check_bytes_for_canaries,
    check_texts_for_canaries,
)
from transforms.verify.encoding import check_encoding
from transforms.verify.finding import Check, Finding
from transforms.verify.folder import Folder, list_folder
from transforms.verify.footer import Rules
from transforms.verify.layout import check_layout, files_of_period, table_paths
from transforms.verify.ledger import (
    Log,
    check_claims,
    check_entries,
    check_parameters,
    check_tree_head,
    read_log,
)
from transforms.verify.manifests import check_content, check_manifest
from transforms.verify.parquet_file import ReadFile, read_file
from transforms.verify.personal import check_personal, kind_of_personal
from transforms.verify.releases import check_releases
from transforms.verify.rows import check_counts, check_floor, check_nulls, check_order
from transforms.verify.subtraction import check_differences, check_sums

_OWN_FOLDERS = {LEDGER, MANIFESTS, *(table.name for table in TABLES)}
_ORDER = list(Check)
_HIDDEN = "(hidden)"


class NothingPublishedError(ValueError):
    """A folder in which no release is; one line."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and what was looked at.

    `checked` counts what was looked at, by what it is. `rules` are those that the files name;
    `tree_head` is the log's root hash (hexadecimal) to note, empty if the log is broken.
    """

    findings: tuple[Finding, ...]
    checked: Mapping[str, int]
    rules: tuple[Rules, ...]
    tree_head: str
    tree_size: int


def verify_folder(
    root: Path, scrubber: Scrubber, canaries: Canaries | None = None, tree_head: str = ""
) -> Report:
    """Check a published output, from its files alone.

    Args:
        root: the output folder.
        scrubber: scans the texts.
        canaries: values that must not be in it.
        tree_head: a root hash (hexadecimal) that the log had once.

    Raises:
        NothingPublishedError: there is no release in the folder.
        OSError: a file cannot be read.
    """
    folder = list_folder(root)
    if not any(_is_published(path) for path in folder.files):
        raise NothingPublishedError("nothing is published here")
    return _Verifier(folder, scrubber, canaries).report(tree_head)


class _Verifier:
    """Runs the checks over one folder and gathers what they find and count."""

    def __init__(self, folder: Folder, scrubber: Scrubber, canaries: Canaries | None) -> None:
        self._folder, self._canaries = folder, canaries
        self._present = frozenset(folder.files)
        self._kind_of: Callable[[str], str] = cache(lambda text: kind_of_personal(text, scrubber))
        self._texts: set[str] = set()
        self._findings: list[Finding] = []
        self._checked: Counter[str] = Counter()
        self._rules: set[Rules] = set()

    def report(self, tree_head: str) -> Report:
        ledger = {
            path: self._folder.read(path)
            for path in self._folder.files
            if path.startswith(f"{LEDGER}/")
        }
        log, findings = read_log(ledger)
        findings += [*check_entries(log), *check_claims(log, ledger)]
        if tree_head:
            findings += check_tree_head(log, tree_head)
        periods = {entry.period for entry in log.entries.values()}
        self._findings += findings
        self._findings += check_layout(self._folder.files, self._folder.others, periods)
        for entry in log.entries.values():
            self._check_period(entry)
        self._check_canaries_in_bytes()
        return self._made_report(log, periods)

    def _check_period(self, entry: Entry) -> None:
        self._checked["periods"] += 1
        manifest = manifest_path(entry.period)
        if manifest in self._present:
            self._findings += check_manifest(entry, self._folder.read(manifest))
        listed = {file.path: file for file in entry.files}
        files: dict[str, ReadFile] = {}
        for table in TABLES:
            path = table_paths(entry.period)[table.name]
            if path not in self._present:
                continue
            content = self._folder.read(path)
            if path in listed:
                self._findings += check_content(listed[path], content)
            file, findings = read_file(table, path, content)
            self._findings += findings
            self._checked["Parquet files"] += 1
            if file is not None:
                files[table.name] = file
                self._findings += check_parameters(entry, path, file.footer)
                self._check_rows(file, content)
        self._check_tables(files)

    def _check_rows(self, file: ReadFile, content: bytes) -> None:
        self._checked["rows"] += len(file.rows)
        self._rules.add(file.rules)
        misplaced = [*check_order(file), *check_nulls(file)]
        self._findings += misplaced
        if not misplaced:
            remade, findings = check_encoding(file, content)
            self._checked["files made anew byte for byte"] += remade
            self._findings += findings
        self._findings += [*check_floor(file), *check_counts(file)]
        self._findings += check_personal(file, self._kind)
        if self._canaries is not None:
            self._findings += check_texts_for_canaries(file, self._canaries)

    def _check_tables(self, files: Mapping[str, ReadFile]) -> None:
        self._findings += check_releases(files)
        if any(file.rules.has_noise for file in files.values()):
            return
        groups, differences = check_differences(files)
        sums, wrong = check_sums(files)
        self._checked["differences of tables"] += groups + sums
        self._findings += differences + wrong

    def _check_canaries_in_bytes(self) -> None:
        if self._canaries is None:
            return
        self._checked["canaries"] = self._canaries.count
        for path in self._folder.files:
            content = self._folder.read(path)
            self._findings += check_bytes_for_canaries(path, content, self._canaries)

    def _kind(self, text: str) -> str:
        self._texts.add(text)
        return self._kind_of(text)

    def _made_report(self, log: Log, periods: set[str]) -> Report:
        self._checked["texts"] = len(self._texts)
        known = {path for period in periods for path in files_of_period(period)} | set(log.entries)
        shown = {
            each if each.file in known else replace(each, file=self._hidden(each.file))
            for each in self._findings
        }
        ordered = sorted(shown, key=lambda each: (_ORDER.index(each.check), each.file, each.what))
        whole = len(log.heads) == len(log.entries)
        return Report(
            tuple(ordered),
            dict(self._checked),
            tuple(sorted(self._rules)),
            log.heads[-1] if log.heads and whole else "",
            len(log.heads) if whole else 0,
        )

    def _hidden(self, path: str) -> str:
        """Return a path without those of its parts that would show what must not be shown."""
        parts = PurePosixPath(path).parts
        shown = "/".join(_HIDDEN if self._is_telling(part) else part for part in parts)
        return _HIDDEN if self._has_canary(shown) else shown

    def _is_telling(self, part: str) -> bool:
        return not part.isprintable() or bool(self._kind_of(part)) or self._has_canary(part)

    def _has_canary(self, text: str) -> bool:
        found = self._canaries and self._canaries.lines_in(text.lower().encode("utf-8", "replace"))
        return bool(found)


def _is_published(path: str) -> bool:
    return path.split("/", 1)[0] in _OWN_FOLDERS
