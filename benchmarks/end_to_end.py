"""The whole way on simulated fleets: reports a second, processor time and memory, by fleet size.

Machines differ, so each round also times a fixed piece of work (a yardstick: hashing, in this
process) and reports are also told per yardstick. Rounds of the sizes are interleaved; figures are
medians. Within each round one more fleet goes through crashveil and through the pipeline as one
would write it at first (`first_try.py`), and the ratio is told.

    .venv/bin/python -m benchmarks.end_to_end [ROUNDS [SIZES...]]
"""

import hashlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from benchmarks import processor_time

SIZES = (2_000, 20_000)
COMPARED = 5_000
"""Reports that the pipeline as one would write it at first can bear: some 20 ms each."""

YARDSTICK_MEBIBYTES = 256
COMMAND = str(Path(sys.executable).parent / "crashveil")
FIRST_TRY = (sys.executable, str(Path(__file__).parent / "first_try.py"))


def yardstick_seconds() -> float:
    """Seconds that hashing a fixed amount of zeros takes on this machine now."""
    block = bytes(1024 * 1024)
    started = time.perf_counter()
    digest = hashlib.sha256()
    for _ in range(YARDSTICK_MEBIBYTES):
        digest.update(block)
    return time.perf_counter() - started


class Memory(NamedTuple):
    """Mebibytes: the resident memory of the largest process, and the share of all in memory (PSS),
    in which what processes share counts once."""

    largest: float
    together: float


def memory_of_tree(root: int) -> Memory:
    """What a process and its descendants hold now (Linux)."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    largest, together, waiting = 0, 0, [root]
    while waiting:
        process = waiting.pop()
        waiting += parents.get(process, [])
        with suppress(OSError, KeyError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
            told = dict(line.split()[:2] for line in lines)
            largest = max(largest, int(told["Rss:"]))
            together += int(told["Pss:"])
    return Memory(largest / 1024, together / 1024)


class Cost(NamedTuple):
    """Seconds of the clock and of all processors, and the highest memory seen."""

    seconds: float
    processor_seconds: float
    memory: Memory


def crashveil(raw: Path, output: Path) -> list[str]:
    return [COMMAND, "run", str(raw), "--output", str(output)]


def first_try(raw: Path, output: Path) -> list[str]:
    return [*FIRST_TRY, str(raw), str(output)]


def run_once(command: list[str]) -> Cost:
    """What one command costs."""
    used, started = processor_time.of_ended_processes(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks = Memory(0, 0)

    def watch() -> None:
        nonlocal peaks
        while process.poll() is None:
            peaks = Memory(*map(max, peaks, memory_of_tree(process.pid)))
            time.sleep(0.5)

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    seconds = time.perf_counter() - started
    watcher.join()
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return Cost(seconds, processor_time.of_ended_processes() - used, peaks)


def make_fleet(size: int, base: Path) -> Path:
    raw = base / f"fleet-{size}" / "raw"
    if not raw.exists():
        simulate = [COMMAND, "simulate", "--reports", str(size), "--output", str(raw)]
        subprocess.run(simulate, check=True, stdout=subprocess.DEVNULL)
    return raw


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sizes = [int(size) for size in sys.argv[2:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        fleets = {size: make_fleet(size, base) for size in sizes}
        compared = make_fleet(COMPARED, base)
        measured: dict[int, list[tuple[Cost, float]]] = {size: [] for size in sizes}
        ratios = []
        for number in range(rounds):
            for size, raw in fleets.items():
                yardstick = yardstick_seconds()
                measured[size].append(
                    (run_once(crashveil(raw, base / f"out-{size}-{number}")), yardstick)
                )
            ours = run_once(crashveil(compared, base / f"ours-{number}"))
            firsts = run_once(first_try(compared, base / f"first-{number}"))
            ratios.append((firsts.seconds / ours.seconds, ours.seconds, firsts.seconds))
    print(f"median of {rounds} interleaved rounds, start-up of the command included\n")
    print(
        "| reports | seconds | reports/s | reports a yardstick | processor ms a report "
        "| largest process, MiB | all processes, MiB |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size, rows in measured.items():
        seconds = statistics.median(cost.seconds for cost, _ in rows)
        used = statistics.median(cost.processor_seconds for cost, _ in rows) / size * 1e3
        largest = statistics.median(cost.memory.largest for cost, _ in rows)
        together = statistics.median(cost.memory.together for cost, _ in rows)
        per_yardstick = statistics.median(size / cost.seconds * each for cost, each in rows)
        print(
            f"| {size:,} | {seconds:.1f} | {size / seconds:,.0f} | {per_yardstick:,.0f} "
            f"| {used:.2f} | {largest:,.0f} | {together:,.0f} |"
        )
    ratio, mine, theirs = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(
        f"\n{COMPARED:,} reports: {mine:.1f} s; the pipeline as one would write it at first "
        f"{theirs:.1f} s, {ratio:.1f} times as long"
    )


if __name__ == "__main__":
    main()
