"""Compare the prefiltered analyzer with plain Presidio, string by string: no difference allowed.

The strings are those of the corpus (lines, JSON values, printable runs of binary files, texts of
parsed reports) and of a simulated fleet. Each is analyzed four times: by plain Presidio and by the
prefiltered analyzer, with Presidio's full English registry and with this project's. Findings are
compared by type, start, end and score.

    STRINGS=200000 PROCESSES=2 .venv/bin/python -m benchmarks.identical

Ends with 1 if a string differs, and tells its digest, not what it says.
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
from typing import Any

from presidio_analyzer import AnalyzerEngine, RecognizerResult
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from pipelines.simulate import simulate
from transforms.scrub.analyzer import load_analyzer
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
    recognizers = load_analyzer().registry
    if registry == "presidio's":
        recognizers = RecognizerRegistryProvider(
            registry_configuration={"supported_languages": ["en"]}
        ).create_recognizer_registry()
    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": ""}])
    return (
        AnalyzerEngine(registry=recognizers, nlp_engine=nlp),
        PrefilteredAnalyzerEngine(registry=recognizers, nlp_engine=nlp),
    )


def told(results: list[RecognizerResult]) -> list[tuple[object, ...]]:
    return sorted((each.entity_type, each.start, each.end, each.score) for each in results)


def compare(text: str) -> list[tuple[int, bool, float, float]]:
    """For each registry: findings, whether they differ, plain and prefiltered seconds."""
    outcome = []
    for registry in REGISTRIES:
        plain, fast = engines(registry)
        started = time.perf_counter()
        expected = told(plain.analyze(text, "en"))
        between = time.perf_counter()
        found = told(fast.analyze(text, "en"))
        ended = time.perf_counter()
        outcome.append((len(expected), found != expected, between - started, ended - between))
    return outcome


def warm_up() -> None:
    """Compile all patterns before anything is timed."""
    for registry in REGISTRIES:
        for engine in engines(registry):
            engine.analyze("start", "en")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def show(totals: dict[str, list[float]], strings: int) -> None:
    for registry, (findings, differences, plain, fast) in totals.items():
        print(
            f"{strings:,} strings, {registry} registry: "
            f"{differences} differ; {findings:,} findings; "
            f"{plain / strings * 1e6:.0f} us plain, {fast / strings * 1e6:.0f} us prefiltered",
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
    totals: dict[str, list[float]] = {registry: [0, 0, 0, 0] for registry in REGISTRIES}
    with get_context("spawn").Pool(int(os.environ.get("PROCESSES", "2")), warm_up) as pool:
        for number, outcome in enumerate(pool.imap(compare, strings, chunksize=200)):
            if number and number % SHOWN_EVERY == 0:
                show(totals, number)
            for registry, figures in zip(REGISTRIES, outcome, strict=True):
                totals[registry] = [a + b for a, b in zip(totals[registry], figures, strict=True)]
                if figures[1]:
                    digest = _digest(strings[number]).hex()[:16]
                    print(f"string {number} ({digest}) differs, {registry} registry", flush=True)
    show(totals, len(strings))
    sys.exit(any(total[1] for total in totals.values()))


if __name__ == "__main__":
    main()
