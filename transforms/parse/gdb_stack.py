"""Stacks as gdb's `backtrace` prints them, and the map of memory that places their addresses.

A frame is `#3  0x00007f… in name (arguments) at file.c:12`, or `… from /lib/x.so`; what `backtrace
full` prints between frames, the variables, is not read, nor are the arguments. The map is that of
/proc/PID/maps, see proc_pid_maps(5).
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from schemas.records import Frame
from transforms.parse.mappings import Mapping, Mappings
from transforms.parse.normalise import module_name

# What stands in `<>` is no function: `<signal handler called>`.
_NUMBERED = re.compile(r"#[0-9]{1,6}\s{1,4}(?:0x(?P<address>[0-9a-f]{1,16}) in )?(?=[^\s<])")
_MAPPING = re.compile(
    r"(?P<start>[0-9a-f]{1,16})-(?P<end>[0-9a-f]{1,16}) \S{4} [0-9a-f]{1,16} \S{1,16} "
    r"[0-9]{1,20}\s{1,128}(?P<path>/.+)"
)
_MAX_MAPPINGS = 50_000
_NOT_KNOWN = "??"
_ARGUMENTS = " ("
_AT, _FROM = ") at ", ") from "


def memory_map(lines: Iterable[str]) -> Mappings:
    """Return the mapped files that the lines of /proc/PID/maps name, at most 50,000 of them.

    A file's base is its first mapping.
    """
    found = (_MAPPING.match(line) for line in islice(lines, _MAX_MAPPINGS))
    mapped = sorted(
        (int(match["start"], 16), int(match["end"], 16), match["path"]) for match in found if match
    )
    bases: dict[str, int] = {}
    return Mappings(
        [Mapping(start, end, bases.setdefault(path, start), path) for start, end, path in mapped]
    )


def read_backtrace(lines: Iterable[str], mapped: Mappings, most: int) -> list[Frame]:
    """Return the first frames of a backtrace, innermost first, at most so many."""
    numbered = ((line, _NUMBERED.match(line)) for line in lines)
    frames = (_placed(line, match, mapped) for line, match in numbered if match is not None)
    return list(islice(frames, most))


def _placed(line: str, numbered: re.Match[str], mapped: Mappings) -> Frame:
    frame = gdb_frame(line[numbered.end() :])
    if numbered["address"] is None:
        return frame
    module, offset = mapped.locate(int(numbered["address"], 16))
    return frame if module is None else replace(frame, module=module, offset=offset)


def gdb_frame(text: str) -> Frame:
    """Return the frame of `name (arguments) at file:line` or `name (arguments) from module`."""
    name = text[: _end_of_name(text)].strip()
    function = None if name == _NOT_KNOWN else name or None
    at, from_ = text.rfind(_AT), text.rfind(_FROM)  # an argument may hold either
    if from_ > at:
        return Frame(module_name(text[from_ + len(_FROM) :]), function)
    file, _, line = text[at + len(_AT) :].rpartition(":") if at >= 0 else ("", "", "")
    if file and line.isascii() and line.isdecimal() and len(line) < 10:  # noqa: PLR2004 - an int
        return Frame(None, function, file, int(line))
    return Frame(None, function)


def _end_of_name(text: str) -> int:
    """Return where the arguments begin: at the first bracket behind a space outside of `<>`."""
    first = at = text.find(_ARGUMENTS)
    seen = depth = 0
    while at >= 0:
        part = text[seen:at]
        depth += part.count("<") - part.count(">") + part.count("->")
        if depth == 0:
            return at
        seen, at = at, text.find(_ARGUMENTS, at + 1)
    return first if first >= 0 else len(text)  # `operator<` and its like close nothing
