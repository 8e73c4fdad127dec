"""The scrubber beside plain Presidio and beside Relay, in one run.

Three questions, each answered by a ratio of medians over interleaved rounds, and two of cost:

- How much sooner than plain Presidio, with the same registry and threshold, are texts analyzed
  that are all distinct, so that no cache helps? By `find_entities`, which the scrubber asks.
- How much sooner than plain Presidio are the texts of a fleet's reports scrubbed, as they come?
- How many events a second are scrubbed, whole event in, whole event out, beside Sentry's Relay
  with its default and its PII rules on the same events? Relay's package for Python takes JSON and
  gives JSON, in native code: so JSON is read by orjson here. It reads its rules with each event, as
  Relay itself does not: that time is told too.
- How long does a new process take to scrub its first text?
- How much memory does a process hold while it scrubs a million distinct texts?

The process collects its garbage as the command's does.

    .venv/bin/python -m benchmarks.scrub [ROUNDS]
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
from sentry_relay.processing import convert_datascrubbing_config, pii_strip_event

from benchmarks.plain import plain_presidio
from benchmarks.processor_time import of_ended_processes
from pipelines.memory import collect_garbage_rarely
from pipelines.simulate import simulate
from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import parse_payload
from transforms.scrub import Scrubber
from transforms.scrub.analyzer import EntityFinder, find_entities, load_analyzer

REPORTS = 20_000
DISTINCT = 3_000
"""Texts that both analyzers get in a round; plain Presidio needs about a millisecond each."""

STREAM = 20_000
"""Reports of the fleet that are scrubbed as a stream; plain Presidio gets a sample of them."""

STREAM_SAMPLE = 200
EVENTS = 5_000
"""As many as the fleet has: as they come, so that what repeats from one to the next is there."""
MEMORY_TEXTS, MEMORY_SHOWN = 1_000_000, 200_000
START = "from transforms.scrub import load_scrubber; load_scrubber().scrub_text('start')"
PII_RULES = {"applications": {"$string || $logentry": ["@common"]}}


def texts_of(report: CrashReport) -> list[str]:
    """All texts of a report that the scrubber is given."""
    told = [
        report.product, report.version, report.channel, report.os_name, report.os_version,
        report.os_build, report.arch, report.process_type, report.reason, report.exception_type,
        report.message,
    ]  # fmt: skip
    told += [text for f in report.frames for text in (f.module, f.function, f.file)]
    return [text for text in told if text]


def fleet(folder: Path) -> tuple[list[CrashReport], list[bytes]]:
    """A simulated fleet's reports in the order of their files, and its Sentry events' bytes."""
    simulate(REPORTS, 1, folder / "raw", lambda _: None)
    reports, events = [], []
    for path in sorted((folder / "raw").rglob("*")):
        if not path.is_file() or (path.suffix == ".json" and "sentry" not in path.parts):
            continue
        payload = path.read_bytes()
        parsed = [
            each
            for each in parse_payload(RawReport(str(path), payload), Limits())
            if isinstance(each, CrashReport)
        ]
        reports += parsed
        if parsed and parsed[0].format == "sentry_event":
            events += [line for line in payload.splitlines() if line.startswith(b"{")]
    return reports, events


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of this process's processor time, which other work on the machine disturbs less."""
    started = clock()
    work()
    return clock() - started


