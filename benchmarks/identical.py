"""Compare the prefiltered analyzer with plain Presidio, string by string: no difference allowed.

The strings are those of the corpus (lines, JSON values, printable runs of binary files, texts of
parsed reports) and of a simulated fleet. Each is analyzed four times with Presidio's full English
registry and no threshold, and four times with the scrubber's own analyzer and its threshold:

- by plain Presidio with the same recognizers and threshold;
- by the prefiltered analyzer's `analyze`, which returns results as Presidio does;
- by `find_entities`, which is what the scrubber asks, and takes a shorter way;
- by the same after a scan of 50 strings together.

Findings are compared by type, start, end and score, those of the last two in their order too.

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
from collections.abc import Iterator, Sequence
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from presidio_analyzer import AnalyzerEngine, RecognizerResult
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from benchmarks.plain import plain_presidio
from pipelines.simulate import simulate
from transforms.scrub.analyzer import EntityFinder, find_entities, load_analyzer
from transforms.scrub.finding import Finding
from transforms.scrub.prefiltered_analyzer import PrefilteredAnalyzerEngine

REPORTS = 20_000
LONGEST = 200
"""Characters of a string; longer ones are cut in pieces, since plain Presidio's time grows so."""

SHOWN_EVERY = 20_000
TOGETHER = 50
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


def as_tuples(findings: Sequence[Finding]) -> list[tuple[int, int, str, float]]:
    return [(each.start, each.end, each.type, each.score) for each in findings]


class Comparison(NamedTuple):
    """Of one string or of many: findings, and for each way the strings that differ, and seconds."""

    findings: int = 0
    analyze_differs: int = 0
    find_entities_differs: int = 0
    together_differs: int = 0
    plain_seconds: float = 0
    analyze_seconds: float = 0
    find_entities_seconds: float = 0
    together_seconds: float = 0

    def plus(self, other: "Comparison") -> "Comparison":
        return Comparison._make(one + more for one, more in zip(self, other, strict=True))


def compare(texts: Sequence[str]) -> list[list[Comparison]]:
    """What comparing strings tells, for each registry and string."""
    return [compare_with(texts, *engines(registry)) for registry in REGISTRIES]


def compare_with(
    texts: Sequence[str], plain: AnalyzerEngine, fast: PrefilteredAnalyzerEngine
) -> list[Comparison]:
    scanning = time.perf_counter()
    finds = EntityFinder(fast).of_each(texts)
    scan_seconds = (time.perf_counter() - scanning) / len(texts)
    compared = []
    for text, find in zip(texts, finds, strict=True):
        started = time.perf_counter()
        expected = by_place(plain.analyze(text, "en"))
        analyzing = time.perf_counter()
        results = by_place(fast.analyze(text, "en"))
        finding = time.perf_counter()
        found = as_tuples(find_entities(fast, text))
        confirming = time.perf_counter()
        found_together = as_tuples(find())
        ended = time.perf_counter()
        compared.append(
            Comparison(
                len(expected),
                results != expected,
                found != expected,
                found_together != expected,
                analyzing - started,
                finding - analyzing,
                confirming - finding,
                ended - confirming + scan_seconds,
            )
        )
    return compared


def warm_up() -> None:
    """Compile all patterns before anything is timed."""
    for registry in REGISTRIES:
        compare_with(["start"], *engines(registry))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def show(totals: dict[str, Comparison], strings: int) -> None:
    for registry, total in totals.items():
        print(
            f"{strings:,} strings, {registry} registry, {total.findings:,} findings: "
            f"{total.analyze_differs} differ by analyze, "
            f"{total.find_entities_differs} by find_entities, "
            f"{total.together_differs} together; "
            f"{total.plain_seconds / strings * 1e6:.0f} us plain, "
            f"{total.analyze_seconds / strings * 1e6:.0f} us by analyze, "
            f"{total.find_entities_seconds / strings * 1e6:.0f} us by find_entities, "
            f"{total.together_seconds / strings * 1e6:.0f} us together",
            flush=True,
        )


def differing(comparison: Comparison) -> list[str]:
    """The ways by which strings differ from plain Presidio."""
    ways = ("analyze", "find_entities", "together")
    return [way for way in ways if getattr(comparison, f"{way}_differs")]


def tell_differences(text: str, registry: str, comparison: Comparison) -> None:
    for way in differing(comparison):
        print(f"string {_digest(text).hex()[:16]} differs ({way}), {registry} registry")


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
    done = 0
    told_counts = ", ".join(f"{len(each):,} of the {name}" for name, each in found.items())
    beyond = sum(not each.isascii() for each in strings)
    print(f"{every:,} distinct strings ({told_counts}); {len(strings):,} are compared,")
    print(f"{beyond:,} of them with characters beyond ASCII", flush=True)
    totals = dict.fromkeys(REGISTRIES, Comparison())
    with get_context("spawn").Pool(int(os.environ.get("PROCESSES", "2")), warm_up) as pool:
        batches = [strings[first : first + TOGETHER] for first in range(0, len(strings), TOGETHER)]
        for batch, outcome in zip(batches, pool.imap(compare, batches), strict=True):
            for registry, compared in zip(REGISTRIES, outcome, strict=True):
                for text, comparison in zip(batch, compared, strict=True):
                    totals[registry] = totals[registry].plus(comparison)
                    tell_differences(text, registry, comparison)
            done += len(batch)
            if done % SHOWN_EVERY == 0:
                show(totals, done)
    show(totals, done)
    sys.exit(any(differing(each) for each in totals.values()))


if __name__ == "__main__":
    main()
