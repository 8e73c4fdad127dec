"""Let atheris look for bytes that a parser does not survive, led by the code that they reach.

    .venv/bin/python -m tools.fuzz [SECONDS]

Starts from the seeds of the mutation run, and from some of them in an archive with sidecars. Ends
after the time, or at the first input for which a parser raises anything but its own error, takes
more than a second, or too much memory; the input is left in the working folder as `crash-…`,
`timeout-…` or `oom-…`.
"""

import sys
import tempfile
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(
    include=["transforms.parse", "transforms.unpack", "transforms.read"]
):
    from schemas.policy import Limits
    from schemas.records import Failure, FailureKind, RawReport
    from transforms.parse import parse_payload
    from transforms.read import opened

_SECONDS: Final = 120
_LARGEST: Final = 64 * 1024
_MOST_MEBIBYTES: Final = 1024
"""Of the whole process, atheris and the seeds included."""
_LIMITS: Final = Limits()


class ParserError(Exception):
    """A parser failed in a way that is not its own."""


def try_input(payload: bytes) -> None:
    """Read one input as the pipeline would, and raise if a parser did not survive it."""
    for raw in opened(RawReport("fuzzed", payload), _LIMITS):
        results = [raw] if isinstance(raw, Failure) else parse_payload(raw, _LIMITS)
        for result in results:
            if isinstance(result, Failure) and result.kind is FailureKind.PARSER_ERROR:
                raise ParserError(result.format)


def main() -> None:
    """Fuzz for so many seconds; libFuzzer ends the process with 0 if nothing was found."""
    from tools.seeds import archive_with_sidecars, seeds_by_format

    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else _SECONDS
    with tempfile.TemporaryDirectory(prefix="crashveil-fuzz-") as folder:
        seeds = dict(seeds_by_format())
        smallest = (min(payloads, key=len) for payloads in seeds.values())
        seeds["archive"] = [archive_with_sidecars(smallest)]
        for name, payloads in seeds.items():
            for number, payload in enumerate(payloads):
                if len(payload) <= _LARGEST:
                    (Path(folder) / f"{name}-{number}").write_bytes(payload)
        arguments = [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-max_len={_LARGEST}",
            f"-rss_limit_mb={_MOST_MEBIBYTES}",
            "-timeout=1",
            "-print_final_stats=1",
            folder,
        ]
        atheris.Setup(arguments, try_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
