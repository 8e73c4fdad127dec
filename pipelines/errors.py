"""What a command reads and prints, and how it ends when it cannot go on: one line, one status."""

import io
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, NoReturn, TextIO

import click

from transforms.os_errors import why


class CommandError(click.ClickException):
    """An error that ends the command: one line on stderr, and the documented status."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line to stderr, if that can be written."""
        with suppress(OSError):
            click.echo(f"crashveil: error: {self.message}", err=True, file=file)


def of_storage(error: OSError) -> CommandError:
    """Return what is told of a file or folder that cannot be read or written; not its name."""
    return CommandError(f"cannot read or write: {why(error)}")


class UnsaidError(CommandError):
    """What a command has to tell cannot be written; what it has done is done."""

    exit_code = 1


def say(text: str | bytes, *, err: bool = False, nl: bool = True) -> None:
    """Print text to stdout, or to stderr if `err`, and a line break if `nl`.

    Raises:
        UnsaidError: it cannot be written.
        BrokenPipeError: nobody reads it; `click` ends the command with the same status.
    """
    try:
        click.echo(text, err=err, nl=nl)
    except BrokenPipeError:
        raise
    except OSError as error:
        name = "stderr" if err else "stdout"
        raise UnsaidError(f"{name}: cannot be written: {why(error)}") from None


def stdin_lines(newline: str | None = None) -> TextIO:
    """Return stdin as text in UTF-8, with or without a byte order mark; `newline` is as of `open`.

    Raises:
        CommandError: it is closed.
    """
    if sys.stdin is None:
        raise CommandError("there is nothing to read: stdin is closed")
    return io.TextIOWrapper(sys.stdin.buffer, "utf-8-sig", errors="replace", newline=newline)


class NothingReadableError(CommandError):
    """Not one report could be read."""

    exit_code = 3


class PublishFailedError(CommandError):
    """A run that was not finished: a release was refused or not written, or the engine failed."""

    exit_code = 4


INTERRUPTED = 130


def leave_interrupted() -> NoReturn:
    """End the process at once, whatever its threads do, with what was printed so far."""
    if sys.stdout is not None:
        sys.stdout.flush()
    os._exit(INTERRUPTED)


@contextmanager
def usage_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Turn the library's own one-line errors into a usage error."""
    try:
        yield
    except kinds as error:
        raise CommandError(str(error)) from None


def quiet_libraries() -> None:
    """Keep libraries from logging elements and tracebacks; crashveil says what went wrong."""
    logging.disable(logging.CRITICAL)