def interleaved(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The median seconds of each piece of work, over rounds in which each runs once."""
    timed = [[seconds(work) for work in works] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*timed, strict=True)]


def scrub_event(scrubber: Scrubber, payload: str) -> str:
    """A whole event in, a whole event out, each of its texts scrubbed; keys stay as they are."""
    event = orjson.loads(payload)
    places: list[tuple[Any, Any]] = []
    texts: list[str] = []
    containers = [event]
    for container in containers:
        for key, value in container.items() if type(container) is dict else enumerate(container):
            if type(value) is str:
                places.append((container, key))
                texts.append(value)
            elif type(value) in {dict, list}:
                containers.append(value)
    for (container, key), clean in zip(places, scrubber.scrub_texts(texts), strict=True):
        container[key] = clean.text
    return orjson.dumps(event).decode()


def relay_event(config: str, payload: str) -> str:
    """The same by Relay, which reads and writes JSON itself."""
    return str(pii_strip_event(config, payload, json_dumps=str, json_loads=str))


def spread(values: list[Any], count: int) -> list[Any]:
    """`count` of the values, evenly over all of them."""
    return values[:: max(len(values) // count, 1)][:count]


def compare_distinct(rounds: int, texts: Iterable[str]) -> None:
    fast = load_analyzer()
    plain = plain_presidio(fast)
    sample = spread(sorted(set(texts)), DISTINCT)
    find_entities(fast, "start")
    plain.analyze("start", "en")
    ours, presidios = interleaved(
        rounds,
        lambda: [find_entities(fast, text) for text in sample],
        lambda: [plain.analyze(text, "en") for text in sample],
    )
    hits = sum(bool(find_entities(fast, text)) for text in sample)
    print(
        f"distinct texts     {presidios / ours:6.1f} x plain Presidio "
        f"({ours / len(sample) * 1e6:.1f} us, {presidios / len(sample) * 1e6:.0f} us a text; "
        f"{hits / len(sample):.0%} of {len(sample):,} texts hold something)"
    )


def compare_stream(rounds: int, reports: list[CrashReport]) -> None:
    fast = load_analyzer()
    plain = plain_presidio(fast)
    sample = spread(reports, STREAM_SAMPLE)
    ours, presidios = interleaved(
        rounds,
        lambda: stream(Scrubber(EntityFinder(fast)), reports),
        lambda: [plain.analyze(text, "en") for report in sample for text in texts_of(report)],
    )
    ours, presidios = ours / len(reports), presidios / len(sample)
    print(
        f"a fleet's stream   {presidios / ours:6.1f} x plain Presidio "
        f"({ours * 1e3:.3f} ms against {presidios * 1e3:.1f} ms a report, "
        f"identities of the report included)"
    )


def stream(scrubber: Scrubber, reports: list[CrashReport]) -> None:
    for report in reports:
        scrubber.scrub_report(report)


def compare_relay(rounds: int, events: list[str]) -> None:
    config = convert_datascrubbing_config(
        {"scrubData": True, "scrubIpAddresses": True, "scrubDefaults": True, "sensitiveFields": []}
    )
    config["applications"] = config.get("applications", {}) | PII_RULES["applications"]
    rules = json.dumps(config)
    fast = load_analyzer()
    for title, cache_bytes in (("as they come", Limits().max_scrub_cache_bytes), ("no cache", 0)):

        def ours(cache_bytes: int = cache_bytes) -> None:
            scrubber = Scrubber(EntityFinder(fast), cache_bytes)
            for event in events:
                scrub_event(scrubber, event)

        mine, relays = interleaved(
            rounds, ours, lambda: [relay_event(rules, event) for event in events]
        )
        print(
            f"events, {title:<12}{relays / mine:5.1f} x Relay "
            f"({len(events) / mine:,.0f} against {len(events) / relays:,.0f} events a second)"
        )
    empty, read = interleaved(
        rounds,
        lambda: [relay_event(rules, "{}") for _ in events],
        lambda: [orjson.dumps(orjson.loads(event)) for event in events],
    )
    print(
        f"of that, an event  {empty / len(events) * 1e6:.0f} us for Relay's rules to be read, "
        f"{read / len(events) * 1e6:.0f} us for our JSON"
    )


def measure_start(rounds: int) -> None:
    def run(program: str) -> float:
        command = [sys.executable, "-c", program]
        return seconds(lambda: subprocess.run(command, check=True), of_ended_processes)

    started = statistics.median(run(START) for _ in range(rounds))
    bare = statistics.median(run("import presidio_analyzer") for _ in range(rounds))
    print(f"start of a process {started:.1f} s, of which {bare:.1f} s import Presidio")


def measure_memory(texts: list[str]) -> None:
    """Scrub texts that are made distinct by a number, and tell the resident memory on the way."""
    scrubber = Scrubber(EntityFinder(load_analyzer()))
    told = []
    for number in range(MEMORY_TEXTS):
        scrubber.scrub_text(f"{texts[number % len(texts)]} #{number}")
        if (number + 1) % MEMORY_SHOWN == 0:
            told.append(f"{resident_mebibytes():,.0f}")
    print(f"memory             {', '.join(told)} MiB after each {MEMORY_SHOWN:,} distinct texts")


def resident_mebibytes() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    collect_garbage_rarely()
    with tempfile.TemporaryDirectory() as folder:
        reports, events = fleet(Path(folder))
    gc.freeze()  # a worker holds one report at a time: nobody pays for walks through all of them
    texts = [text for report in reports for text in texts_of(report)]
    print(f"{len(reports):,} reports, {len(texts):,} texts, {len(set(texts)):,} distinct")
    compare_distinct(rounds, texts)
    compare_stream(rounds, spread(reports, STREAM))
    compare_relay(rounds, [event.decode() for event in spread(events, EVENTS)])
    measure_start(rounds)
    measure_memory(spread(sorted(set(texts)), DISTINCT))


if __name__ == "__main__":
    main()
