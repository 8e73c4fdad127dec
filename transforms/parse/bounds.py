"""The policy's limits, laid on every report whichever parser made it."""

from dataclasses import fields, replace
from typing import Any

from schemas.policy import Limits
from schemas.records import CrashReport, Frame
from transforms.parse.text import clip

_LARGEST = {"line": 10_000_000, "offset": 1 << 30}
"""Of a frame. No source has more lines and no module more bytes; a phone number or an id would."""
"""What an integer column of the tables can hold."""

_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in (CrashReport, Frame)}


def within_limits(report: CrashReport, limits: Limits) -> CrashReport:
    """Return the report with at most so many frames and so long strings, marked if it was cut.

    Empty strings become None, so that a fact is either told or not.
    """
    frames = report.frames[: limits.max_frames]
    changes = _changed_text(report, limits)
    bounded = tuple(_frame_within_limits(frame, limits) for frame in frames)
    truncated = (
        report.truncated
        or len(frames) < len(report.frames)
        or _was_cut(report, limits)
        or any(_was_cut(frame, limits) for frame in frames)
    )
    return replace(report, frames=bounded, truncated=truncated, **changes)


def _frame_within_limits(frame: Frame, limits: Limits) -> Frame:
    changes = _changed_text(frame, limits)
    for name, largest in _LARGEST.items():
        number = getattr(frame, name)
        if number is not None and not 0 <= number <= largest:
            changes[name] = None
    return replace(frame, **changes) if changes else frame


def _changed_text(record: CrashReport | Frame, limits: Limits) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in _NAMES[type(record)]:
        value = getattr(record, name)
        if isinstance(value, str):
            text = clip(value, limits.max_text_chars).strip()
            if text != value:
                changes[name] = text or None
            elif not text:
                changes[name] = None
    return changes


def _was_cut(record: CrashReport | Frame, limits: Limits) -> bool:
    values = (getattr(record, name) for name in _NAMES[type(record)])
    return any(isinstance(value, str) and len(value) > limits.max_text_chars for value in values)
