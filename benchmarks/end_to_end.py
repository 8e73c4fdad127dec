"""The whole way on simulated fleets: reports a second and peak memory, by fleet size.

Machines differ, so each round also times a fixed piece of work (a yardstick: hashing, in this
process) and reports are also told per yardstick. Rounds of the sizes are interleaved; figures are
medians. Within each round one more fleet goes through crashveil and through the pipeline as one
would write it at first (`first_try.py`), and the ratio is told.

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


def crashveil(raw: Path, output: Path) -> list[str]:
    return [COMMAND, "run", str(raw), "--output", str(output)]


def first_try(raw: Path, output: Path) -> list[str]:
    return [*FIRST_TRY, str(raw), str(output)]


def run_once(command: list[str]) -> tuple[float, int]:
    """Seconds and peak KiB of one command."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
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
        sys.exit(f"{command[0]} ended with {status}")
    return seconds, peak


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
        measured: dict[int, list[tuple[float, int, float]]] = {size: [] for size in sizes}
        ratios = []
        for number in range(rounds):
            for size, raw in fleets.items():
                yardstick = yardstick_seconds()
                seconds, peak = run_once(crashveil(raw, base / f"out-{size}-{number}"))
                measured[size].append((seconds, peak, yardstick))
            ours, _ = run_once(crashveil(compared, base / f"ours-{number}"))
            firsts, _ = run_once(first_try(compared, base / f"first-{number}"))
            ratios.append((firsts / ours, ours, firsts))
    print(f"median of {rounds} interleaved rounds, start-up of the command included\n")
    print("| reports | seconds | reports/s | reports a yardstick | peak memory, MiB |")
    print("|---:|---:|---:|---:|---:|")
    for size, rows in measured.items():
        seconds = statistics.median(row[0] for row in rows)
        peak = statistics.median(row[1] for row in rows) / 1024
        per_yardstick = statistics.median(size / row[0] * row[2] for row in rows)
        rate = size / seconds
        print(f"| {size:,} | {seconds:.1f} | {rate:,.0f} | {per_yardstick:,.0f} | {peak:,.0f} |")
    ratio, ours, firsts = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(
        f"\n{COMPARED:,} reports: {ours:.1f} s; the pipeline as one would write it at first "
        f"{firsts:.1f} s, {ratio:.1f} times as long"
    )


if __name__ == "__main__":
    main()
