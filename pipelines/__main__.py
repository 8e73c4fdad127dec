"""Where the command begins: almost nothing is imported before an interruption can end it well."""

import signal
import sys


def main() -> None:
    """Run the command line; SIGTERM interrupts it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
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
