"""The policy's limits, laid on every report whichever parser made it."""

from dataclasses import fields, replace
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, Frame
from transforms.parse.text import clip

_MOST_LINES: Final = 10_000_000
_MOST_BYTES: Final = 1 << 30
"""Of a frame. No source has more lines and no module more bytes; a phone number or an id would."""

_NAMES: Final = tuple(field.name for field in fields(CrashReport))


def within_limits(report: CrashReport, limits: Limits) -> CrashReport:
    """Return the report with at most so many frames and so long strings, marked if it was cut.

    Empty strings become None, so that a fact is either told or not.
    """
    most = limits.max_text_chars
    frames = report.frames[: limits.max_frames]
    changes: dict[str, Any] = {}
    was_cut = len(frames) < len(report.frames)
    for name in _NAMES:
        value = getattr(report, name)
        if isinstance(value, str) and (text := _within(value, most)) is not value:
            changes[name] = text
            was_cut = was_cut or len(value) > most
    bounded = tuple([_frame_within_limits(frame, most) for frame in frames])
    was_cut = was_cut or any(_is_longer(frame, most) for frame in frames)
    if was_cut:
        changes["truncated"] = True
    return replace(report, frames=bounded, **changes)


def _within(text: str | None, most: int) -> str | None:
    """Return a text of at most so many characters that can be written, None for an empty one."""
    if text is None:
        return None
    if len(text) <= most and text.isascii() and text.isprintable() and text.strip(" ") == text:
        return text or None  # nearly all are like this
    return clip(text, most).strip() or None


def _frame_within_limits(frame: Frame, most: int) -> Frame:
    module, function = _within(frame.module, most), _within(frame.function, most)
    file = _within(frame.file, most)
    line = frame.line if _is_below(frame.line, _MOST_LINES) else None
    offset = frame.offset if _is_below(frame.offset, _MOST_BYTES) else None
    if (
        module is frame.module
        and function is frame.function
        and file is frame.file
        and line is frame.line
        and offset is frame.offset
    ):
        return frame
    return Frame(module, function, file, line, offset, frame.in_app)


def _is_below(number: int | None, largest: int) -> bool:
    return number is None or 0 <= number <= largest


def _is_longer(frame: Frame, most: int) -> bool:
    return any(
        text is not None and len(text) > most for text in (frame.module, frame.function, frame.file)
    )
