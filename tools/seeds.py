"""Whole reports of every format to begin with: simulated, the tests' own, and real ones.

Real ones are there where a corpus is.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pytest

import transforms.parse
from pipelines.simulate.formats import FORMATS
from pipelines.simulate.sample import sample
from schemas.policy import Limits
from schemas.records import CrashReport, Failure, RawReport
from tools.folders import ROOT, corpus_files, corpus_folder
from transforms.parse import parse_payload, recognized_format

_LARGEST: Final = 128 * 1024
_SIMULATED: Final = 8
"""Of each format."""


def seeds_by_format() -> Mapping[str, list[bytes]]:
    """Return whole reports of at most 128 KiB, by format; sorted, so that a run can be repeated."""
    found: dict[str, set[bytes]] = {}
    for payload in (*_simulated_payloads(), *_payloads_of_tests(), *_payloads_of_corpus()):
        name = recognized_format(payload) if len(payload) <= _LARGEST else None
        if name is not None:
            found.setdefault(name, set()).add(payload)
    return {name: sorted(found[name]) for name in sorted(found)}


def archive_with_sidecars(reports: Iterable[bytes]) -> bytes:
    """Return a ZIP archive of reports, each beside two sidecars, of which one is an archive too."""
    inner = _zipped({"answer.json": b'{"consent": "yes", "ver": "1.2"}'})
    files: dict[str, bytes] = {}
    for number, report in enumerate(reports):
        files |= {f"{number}.dmp": report, f"{number}.json": inner}
        files[f"{number}.dmp.json"] = b'{"told": [{"prod": "Paint"}]}'
    return _zipped(files)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # without the time, to be repeated
    return packed.getvalue()


def _simulated_payloads() -> Iterator[bytes]:
    for name in FORMATS:
        for seed in range(_SIMULATED):
            yield sample(name, seed)[1].payload


def _payloads_of_corpus() -> Iterator[bytes]:
    folder = corpus_folder()
    for path in corpus_files(folder) if folder else ():
        yield path.read_bytes()


def _payloads_of_tests() -> set[bytes]:
    """Return what the parsers' tests hand to `parse_payload`, so that no format is forgotten."""
    seen: set[bytes] = set()

    def remember(raw: RawReport, limits: Limits) -> Iterator[CrashReport | Failure]:
        seen.add(raw.payload)
        return parse_payload(raw, limits)

    folder = ROOT / "tests" / "parse"
    hostile = f"--ignore={folder / 'test_hostile.py'}"
    transforms.parse.parse_payload = remember
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            pytest.main([str(folder), hostile, "-p", "no:cacheprovider", "-m", "not corpus"])
    finally:
        transforms.parse.parse_payload = parse_payload
    return seen
