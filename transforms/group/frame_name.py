"""The name by which a frame stands in a signature.

Native frames are named by Mozilla's siggen, which drops arguments, templates and return types;
frames of runtimes by class and method, or file and function.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from siggen.rules import CSignatureTool
from siggen.utils import collapse

from schemas.records import CleanFrame
from transforms.group.stable_names import stable_member, stable_script, stable_symbol

_SIGGEN: Final = CSignatureTool()

_CACHED_FRAMES = 50_000

_NATIVE_SOURCE = re.compile(
    r"\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inc|inl|ipp|tcc|m|mm|rs|swift|s|asm|cu|zig)(?::\w+)?$",
    re.IGNORECASE,
)
_NATIVE_MODULE = re.compile(r"\.(?:so(?:\.[\d.]+)?|dylib|(?i:dll|exe))$")
_OF_THE_COMPILER = "<compiler-generated>"
_RUST_SOURCE = re.compile(r"\.rs(?::\w+)?$")
_RUST_NAME = re.compile(r"::h[0-9a-f]{16}\b|\$LT\$|^<.{1,512}? as |^<[&\[*]|<impl |\{\{?closure")
_RUST_IMPLEMENTATION = re.compile(r"<(impl [^<>]*(?:<[^<>]*>[^<>]*)*)>")
_SWIFT_NAME = re.compile(
    r"\.swift:| -> |\(_:|^(?:closure #|implicit closure|partial apply|protocol witness|outlined"
    r"|specialized|function signature|generic specialization|merged|reabstraction thunk"
    r"|dispatch thunk|@objc)\b"
)
"""How Swift's demangler writes (`swift/lib/Demangling/NodePrinter.cpp`)."""
_KOTLIN_NAME = re.compile(r"kfun:([^(]{1,512})")
"""As Kotlin/Native calls a function: `kfun:org.shop.Cart#pay(kotlin.Int){}`."""
_SWIFT_ORIGIN = re.compile(
    r"(?:(?:static|@objc|merged|specialized|partial apply (?:forwarder )?for"
    r"|(?:function signature|generic) specialization <.*> of) )+"
)
"""How a function came to be compiled."""
_SWIFT_DETAILS = re.compile(r" ?(?:async )?(?:throws )?->.*?(?= in |$)|(?<=closure) #\d+|^:")
"""A function's result, a closure's number, what is left before a member of an extension."""
_NATIVE_FUNCTION = re.compile(rf"::|\)$|{_SWIFT_NAME.pattern}")
_ALLOCATION = re.compile(r"(?:^|[\s*&])(operator (?:new|delete)(?:\[\])?)(?:\(|$)")
_OPERATOR = re.compile(
    r"(.{0,255}?)\b(operator(?:<=>|<<=|>>=|->\*|<<|>>|<=|>=|->|<|>|\(\)))\s?(?:<.*>)?(?:\(|$)"
)
"""C++'s operators whose signs siggen would take for brackets."""
_MODULE_SOURCE = re.compile(r"\.(?:py|rb|php|pl|lua|exs?)$")
"""Files that are modules: a function's name alone says little there."""


@lru_cache(_CACHED_FRAMES)
def frame_name(frame: CleanFrame) -> str:
    """Return the name of a frame, empty if nothing of it is known."""
    return _native_name(frame) if is_native(frame) else _managed_name(frame)


def is_native(frame: CleanFrame) -> bool:
    """Tell whether a frame is of compiled code, not of a runtime that wrote its own stack.

    Such a stack knows functions, not offsets into modules.
    """
    if frame.offset is not None:
        return True
    if frame.file is not None and frame.file != _OF_THE_COMPILER:
        return _NATIVE_SOURCE.search(frame.file) is not None
    if frame.module is not None:
        return _NATIVE_MODULE.search(frame.module) is not None
    return frame.function is None or _NATIVE_FUNCTION.search(frame.function) is not None


def is_without_symbols(frame: CleanFrame) -> bool:
    """Tell whether a native frame has no other name than its module's."""
    return frame.function is None and (frame.file is None or frame.line is None)


def place_in_module(frame: CleanFrame) -> str:
    """Return `module+offset` of a frame without symbols."""
    return f"{frame.module or ''}+{frame.offset:#x}" if frame.offset is not None else ""


def _native_name(frame: CleanFrame) -> str:
    line = None if frame.line is None else str(frame.line)
    function = " ".join(stable_symbol(frame.function or "").split())
    if not function:
        return str(_SIGGEN.normalize_frame(module=frame.module, file=frame.file, line=line))
    if _is_rust(frame):
        implementing = _RUST_IMPLEMENTATION.sub(r"{\1}", function)
        return _normalized(_SIGGEN.normalize_rust_function, implementing, line)
    if kotlin := _KOTLIN_NAME.match(function):
        return kotlin[1]
    if "::" not in function and _SWIFT_NAME.search(function):
        return _swift_name(function) or function
    if allocation := _ALLOCATION.search(function):
        return allocation[1]
    operator = _OPERATOR.match(function)
    if operator and operator[1].count("<") == operator[1].count(">"):
        owner = _normalized(_SIGGEN.normalize_cpp_function, f"{operator[1]}_", line)
        return owner[:-1] + operator[2]
    return _normalized(_SIGGEN.normalize_cpp_function, function, line)


def _swift_name(function: str) -> str:
    origin = _SWIFT_ORIGIN.match(function)
    bare = collapse(function[origin.end() if origin else 0 :], "(", ")")
    return " ".join(_SWIFT_DETAILS.sub("", collapse(bare, "<", ">")).split())


def _normalized(normalize: Callable[..., str], function: str, line: str | None) -> str:
    try:
        return normalize(function=function, line=line) or function
    except IndexError:  # siggen leaves nothing of `const`, and then looks for its last word
        return function


def _is_rust(frame: CleanFrame) -> bool:
    return (frame.file is not None and _RUST_SOURCE.search(frame.file) is not None) or (
        frame.function is not None and _RUST_NAME.search(frame.function) is not None
    )


def _managed_name(frame: CleanFrame) -> str:
    if frame.function is None:
        if frame.file is None:
            return frame.module or ""
        file = stable_script(frame.file)
        return file if frame.line is None else f"{file}#{frame.line}"
    function = stable_member(frame.function)
    if frame.module is not None:
        module = stable_member(frame.module)
        tells_it = function.startswith((f"{module}.", f"{module}::", f"{module}#"))
        return function if tells_it else f"{module}.{function}"
    if frame.file is not None and _MODULE_SOURCE.search(frame.file):
        return f"{frame.file}:{function}"
    return function
