"""Names of functions and classes as runtimes write them, without placeholders and what varies."""

import re
from typing import Final

_NOT_A_NAME: Final = frozenset(
    {
        "", "()", "(anonymous)", "(null)", "<anonymous>", "<deduplicated_symbol>", "<redacted>",
        "<unknown>", "?", "???", "__mh_execute_header", "_mh_dylib_header", "_mh_execute_header",
        "anonymous",
    }
)  # fmt: skip
"""What linkers, engines of JavaScript and reporters put where a function has no name; a Mach-O
header is the nearest symbol where there is no other."""

_LAMBDA: Final = re.compile(r"\$\$Lambda[^.]{0,64}(?=\.|$)")
_HIDDEN_CLASS: Final = re.compile(r"/0x[0-9a-f]{1,16}(?=\.|$)")
"""The address of a hidden class of the JVM, as `Class.getName` tells it."""


_MAJOR_VERSION: Final = re.compile(r"/v[0-9]{1,4}$")
"""Of a module of Go (https://go.dev/ref/mod#major-version-suffixes)."""


def function_name(name: str | None) -> str | None:
    """Return the name of a function, None for what stands where there is none."""
    return None if name in _NOT_A_NAME else name


def stable_name(name: str) -> str:
    """Return the name of a class, or a class and method, without what differs from run to run.

    That is what the JVM puts behind the class of a lambda, and behind that of any hidden class:
    `org.example.Main$$Lambda/0x00007f1c0c001000`.
    """
    return _HIDDEN_CLASS.sub("", _LAMBDA.sub("$$Lambda", name))


def last_of_path(module: str) -> str:
    """Return the last part of a path that a module is imported by, without Go's major version.

    `github.com/acme/shop/v2` is `shop`. What stands before may name whoever wrote it, and looks
    like a URL.
    """
    return _MAJOR_VERSION.sub("", module[-1024:]).rpartition("/")[2]
