"""What the readers of stack traces in text share: where they look, how far, what they report."""

from collections.abc import Iterator, Sequence
from itertools import islice

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame
from transforms.parse.parser import ParseError
from transforms.parse.text import text_lines

_HEAD_BYTES = 256 * 1024
_MAX_LINES = 100_000  # logs before a trace are read over, but not without end


def head_of_text(payload: bytes) -> bytes:
    """Return the beginning of a text, in which its format must show; empty for JSON and binary."""
    start = payload[:512].lstrip()
    if b"\0" in start or start.startswith((b"{", b"[{", b'["')):
        return b""
    return payload[:_HEAD_BYTES]


def trace_lines(payload: bytes, start: int = 0) -> Iterator[str]:
    """Yield the lines of a text, from the line on that holds the byte at `start`."""
    first = payload.rfind(b"\n", 0, max(0, start)) + 1
    return islice(text_lines(payload[first:]), _MAX_LINES)


def require(found: object) -> None:
    """Check that what makes a trace was found.

    Raises:
        ParseError: `TRUNCATED`, when it was not.
    """
    if not found:
        raise ParseError(FailureKind.TRUNCATED)


def report_of_trace(
    format_name: str,
    kind: str | None,
    message: str | None,
    frames: Sequence[Frame],
    limits: Limits,
) -> CrashReport:
    """Return the report of what was thrown: its class, its message, its frames innermost first.

    It is truncated if there are more frames than the limits allow.
    """
    return CrashReport(
        format_name,
        reason=kind,
        exception_type=kind,
        message=message,
        frames=tuple(frames[: limits.max_frames]),
        truncated=len(frames) > limits.max_frames,
    )
