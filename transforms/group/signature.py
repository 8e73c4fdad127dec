"""Crash signatures: one short line that says what crashes.

A native stack is walked as Mozilla's siggen walks it: from the first frame on, past those that
tell nothing, to the first that may be at fault. Where an exception was thrown, its type stands
before that frame alone. No message goes in: siggen's rules that would take one are not used.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from schemas.records import Clean, CleanFrame, ScrubbedCrash
from transforms.group.frame_name import (
    frame_name,
    is_native,
    is_without_symbols,
    place_in_module,
)
from transforms.group.passed_over import (
    ENTRY_POINTS,
    SENTINELS,
    is_irrelevant,
    is_of_the_system,
    is_prefix,
)

_FRAMES = 40
"""Frames that are considered (siggen's MAXIMUM_FRAMES_TO_CONSIDER)."""

_LONGEST = 255
"""Characters of a signature at most (siggen's SigTruncate)."""

_CACHED_STACKS = 50_000

_SIGNAL = re.compile(
    r"SIG(?:ABRT|ALRM|BUS|CHLD|CONT|EMT|FPE|HUP|ILL|INT|IO|KILL|PIPE|POLL|PROF|PWR|QUIT|RT\w*|SEGV"
    r"|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR[12]|VTALRM|WINCH|XCPU|XFSZ)"
    r"|signal \d+|(?:EXC|EXCEPTION|STATUS)_\w+|0x[0-9a-fA-F]+"
)
"""What a system ends a process with: nobody threw it."""


_Named = tuple[CleanFrame, str]


class _Walk(NamedTuple):
    """What a walk down a stack came past, and the name at which it stopped, empty if at none."""

    passed: tuple[str, ...]
    fault: str


def signature(crash: ScrubbedCrash) -> Clean:
    """Return the signature of a scrubbed crash, at most 255 characters.

    A crash without frames has one that begins with `EMPTY:` and tells its exception or reason.
    """
    return _signature(crash.frames[:_FRAMES], crash.exception_type, crash.reason)


@lru_cache(_CACHED_STACKS)
def _signature(
    frames: tuple[CleanFrame, ...], exception_type: Clean | None, reason: Clean | None
) -> Clean:
    passed, fault = _walk(frames)
    if exception_type is not None and frames and not _is_signal(exception_type):
        line = f"{exception_type} | {fault or (passed[0] if passed else 'unknown')}"
    else:
        line = " | ".join([*passed, *([fault] if fault else [])])
        line = line or f"EMPTY: {exception_type or reason or 'no frames'}"
    return Clean(_shortened(" ".join(line.split())))


def _is_signal(exception_type: str) -> bool:
    """Tell whether it is a signal or a code of the system, such as `SIGSEGV / SEGV_MAPERR`."""
    return _SIGNAL.fullmatch(exception_type.partition(" / ")[0]) is not None


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _walk(frames: tuple[CleanFrame, ...]) -> _Walk:
    """Return the way to the frame at fault.

    Frames of the system are passed over, and those of others where the stack knows some that are
    not; of these the first is told, and each module without symbols. Where nothing is left, or only
    where the program begins, they count as any.
    """
    named = _from_a_sentinel_on([(each, name) for each in frames if (name := frame_name(each))])
    walk = _walk_past(_is_of_others_in(frames), named)
    if not walk.fault:
        walk = _walk_past(lambda _: False, named)
    if walk.fault or not named:
        return walk
    first, name = named[0]
    if not walk.passed or all(is_without_symbols(each) for each, _ in named):
        return _Walk((), _place_or(name, first))
    return walk


def _walk_past(is_of_others: Callable[[CleanFrame], bool], named: Sequence[_Named]) -> _Walk:
    passed: list[str] = []
    for frame, name in named:
        native, is_module = is_native(frame), is_without_symbols(frame)
        if native and is_irrelevant(name, is_module=is_module):
            continue
        is_listed = native and is_prefix(name, is_module=is_module)
        if not is_listed and not is_of_others(frame):
            return _Walk(tuple(passed), _place_or(name, frame))
        is_told = native and (is_listed or is_module or not passed)
        if is_told and name not in passed:
            passed.append(name)
    return _Walk(tuple(passed), "")


def _is_of_others_in(frames: tuple[CleanFrame, ...]) -> Callable[[CleanFrame], bool]:
    """Return what tells whose a frame is: not the application's, as far as the stack knows.

    Where some frames say that they are, no other is; else those are not that say so; where all
    say so, the first may be at fault. Where a program begins is nobody's.
    """
    owners = {frame.in_app for frame in frames}
    own = next((each for each in (True, None) if each in owners), False)

    def is_of_others(frame: CleanFrame) -> bool:
        if frame.in_app is not own:
            return True
        return is_native(frame) and (is_of_the_system(frame) or frame_name(frame) in ENTRY_POINTS)

    return is_of_others


def _from_a_sentinel_on(named: list[_Named]) -> list[_Named]:
    """Return the named frames from the first on at which a native stack begins by its name."""
    starts = (at for at, (_, name) in enumerate(named) if name in SENTINELS)
    return named[next(starts, 0) :]


def _place_or(name: str, frame: CleanFrame) -> str:
    """Return `module+offset` of a frame without symbols: its module alone is too coarse."""
    return (place_in_module(frame) if is_without_symbols(frame) else "") or name
