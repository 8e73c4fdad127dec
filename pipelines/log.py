"""How a command tells what it does: in lines for people, or as one JSON object a line on stderr.

Only counts, kinds, periods and messages of crashveil's own are told: never a value of a report.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from pipelines.errors import INTERRUPTED, of_storage, say

Details = Mapping[str, int | float | Mapping[str, object]]
"""What is told with an event: numbers, or counters by name and label."""


class Log:
    """Tells events. The names in JSON are those that Google's logging agents understand too."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def tell(
        self,
        event: str,
        text: str,
        details: Details | None = None,
        *,
        severity: str = "INFO",
        err: bool = False,
    ) -> None:
        """Tell an event: its text as lines, on stderr if `err`; or its name, text and details.

        Raises:
            UnsaidError: it cannot be written.
        """
        if not self.as_json:
            say(text, err=err)
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        told = {"time": time, "severity": severity, "event": event, "message": text}
        say(json.dumps(told | dict(details or {})), err=True)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Tell how a command ends as JSON and end with its status; otherwise leave it to others."""
        if not self.as_json:
            yield
            return
        try:
            yield
        except (click.ClickException, OSError) as error:
            told = of_storage(error) if isinstance(error, OSError) else error
            self.tell("error", told.format_message(), severity="ERROR")
            raise SystemExit(told.exit_code) from None
        except (click.Abort, KeyboardInterrupt):
            self.tell("interrupted", "crashveil: interrupted", severity="WARNING")
            raise SystemExit(INTERRUPTED) from None


TEXT = Log()
