"""Watching an input that grows: incremental runs, again and again, until a signal ends them."""

import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from types import FrameType

from pipelines.engine import EngineError
from pipelines.errors import leave_interrupted, of_storage
from pipelines.held_area import HeldArea, hold
from pipelines.incremental import run_incrementally
from pipelines.local_folder import local_folder
from pipelines.log import Log
from pipelines.options import OptionError, is_local
from pipelines.prepare import (
    NothingThereError,
    PrepareError,
    Request,
    UnlistedError,
    absent_inputs,
    check_request,
    prepare,
)
from pipelines.summary import Tallies
from pipelines.workers import silent_workers
from schemas.records import TallyName
from transforms.publish import PublishError
from transforms.staging import StagingError

_LONGEST_WAIT = 900


@dataclass(frozen=True, slots=True)
class Round:
    """How a round went: what it counted, and what went wrong if anything did.

    `absent` are the inputs that are not there; the round is one over the others.
    """

    told: str
    tallies: Tallies
    failed: bool = False
    absent: Sequence[str] = ()

    @property
    def severity(self) -> str:
        """Return how bad it is, as the log has it."""
        if self.failed:
            return "ERROR"
        return "WARNING" if self.absent else "INFO"


def watch_input(request: Request, every: int, environment: Mapping[str, str], log: Log) -> None:
    """Run incrementally until SIGINT or SIGTERM; the round at hand is finished first.

    A second signal ends it at once, which is safe: the next run finishes what was begun. A round
    whose worker processes get the first one too, as a terminal's Ctrl-C does, fails.

    Args:
        request: what to run; its staging area is named.
        every: seconds between rounds; after a round that failed twice as long each time, at most
            15 minutes.
        environment: may hold the key.
        log: is told of each round.

    Raises:
        PrepareError: the request cannot be used.
        StagingError: another one works with the staging area, or it cannot be written.
    """
    request = replace(request, may_be_empty=True)
    check_request(request, environment)
    with hold(request.staging or "") as area, _stop_on_signal() as stop:
        failed = 0
        for number in count(1):
            done = _round(request, area, environment)
            failed = failed + 1 if done.failed else 0
            wait = min(every * 2**failed, max(every, _LONGEST_WAIT))
            _tell(done, number, failed, wait, log)
            if stop.wait(wait):
                break
        log.tell("stopped", "crashveil: stopped")


def _tell(done: Round, number: int, failed: int, wait: int, log: Log) -> None:
    """Tell how a round went, how many have failed one after another, and when the next one is."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    again = f" ({failed} rounds in a row)" if failed > 1 else ""
    absent = "".join(f"; WARNING: input {name}: no such file or folder" for name in done.absent)
    log.tell(
        "round",
        f"{now} round {number}: {done.told}{again}{absent}; next in {wait} s",
        {
            "round": number,
            "rounds_failed_in_a_row": failed,
            "next_in_seconds": wait,
            "counters": done.tallies.document(),
        },
        severity=done.severity,
    )


def _round(request: Request, area: HeldArea, environment: Mapping[str, str]) -> Round:
    try:
        run, options = prepare(request, environment)
        with local_folder() as folder, silent_workers():
            if is_local(options):
                run = replace(run, local_folder=folder)
            tallies = run_incrementally(run, area, options)
    except NothingThereError:
        return Round("no files yet", Tallies({}), absent=absent_inputs(request))
    except (PublishError, StagingError, EngineError, UnlistedError) as error:
        return Round(f"FAILED: {error}", Tallies({}), failed=True)
    except OSError as error:
        return Round(f"FAILED: {of_storage(error).message}", Tallies({}), failed=True)
    except OptionError as error:
        raise PrepareError(str(error)) from None
    return Round(_told(tallies), tallies, absent=absent_inputs(request))


def _told(tallies: Tallies) -> str:
    periods = tallies.of(TallyName.PERIODS).get("new", 0)
    return (
        f"{tallies.total(TallyName.READ):,} reports read, "
        f"{tallies.total(TallyName.REJECTED):,} rejected, {tallies.total(TallyName.LATE):,} late, "
        f"{periods} periods released"
    )


@contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            leave_interrupted()
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
