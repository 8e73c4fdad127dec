"""Showing how far long work has come: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.errors import UnsaidError
from pipelines.log import TEXT, Details, Log
from transforms.progress import read_progress

_BAR_SECONDS = 0.25
_LINE_SECONDS = 10.0

Result = TypeVar("Result")


class _Update(Protocol):
    def __call__(self, done: int, detail: str = "", details: Details | None = None) -> None: ...


def show_progress(work: Callable[[], Result], folder: Path, files: int, log: Log = TEXT) -> Result:
    """Run `work` in a thread, show what its workers write to `folder`, and return its result.

    `files` is how many files there are to read. Whatever `work` raises is raised here;
    KeyboardInterrupt is raised at once, while `work` still runs.
    """
    outcome: list[Result] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001 - handed to the caller below
            errors.append(error)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    wait = _BAR_SECONDS if _has_bar(log) else _LINE_SECONDS
    started = time.monotonic()
    with _bar(f"reading {files:,} files", None, log) as update:
        while thread.is_alive():
            thread.join(wait)
            progress = read_progress(folder)
            rate = progress.read / max(time.monotonic() - started, 0.001)
            details = {
                "reports_read": progress.read,
                "reports_rejected": progress.rejected,
                "reports_per_second": round(rate),
            }
            update(progress.read, f"{progress.rejected:,} rejected, {rate:,.0f}/s", details)
    if errors:
        raise errors[0]
    return outcome[0]


@contextmanager
def show_count(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that takes how many of `total` are done, and shows it."""
    last_line = time.monotonic()
    with _bar(title, total, TEXT) as update:

        def advance(done: int) -> None:
            nonlocal last_line
            if sys.stderr.isatty() or time.monotonic() - last_line > _LINE_SECONDS:
                last_line = time.monotonic()
                update(done)

        yield advance


def _has_bar(log: Log) -> bool:
    return sys.stderr.isatty() and not log.as_json


@contextmanager
def _bar(title: str, total: int | None, log: Log) -> Iterator[_Update]:
    def line(done: int, detail: str = "", details: Details | None = None) -> None:
        text = f"{title}: {done:,} reports {detail}".rstrip()
        with suppress(UnsaidError):  # the work goes on where its progress cannot be told
            log.tell("progress", text, details, err=True)

    if not _has_bar(log):
        yield line
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(title, total=total, detail="")

        def move(done: int, detail: str = "", details: Details | None = None) -> None:  # noqa: ARG001 - as `_Update` has it
            bar.update(task, completed=done, detail=detail)

        yield move
