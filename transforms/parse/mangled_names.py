"""Names of functions and classes as programmers write them, from those that linkers need.

Rules for names of C++, Rust and Swift are each in a module of their own. A name that is not
understood stays exactly as it is.
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from schemas.records import CrashReport, Frame
from transforms.parse import itanium_names, rust_names, swift_names
from transforms.parse.name_reader import MOST_CHARS

_LONGEST: Final = 4_096
_CPP: Final = ("_Z", "__Z", "___Z", "____Z")  # Apple's linker adds a `_`, a block's function two
_RUST: Final = ("_R", "__R")
_SWIFT: Final = ("$s", "_$s", "$S", "_$S", "_T0", "__T0")
_ALL: Final = (*_CPP, *_RUST, *_SWIFT)
_MARKS: Final = frozenset("_$")  # most reports have none of them in front, and are done
_CLASSES: Final = ("N", "St", *"123456789")

_MARK: Final = re.compile("_*(?:[ZR]|[$][sS]|T0)")
_SYMBOL: Final = re.compile("[$_0-9A-Za-z]*")
_REST: Final = re.compile(
    "[0-9A-Za-z_]*?((?:_block_invoke(?:_[0-9]+)?)?(?:[^0-9A-Za-z_].*)?)$", re.DOTALL
)
"""What follows a function's name: types of arguments, and a compiler's suffix, which is kept."""


def with_readable_names(report: CrashReport) -> CrashReport:
    """Return the report with the functions of its frames, and its exception, demangled."""
    thrown = report.exception_type
    if thrown is not None and thrown.startswith(_CLASSES):
        report = replace(report, exception_type=readable_class(thrown))
    names = [frame.function for frame in report.frames if frame.function]
    if not _MARKS.isdisjoint([name[0] for name in names]) or _is_escaped("".join(names)):
        report = replace(report, frames=tuple([_readable(frame) for frame in report.frames]))
    return report


def _readable(frame: Frame) -> Frame:
    name = None if frame.function is None else readable_function(frame.function)
    return frame if name is frame.function else replace(frame, function=name)


def _is_escaped(name: str) -> bool:
    """Tell whether a tool has taken a name of Rust apart, and left its escapes."""
    return "$LT$" in name


def readable_function(symbol: str) -> str:
    """Return the qualified name that a function's symbol tells, without arguments.

    A suffix of the compiler stays behind it: `_ZN3foo3barEv.cold` is `foo::bar.cold`.
    """
    if len(symbol) > _LONGEST:
        return symbol
    if symbol.startswith(_ALL):
        return _readable_function(symbol)
    return rust_names.unescaped_path(symbol) if _is_escaped(symbol) else symbol


@lru_cache(maxsize=4096)
def _readable_function(symbol: str) -> str:
    mark = _MARK.match(symbol)
    start = mark.end() if mark else 0
    try:
        if symbol.startswith(_SWIFT):
            found = _SYMBOL.match(symbol)
            end = found.end() if found else 0
            name = swift_names.entity_name(symbol[:end], start)
        elif symbol.startswith(_RUST):
            name, end = rust_names.path(symbol, start)
        else:
            legacy = rust_names.legacy_path(symbol, start)
            name, end = legacy or itanium_names.function_name(symbol, start)
    except (ValueError, LookupError):
        return symbol
    rest = _REST.match(symbol, end)
    return name + rest.group(1) if 0 < len(name) <= MOST_CHARS and rest else symbol


def readable_class(name: str) -> str:
    """Return the qualified name of a C++ exception's class, as `std::type_info` tells it."""
    if not name.startswith(_CLASSES) or len(name) > _LONGEST:
        return name
    return _readable_class(name)


@lru_cache(maxsize=256)
def _readable_class(name: str) -> str:
    try:
        return itanium_names.type_name(name)
    except (ValueError, LookupError):
        return name
