"""The workers of a local run: whether it is worth several processes, and that they are silent."""

import io
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TextIO

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions

from pipelines.options import LOCAL_RUNNER
from transforms.read import Listing

_WORTHWHILE_ITEMS = 20_000
_WORTHWHILE_BYTES = 1 << 30
"""Starting processes takes some ten seconds (docs/engines.md), which smaller inputs do not save."""

_STDERR = 2


def may_spread(options: PipelineOptions, arguments: Sequence[str]) -> bool:
    """Tell whether processes are ours to choose: locally, where `arguments` say nothing of them."""
    chosen = any(argument.startswith("--direct_") for argument in arguments)
    return options.view_as(StandardOptions).runner == LOCAL_RUNNER and not chosen


def with_workers(options: PipelineOptions, listing: Listing) -> PipelineOptions:
    """Return options by which a large listing is read by one process a core.

    Workers are talked to on the loopback interface, so there are none where a machine has it
    switched off.
    """
    if not (_is_worthwhile(listing) and _has_loopback()):
        return options
    spread: PipelineOptions = PipelineOptions.from_dictionary(
        options.get_all_options(drop_default=True)
    )
    direct = spread.view_as(DirectOptions)
    direct.direct_running_mode = "multi_processing"
    direct.direct_num_workers = os.cpu_count() or 1
    return spread


@contextmanager
def silent_workers() -> Iterator[None]:
    """Let threads and processes that an engine starts write nothing to stderr.

    What they write is theirs, and may quote a report: a failure is told by the command, in one
    line. After an interruption they would tell at length that nobody is there any more.
    """
    hook, stream = threading.excepthook, sys.stderr
    if stream is None:  # the command was started without one
        yield
        return
    stream.flush()
    own, nothing = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, _STDERR)
    os.close(nothing)
    threading.excepthook = lambda _: None
    if _is_stderr(stream):
        sys.stderr = os.fdopen(own, "w", 1, stream.encoding, "backslashreplace", closefd=False)
    try:
        yield
    finally:
        with suppress(OSError):  # what it is about may be full: that ends no run
            sys.stderr.flush()
        os.dup2(own, _STDERR)
        os.close(own)
        sys.stderr, threading.excepthook = stream, hook


def _is_stderr(stream: TextIO) -> bool:
    try:
        return stream.fileno() == _STDERR
    except (io.UnsupportedOperation, ValueError):
        return False


def _is_worthwhile(listing: Listing) -> bool:
    return (os.cpu_count() or 1) > 1 and (
        listing.item_count >= _WORTHWHILE_ITEMS or listing.byte_count >= _WORTHWHILE_BYTES
    )


def _has_loopback() -> bool:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=1).close()
    except OSError:
        return False
    return True
