"""Texts beyond ASCII as bytes, one a character, and patterns that read those bytes the same way.

Hyperscan knows the classes of Unicode's characters too, but takes minutes to compile long patterns
with them. All that a pattern can tell of a character beyond ASCII is whether it is of a word, a
digit or a space, and whether the pattern names it. So each such character becomes a byte that
stands for its class, or for itself where a pattern names it, and the classes in the patterns are
written out as bytes. What the classes hold is asked of the module `regex` itself.
"""

import re
from collections.abc import Iterable

import regex

_LETTER, _DIGIT, _SPACE, _OTHER = "\xa1", "\xa2", "\xa3", "\xa4"
_FOR_NAMED = [chr(byte) for byte in range(0xA5, 0xC0) if byte != ord("\xb5")]
"""These and the four classes have no other case, so that ignoring case changes nothing."""

_UNKNOWN = "\uffff"
"""Stands for what cannot be told by a byte, so that the text as a whole cannot."""
_UNSURE = frozenset("\u0130\u0131\u017f\u212a")
"""Letters that match ASCII letters where case is ignored."""

_NAMED = r"[^\x00-\x7f]|\\u(?!00[0-7])[0-9a-fA-F]{4}|\\x[89a-fA-F][0-9a-fA-F]"
_TOKEN = re.compile(rf"\[\^?\]?(?:\\.|[^\]\\])*\]|{_NAMED}|\\.|.", re.DOTALL)
_IN_A_SET = re.compile(rf"{_NAMED}|\\.|\[:|.", re.DOTALL)
_ESCAPED_SET = re.compile(r"\[\^?\]?")


class StandIns:
    """The bytes for one set of patterns."""

    def __init__(self, expressions: Iterable[str]) -> None:
        named = {
            _character(token)
            for expression in expressions
            for token in re.findall(_NAMED, expression)
        }
        caseless = sorted(each for each in named if each.lower() == each.upper() == each)
        self._named = dict(zip(caseless, _FOR_NAMED, strict=False))
        self._table = _Table(self._named)
        kinds = {byte: _kind(each) for each, byte in self._named.items()}
        kinds |= {kind: kind for kind in (_LETTER, _DIGIT, _SPACE, _OTHER)}
        letters, digits, spaces = (
            _bytes(byte for byte, kind in kinds.items() if kind in those)
            for those in (_LETTER + _DIGIT, _DIGIT, _SPACE)
        )
        others, no_digits, no_spaces = (
            _bytes(byte for byte, kind in kinds.items() if kind not in those)
            for those in (_LETTER + _DIGIT, _DIGIT, _SPACE)
        )
        self._classes = {
            r"\w": "0-9A-Za-z_" + letters,
            r"\W": r"\x00-/:-@\[-\^`{-\x7f" + others,
            r"\d": "0-9" + digits,
            r"\D": r"\x00-/:-\x7f" + no_digits,
            r"\s": r"\t-\r\x20" + spaces,
            r"\S": r"\x00-\x08\x0e-\x1f!-\x7f" + no_spaces,
        }
        word = f"[0-9A-Za-z_{letters}]"
        self._borders = {
            r"\b": f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))",
            r"\B": f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))",
        }

    def encode(self, text: str) -> bytes | None:
        """Return a text's bytes, None if a character of it has no stand-in."""
        try:
            return text.translate(self._table).encode("latin-1")
        except UnicodeEncodeError:
            return None

    def expression(self, expression: str) -> str | None:
        """Return an expression that matches the bytes of the texts that the given one matches.

        None where that cannot be said, e.g. of a letter whose case may be ignored.
        """
        tokens = [self._token(token) for token in _TOKEN.findall(expression)]
        return None if None in tokens else "".join(token or "" for token in tokens)

    def _token(self, token: str) -> str | None:
        if len(token) > 1 and token[0] == "[":
            return self._set(token)
        if token in self._classes:
            return f"[{self._classes[token]}]"
        if token in self._borders:
            return self._borders[token]
        if re.fullmatch(_NAMED, token):
            return self._byte(token)
        return token

    def _set(self, token: str) -> str | None:
        start = _ESCAPED_SET.match(token)
        opening = start[0] if start else "["
        inside = _IN_A_SET.findall(token[len(opening) : -1])
        if "[:" in inside or r"\b" in inside:
            return None
        parts = []
        for place, each in enumerate(inside):
            is_named = re.fullmatch(_NAMED, each)
            if is_named and "-" in inside[max(place - 1, 0) : place + 2]:
                return None  # a range of characters beyond ASCII
            is_sign = each == "-" and place > 0 and inside[place - 1] in self._classes
            known = r"\-" if is_sign else self._classes.get(each, each)
            parts.append(self._byte(each) if is_named else known)
        if None in parts:
            return None
        return opening + "".join(part or "" for part in parts) + "]"

    def _byte(self, token: str) -> str | None:
        byte = self._named.get(_character(token))
        return None if byte is None else _bytes(byte)


class _Table(dict[int, str]):
    """What stands for each character, found out when it first occurs."""

    def __init__(self, named: dict[str, str]) -> None:
        super().__init__({ord(character): byte for character, byte in named.items()})

    def __missing__(self, code: int) -> str:
        character = chr(code)
        stand_in = character if code < 0x80 else _kind(character)  # noqa: PLR2004 - ASCII's end
        self[code] = stand_in
        return stand_in


def _kind(character: str) -> str:
    """Return the class of a character beyond ASCII, the same for `regex` and for `re`."""
    kinds = {_kind_by(character, engine) for engine in (regex, re)}
    return _UNKNOWN if len(kinds) > 1 or character in _UNSURE else kinds.pop()


def _kind_by(character: str, engine: object) -> str:
    fullmatch = vars(engine)["fullmatch"]
    for expression, kind in ((r"\d", _DIGIT), (r"\w", _LETTER), (r"\s", _SPACE)):
        if fullmatch(expression, character):
            return kind
    return _OTHER


def _character(token: str) -> str:
    return chr(int(f"0{token[1:]}".replace("u", "x"), 0)) if len(token) > 1 else token


def _bytes(characters: Iterable[str]) -> str:
    return "".join(f"\\x{ord(each):02x}" for each in sorted(characters))
