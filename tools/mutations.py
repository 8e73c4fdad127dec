"""Broken versions of whole reports: what a hostile or a damaged file may look like."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

_LARGEST: Final = 256 * 1024
_NUMBERS: Final = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
_WORDS: Final = tuple(
    number.to_bytes(size, order)
    for size in (2, 4, 8)
    for order in ("little", "big")
    for number in (*_NUMBERS, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
    if number < 1 << (8 * size)
)
_TEXT: Final = (
    b"", b"-1", b"9" * 40, b"0" * 5_000, b"1e999", b"NaN", b"0x" + b"f" * 40, b"\0", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\r\n\r\n", b"\n", b'"', b"\\", b"\\ud800", "\u0660\u00b2\u2028".encode(),
    b" " * 3_000, b"(" * 3_000, b"::" * 1_500, b"%25" * 1_000, b"/" * 3_000, b"a" * 70_000,
)  # fmt: skip
_OPENINGS: Final = (b"[", b'{"a":', b"{", b'{"values":[', b"(", b"<", b"[[", b'"')
_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 2**31, 2**63, 2**64, 10**30, 0.5, -0.0, 1e308, float("inf"),
    float("nan"), "", " ", "x", "0x", "0x1g", "-0x1", "1e5", "\ud800", "\0", "\u00b2", "/",
    "a/b\\c", "a" * 5_000, [], {}, [[]], [{}], [None], [0], {"": None}, {"a": {"a": []}},
    [1, "x", None, {}],
)  # fmt: skip

Mutation = Callable[[bytes, bytes, Random], bytes]
"""Takes a whole report, another one to take parts from, and chance; returns a broken report."""


def mutated(payload: bytes, other: bytes, random: Random) -> bytes:
    """Return the payload after one to four mutations, at most 256 KiB of it."""
    for _ in range(random.choice((1, 1, 2, 4))):
        payload = random.choice(_MUTATIONS)(payload, other, random)[:_LARGEST]
    return payload


def _flip_bits(payload: bytes, _: bytes, random: Random) -> bytes:
    changed = bytearray(payload)
    for _number in range(random.choice((1, 2, 8, 64)) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _truncate(payload: bytes, _: bytes, random: Random) -> bytes:
    return payload[: random.randrange(len(payload) + 1)]


def _behead(payload: bytes, _: bytes, random: Random) -> bytes:
    return payload[random.randrange(len(payload) + 1) :]


def _cut_out(payload: bytes, _: bytes, random: Random) -> bytes:
    start, end = _span(payload, random)
    return payload[:start] + payload[end:]


def _splice(payload: bytes, other: bytes, random: Random) -> bytes:
    start, end = _span(other, random)
    at = random.randrange(len(payload) + 1)
    return payload[:at] + other[start:end] + payload[at + random.choice((0, end - start)) :]


def _repeat(payload: bytes, _: bytes, random: Random) -> bytes:
    start, end = _span(payload, random)
    times = min(random.choice((2, 10, 1_000, 20_000)), _LARGEST // (end - start + 1))
    return payload[:end] + payload[start:end] * times + payload[end:]


def _repeat_line(payload: bytes, _: bytes, random: Random) -> bytes:
    lines = payload.split(b"\n")
    at = random.randrange(len(lines))
    times = min(random.choice((2, 10, 1_000, 20_000)), _LARGEST // (len(lines[at]) + 1))
    return b"\n".join([*lines[:at], *[lines[at]] * times, *lines[at + 1 :]])


def _move_line(payload: bytes, _: bytes, random: Random) -> bytes:
    lines = payload.split(b"\n")
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def _extreme_word(payload: bytes, _: bytes, random: Random) -> bytes:
    """Lengths, counts and offsets are words at even places, most of them near the beginning."""
    word = random.choice(_WORDS)
    room = max(1, min(len(payload), random.choice((64, 1024, len(payload) or 1))))
    at = random.randrange(room) & ~(random.choice((1, 2, 4)) - 1)
    return payload[:at] + word + payload[at + len(word) :]


def _extreme_text(payload: bytes, _: bytes, random: Random) -> bytes:
    start, end = _span(payload, random, longest=16)
    return payload[:start] + random.choice(_TEXT) + payload[end:]


def _extreme_number(payload: bytes, _: bytes, random: Random) -> bytes:
    """Put an extreme where digits stand, if some do behind a place taken by chance."""
    at = random.randrange(len(payload) + 1)
    start = next((i for i in range(at, min(at + 400, len(payload))) if payload[i] in _DIGITS), None)
    if start is None:
        return payload
    end = start
    while end < len(payload) and payload[end] in _DIGITS:
        end += 1
    return payload[:start] + random.choice(_TEXT) + payload[end:]


def _nest(payload: bytes, _: bytes, random: Random) -> bytes:
    at = random.randrange(len(payload) + 1)
    return (
        payload[:at]
        + random.choice(_OPENINGS) * random.choice((2, 60, 2_000, 40_000))
        + (payload[at:])
    )


def _retype(payload: bytes, _: bytes, random: Random) -> bytes:
    """Put a value of another type somewhere into a JSON document."""
    if len(payload) > 64 * 1024 or payload.lstrip()[:1] not in {b"{", b"["}:
        return payload
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return payload
    place: Any = document
    for _number in range(random.randrange(1, 12)):
        keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = random.choice(keys)
        if not isinstance(place[key], dict | list) or not place[key] or random.random() < 0.2:  # noqa: PLR2004 - one in five
            place[key] = random.choice(_VALUES)
            break
        place = place[key]
    return json.dumps(document).encode("ascii")


def _span(payload: bytes, random: Random, longest: int | None = None) -> tuple[int, int]:
    start = random.randrange(len(payload) + 1)
    most = min(len(payload) - start, longest or random.choice((4, 40, 400, 40_000)))
    return start, start + random.randrange(most + 1)


_DIGITS: Final = frozenset(b"0123456789")
_MUTATIONS: Final[tuple[Mutation, ...]] = (
    _flip_bits, _truncate, _behead, _cut_out, _splice, _repeat, _repeat_line, _move_line,
    _extreme_word, _extreme_word, _extreme_text, _extreme_number, _nest, _retype, _retype, _retype,
)  # fmt: skip
