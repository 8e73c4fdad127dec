"""Parse mutated reports of every format, and tell each that a parser did not survive.

    .venv/bin/python -m tools.mutate [INPUTS] [SEED] [FOLDER FOR WHAT IS FOUND]

An input is found when a parser raised anything but its own error, took more than a second of
processor time for one report, or more than 256 MiB of memory. Exits with 1 if one was found.
"""

import resource
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from schemas.policy import Limits
from schemas.records import Failure, FailureKind, RawReport
from tools.mutations import mutated
from tools.seeds import seeds_by_format
from transforms.parse import parse_payload

_INPUTS: Final = 100_000
_MOST_SECONDS: Final = 1.0
_MOST_KIBIBYTES: Final = 256 * 1024
_HANGING_SECONDS: Final = 30
_TOLD_EVERY: Final = 25_000
_LIMITS: Final = Limits()


class _HangsError(BaseException):
    """Raised in the midst of a parser that does not end; no `Exception`, so none catches it."""


def problems_of(payload: bytes) -> list[str]:
    """Return what went wrong in parsing a payload: nothing, if parsers are as they should be."""
    found = []
    slowest = 0.0
    memory, started = _most_memory(), time.process_time()
    signal.alarm(_HANGING_SECONDS)
    try:
        for result in parse_payload(RawReport("mutated", payload), _LIMITS):
            if isinstance(result, Failure) and result.kind is FailureKind.PARSER_ERROR:
                found.append(f"parser error in {result.format}")
            slowest, started = max(slowest, time.process_time() - started), time.process_time()
    except _HangsError:
        found.append("hangs")
    except Exception as error:  # noqa: BLE001 - any exception is what is looked for
        found.append(f"raises {type(error).__name__}")
    signal.alarm(0)
    if max(slowest, time.process_time() - started) > _MOST_SECONDS:
        found.append("takes more than a second")
    if (more := _most_memory() - memory) > _MOST_KIBIBYTES:
        found.append(f"takes {more // 1024} MiB")
    return found


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _hang(_signal: int, _frame: object) -> None:
    raise _HangsError


def main() -> int:
    """Mutate and parse, and return 1 if something was found."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else _INPUTS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1  # noqa: PLR2004 - the second argument
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else None  # noqa: PLR2004 - the third argument
    signal.signal(signal.SIGALRM, _hang)
    seeds = seeds_by_format()
    formats = sorted(seeds)
    everything = [payload for name in formats for payload in seeds[name]]
    print(f"{len(everything):,} whole reports of {len(formats)} formats", flush=True)
    random = Random(seed)
    found: Counter[str] = Counter()
    started = time.monotonic()
    for number in range(inputs):
        name = formats[number % len(formats)]
        own = random.choice(seeds[name])
        other = random.choice(random.choice((everything, seeds[name])))
        payload = mutated(own, other, random)
        for problem in problems_of(payload):
            found[problem] += 1
            print(f"input {number} of {name}: {problem}", flush=True)
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{seed}-{number}").write_bytes(payload)
        if (number + 1) % _TOLD_EVERY == 0:
            print(f"{number + 1:,} inputs, {found.total()} problems so far", flush=True)
    rate = inputs / (time.monotonic() - started)
    print(f"{inputs:,} inputs at {rate:,.0f} a second, seed {seed}: {found.total()} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
