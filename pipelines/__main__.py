"""Where the command begins: almost nothing is imported before an interruption can end it well."""

import os
import signal
import sys

_STDERR = 2


def _open_closed_streams() -> None:
    """Give standard streams that the command was started without to nowhere.

    The next file that is opened would take such a one's place, and libraries would write into it
    what they tell on stderr.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        if descriptor == _STDERR:
            sys.stderr = open(descriptor, "w", closefd=False)  # noqa: SIM115 - as long as the process
    os.close(descriptor)


def main() -> None:
    """Run the command line; SIGTERM interrupts it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _open_closed_streams()
    try:
        from pipelines.memory import collect_garbage_rarely

        collect_garbage_rarely()
        from pipelines.cli import main as run
    except KeyboardInterrupt:
        sys.stderr.write("crashveil: interrupted\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
