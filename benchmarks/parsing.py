"""Parsing alone: reports a second of each simulated format, and of minidumps with much memory.

Machines differ, so each round also times a fixed piece of work (a yardstick: reading a fixed JSON
document with the standard library), and rates are also told per yardstick. Rounds of the formats
are interleaved; figures are medians of processor time, identities included, files not read.

    .venv/bin/python -m benchmarks.parsing [ROUNDS]
"""

import json
import statistics
import struct
import sys
import time
from random import Random

from pipelines.simulate.formats import FORMATS
from pipelines.simulate.sample import sample
from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import parse_payload

REPORTS = 100
"""Of each format in a round."""
MEMORY_MEBIBYTES = (1, 16)
LIMITS = Limits()
DOCUMENT = json.dumps([{"name": f"n{n}", "values": list(range(20))} for n in range(50)])


def raw_reports(name: str) -> list[RawReport]:
    """Reports of a format, each of another crash."""
    files = (sample(name, seed)[1] for seed in range(REPORTS))
    return [RawReport("x", file.payload, None, file.annotations) for file in files]


def large_minidump(mebibytes: int) -> list[RawReport]:
    """A simulated minidump with that much of another process' memory behind it."""
    dump = bytearray(sample("minidump", 1)[1].payload)
    memory = Random(mebibytes).randbytes(mebibytes << 19) + bytes(mebibytes << 19)  # noqa: S311 - filler
    count, directory = struct.unpack_from("<II", dump, 8)
    streams = [struct.unpack_from("<III", dump, directory + 12 * each) for each in range(count)]
    struct.pack_into("<II", dump, 8, count + 1, len(dump) + len(memory))
    streams.append((9, len(memory), len(dump)))  # named Memory64ListStream, and read by nobody
    table = b"".join(struct.pack("<III", *stream) for stream in streams)
    return [RawReport("x", bytes(dump) + memory + table)]


def seconds(raws: list[RawReport]) -> float:
    """Processor time of parsing all of them."""
    started = time.process_time()
    for raw in raws:
        for result in parse_payload(raw, LIMITS):
            if not isinstance(result, CrashReport):
                sys.exit(f"a simulated report was not read: {result}")
    return time.process_time() - started


def yardstick() -> float:
    """Processor time of the fixed piece of work."""
    started = time.process_time()
    for _ in range(20):
        json.loads(DOCUMENT)
    return (time.process_time() - started) / 20


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    work = {name: raw_reports(name) for name in FORMATS}
    work |= {f"minidump of {size} MiB": large_minidump(size) for size in MEMORY_MEBIBYTES}
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for raws in work.values():
        seconds(raws)  # what is made once
    for _ in range(rounds):
        for name, raws in work.items():
            unit = yardstick()
            each = seconds(raws) / len(raws)
            measured[name].append((each, unit / each))
    print(f"median of {rounds} interleaved rounds of {REPORTS} reports\n")
    print("| format | KiB | ms a report | reports/s | reports a yardstick |")
    print("|---|--:|--:|--:|--:|")
    for name, rows in measured.items():
        each = statistics.median(row[0] for row in rows)
        size = statistics.mean(len(raw.payload) for raw in work[name]) / 1024
        rate = statistics.median(row[1] for row in rows)
        print(f"| {name} | {size:,.1f} | {each * 1000:.2f} | {1 / each:,.0f} | {rate:.2f} |")


if __name__ == "__main__":
    main()
