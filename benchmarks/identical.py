"""Compare the prefiltered analyzer with plain Presidio, string by string: no difference allowed.

The strings are those of the corpus (lines, JSON values, printable runs of binary files, texts of
parsed reports) and of a simulated fleet. Each is analyzed three times with Presidio's full English
registry and no threshold, and three times with the scrubber's own analyzer and its threshold:

- by plain Presidio with the same recognizers and threshold;
- by the prefiltered analyzer's `analyze`, which returns results as Presidio does;
- by `find_entities`, which is what the scrubber asks, and takes a shorter way.

Findings are compared by type, start, end and score, those of `find_entities` in their order too.

    STRINGS=200000 PROCESSES=2 .venv/bin/python -m benchmarks.identical

Ends with 1 if a string differs, and tells its digest and in what, not what it says.
"""

import hashlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from presidio_analyzer import AnalyzerEngine, RecognizerResult
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from benchmarks.plain import plain_presidio
from pipelines.simulate import simulate
from transforms.scrub.analyzer import find_entities, load_analyzer
from transforms.scrub.prefiltered_analyzer import PrefilteredAnalyzerEngine

REPORTS = 20_000
LONGEST = 200
"""Characters of a string; longer ones are cut in pieces, since plain Presidio's time grows so."""

SHOWN_EVERY = 20_000
REGISTRIES = ("presidio's", "ours")
_PRINTABLE = re.compile(rb"[\x20-\x7e]{6,}|(?:[\x20-\x7e]\x00){6,}")


def strings_of(payload: bytes) -> Iterator[str]:
    """Yield the strings of a file: its lines and JSON values, or what is printable in it."""
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text or "\x00" in text:
        for run in _PRINTABLE.findall(payload):
            yield run.replace(b"\x00", b"").decode("ascii")
        return
    for line in (text, *text.splitlines()):
        if line.lstrip()[:1] in {"{", "["}:
            try:
                yield from leaves(json.loads(line))
            except (ValueError, RecursionError):
                continue
    yield from text.splitlines()


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)


def distinct_strings(folder: Path) -> set[str]:
    return {
        string[start : start + LONGEST]
        for path in folder.rglob("*")
        if path.is_file()
        for string in strings_of(path.read_bytes())
        for start in range(0, len(string), LONGEST)
    }


@cache
def engines(registry: str) -> tuple[AnalyzerEngine, PrefilteredAnalyzerEngine]:
    """Plain Presidio and the prefiltered analyzer, one pair a process and registry."""
    fast = load_analyzer()
    if registry == "presidio's":
        recognizers = RecognizerRegistryProvider(
            registry_configuration={"supported_languages": ["en"]}
        ).create_recognizer_registry()
        fast = PrefilteredAnalyzerEngine(registry=recognizers, nlp_engine=fast.nlp_engine)
    return plain_presidio(fast), fast


def by_place(results: list[RecognizerResult]) -> list[tuple[int, int, str, float]]:
    """Results as tuples, in the order that `find_entities` promises."""
    return sorted((each.start, each.end, each.entity_type, each.score) for each in results)


class Comparison(NamedTuple):
    """Of one string or of many: findings, and for each way the strings that differ, and seconds."""

    findings: int = 0
    analyze_differs: int = 0
    find_entities_differs: int = 0
    plain_seconds: float = 0
    analyze_seconds: float = 0
    find_entities_seconds: float = 0

    def plus(self, other: "Comparison") -> "Comparison":
        return Comparison._make(one + more for one, more in zip(self, other, strict=True))


def compare(text: str) -> list[Comparison]:
    """What comparing a string tells, for each registry."""
    return [compare_with(text, *engines(registry)) for registry in REGISTRIES]


def compare_with(text: str, plain: AnalyzerEngine, fast: PrefilteredAnalyzerEngine) -> Comparison:
    started = time.perf_counter()
    expected = by_place(plain.analyze(text, "en"))
    analyzing = time.perf_counter()
    results = by_place(fast.analyze(text, "en"))
    finding = time.perf_counter()
    found = [(each.start, each.end, each.type, each.score) for each in find_entities(fast, text)]
    ended = time.perf_counter()
    return Comparison(
        len(expected),
        results != expected,
        found != expected,
        analyzing - started,
        finding - analyzing,
        ended - finding,
    )


def warm_up() -> None:
    """Compile all patterns before anything is timed."""
    for registry in REGISTRIES:
        compare_with("start", *engines(registry))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def show(totals: dict[str, Comparison], strings: int) -> None:
    for registry, total in totals.items():
        print(
            f"{strings:,} strings, {registry} registry, {total.findings:,} findings: "
            f"{total.analyze_differs} differ by analyze, "
            f"{total.find_entities_differs} by find_entities; "
            f"{total.plain_seconds / strings * 1e6:.0f} us plain, "
            f"{total.analyze_seconds / strings * 1e6:.0f} us by analyze, "
            f"{total.find_entities_seconds / strings * 1e6:.0f} us by find_entities",
            flush=True,
        )


def main() -> None:
    most = int(os.environ.get("STRINGS", "200000"))
    corpus = Path(os.environ.get("CRASHVEIL_CORPUS", Path(__file__).parents[2] / "shared/corpus"))
    with tempfile.TemporaryDirectory() as folder:
        simulate(REPORTS, 1, Path(folder) / "raw", lambda _: None)
        found = {"corpus": distinct_strings(corpus), "fleet": distinct_strings(Path(folder))}
    # The corpus, then the fleet, each spread by a digest: fewer are an even sample.
    strings = sorted(found["corpus"], key=_digest) + sorted(
        found["fleet"] - found["corpus"], key=_digest
    )
    every = len(strings)
    strings = strings[:most]
    told_counts = ", ".join(f"{len(each):,} of the {name}" for name, each in found.items())
    beyond = sum(not each.isascii() for each in strings)
    print(f"{every:,} distinct strings ({told_counts}); {len(strings):,} are compared,")
    print(f"{beyond:,} of them with characters beyond ASCII", flush=True)
    totals = dict.fromkeys(REGISTRIES, Comparison())
    with get_context("spawn").Pool(int(os.environ.get("PROCESSES", "2")), warm_up) as pool:
        for number, outcome in enumerate(pool.imap(compare, strings, chunksize=200)):
            if number and number % SHOWN_EVERY == 0:
                show(totals, number)
            for registry, comparison in zip(REGISTRIES, outcome, strict=True):
                totals[registry] = totals[registry].plus(comparison)
                for way in ("analyze", "find_entities"):
                    if getattr(comparison, f"{way}_differs"):
                        digest = _digest(strings[number]).hex()[:16]
                        print(f"string {number} ({digest}) differs by {way}, {registry} registry")
    show(totals, len(strings))
    sys.exit(any(each.analyze_differs or each.find_entities_differs for each in totals.values()))


if __name__ == "__main__":
    main()
