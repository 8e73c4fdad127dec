"""Reading JSON that may be hostile: bounded in size, never recursing without a guard."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.records import FailureKind
from transforms.parse.parser import ParseError

# A value costs up to some 200 bytes of memory once it is read, whatever its length in the file.
_MAX_VALUES = 1_000_000
_LITERALS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_LONGEST_REST = 16
_STARTED_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,4})?$")
_STARTED_FRACTION = re.compile(r"(?:\.|[eE][+-]?)$")


def read_json(payload: bytes) -> Any:
    """Return the value of one JSON document in UTF-8; bytes that are not UTF-8 are replaced.

    Nesting is bounded by the interpreter's own guard, which the decoder honours.

    Raises:
        ParseError: `TRUNCATED` when the text ends too early, `OVERSIZED` when it holds more than
            a million values, `MALFORMED` when it is no JSON or nested too deeply.
    """
    check_value_count(payload)
    text = payload.decode("utf-8", "replace").rstrip("\x00 \t\r\n\ufffd")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        kind = FailureKind.TRUNCATED if _ends_early(text, error) else FailureKind.MALFORMED
    except (ValueError, RecursionError):  # a number of thousands of digits; nested too deeply
        kind = FailureKind.MALFORMED
    raise ParseError(kind)


def check_value_count(payload: bytes) -> None:
    """Refuse JSON in UTF-8 that holds too much, before it is read.

    Raises:
        ParseError: `OVERSIZED` when it holds more than a million values.
    """
    if sum(payload.count(sign) for sign in (b",", b"[", b"{")) > _MAX_VALUES:
        raise ParseError(FailureKind.OVERSIZED)


def read_object(payload: bytes) -> Mapping[str, Any]:
    """Return one JSON object; errors are those of `read_json`, and MALFORMED for another type."""
    document = read_json(payload)
    if not isinstance(document, dict):
        raise ParseError(FailureKind.MALFORMED)
    return document


def _ends_early(text: str, error: json.JSONDecodeError) -> bool:
    if error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid \\"):
        return _STARTED_ESCAPE.search(text[-_LONGEST_REST:]) is not None
    rest = text[error.pos : error.pos + _LONGEST_REST].strip()
    started = any(literal.startswith(rest) for literal in _LITERALS)
    return started or _STARTED_FRACTION.match(rest) is not None


def mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[Any]:
    """Return the value if it is an array, else an empty one."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str | None:
    """Return a string or a number as text, None for anything else and for blank strings."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return value.strip() or None
    return None


_INTEGER_BITS = 128
"""No fact has more; Python's integers have no end, but its floats have."""


def integer(value: object) -> int | None:
    """Return an integer, or the integer that a string in decimal or `0x` hexadecimal holds.

    One of more than 128 bits counts as none.
    """
    found = _integer(value)
    return found if found is not None and found.bit_length() <= _INTEGER_BITS else None


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and len(value) <= 32:  # noqa: PLR2004 - 128 bits in hexadecimal
        try:
            return int(value, 16 if value[:2].casefold() == "0x" else 10)
        except ValueError:
            return None
    return None


_MAX_SECONDS = 1e10  # 300 years


def seconds(value: object, units: int = 1) -> float | None:
    """Return a number of seconds, of which each has so many units (1000 for milliseconds).

    None for what is no number, is negative, or lasts for more than 300 years.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value / units if 0 <= value < _MAX_SECONDS * units else None
