"""The whole way on simulated fleets: reports a second and peak memory, by fleet size.

Machines differ, so each round also times a fixed piece of work (a yardstick: hashing, in this
process) and reports are also told per yardstick. Rounds of the sizes are interleaved; figures are
medians.

    .venv/bin/python benchmarks/end_to_end.py [ROUNDS [SIZES...]]
"""

import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SIZES = (2_000, 20_000)
YARDSTICK_MEBIBYTES = 256
COMMAND = str(Path(sys.executable).parent / "crashveil")


def yardstick_seconds() -> float:
    """Seconds that hashing a fixed amount of zeros takes on this machine now."""
    block = bytes(1024 * 1024)
    started = time.perf_counter()
    digest = hashlib.sha256()
    for _ in range(YARDSTICK_MEBIBYTES):
        digest.update(block)
    return time.perf_counter() - started


def tree_kibibytes(root: int) -> int:
    """Resident memory of a process and its descendants now (Linux), in KiB."""
    parents: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
            sizes[int(entry.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") // 1024
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += sizes.get(process, 0)
        waiting += parents.get(process, [])
    return total


def run_once(raw: Path, output: Path) -> tuple[float, int]:
    """Seconds and peak KiB of one `crashveil run`."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [COMMAND, "run", str(raw), "--output", str(output)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, tree_kibibytes(process.pid))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    seconds = time.perf_counter() - started
    watcher.join()
    if status != 0:
        sys.exit(f"crashveil run ended with {status}")
    return seconds, peak


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sizes = [int(size) for size in sys.argv[2:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        fleets = {}
        for size in sizes:
            fleets[size] = base / f"fleet-{size}" / "raw"
            subprocess.run(
                [COMMAND, "simulate", "--reports", str(size), "--output", str(fleets[size])],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        measured: dict[int, list[tuple[float, int, float]]] = {size: [] for size in sizes}
        for number in range(rounds):
            for size, raw in fleets.items():
                yardstick = yardstick_seconds()
                seconds, peak = run_once(raw, base / f"out-{size}-{number}")
                measured[size].append((seconds, peak, yardstick))
    print(f"median of {rounds} interleaved rounds, start-up of the command included\n")
    print("| reports | seconds | reports/s | reports a yardstick | peak memory, MiB |")
    print("|---:|---:|---:|---:|---:|")
    for size, rows in measured.items():
        seconds = statistics.median(row[0] for row in rows)
        peak = statistics.median(row[1] for row in rows) / 1024
        per_yardstick = statistics.median(size / row[0] * row[2] for row in rows)
        rate = size / seconds
        print(f"| {size:,} | {seconds:.1f} | {rate:,.0f} | {per_yardstick:,.0f} | {peak:,.0f} |")


if __name__ == "__main__":
    main()
