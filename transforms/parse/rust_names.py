"""Paths out of Rust's symbols, in both of their forms, legacy and v0.

The rules are those of rustc: https://doc.rust-lang.org/rustc/symbol-mangling/. Hashes and crates'
disambiguators are left out, as they change with each build.
"""

import re
from collections.abc import Callable
from typing import Final

from transforms.parse.name_reader import NameReader, NotUnderstoodError

_NUMBER: Final = re.compile("[0-9]{1,4}")
_HASH: Final = re.compile("h[0-9a-f]{16}")
_ESCAPE: Final = re.compile(r"\$(?:u([0-9a-f]{1,6})|([A-Z]{1,2}))\$|\.\.")
_ESCAPES: Final = {
    "SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ",",
}  # fmt: skip


def legacy_path(text: str, at: int) -> tuple[str, int] | None:
    """Return the path that stands at a place of a symbol, behind `_Z`, and its end.

    None if it does not end in Rust's hash; then it is a name of C++.
    """
    parts: list[str] = []
    if not text.startswith("N", at):
        return None
    at += 1
    while number := _NUMBER.match(text, at):
        at = number.end() + int(number.group())
        parts.append(text[number.end() : at])
    if not text.startswith("E", at) or not _HASH.fullmatch(parts.pop() if parts else ""):
        return None
    return unescaped_path("::".join(parts)), at + 1


def unescaped_path(path: str) -> str:
    """Return a path without the escapes of the legacy form: `_$LT$a..B$GT$::f` is `<a::B>::f`."""
    parts = path.split("::")
    plain = "::".join(part.removeprefix("_") if part[1:2] == "$" else part for part in parts)
    return _ESCAPE.sub(_unescaped, plain)


def _unescaped(found: re.Match[str]) -> str:
    if found.group(1):
        letter = chr(min(int(found.group(1), 16), 0x10FFFF))
        return letter if letter.isprintable() else ""
    return _ESCAPES.get(found.group(2), found.group()) if found.group(2) else "::"


def path(text: str, at: int) -> tuple[str, int]:
    """Return the path that stands at a place of a symbol, behind `_R`, and its end.

    What follows the end names the crate that a generic function was compiled in.

    Raises:
        ValueError, LookupError: it is no such path.
    """
    reader = _Reader(text, at)
    return reader.path(), reader.at


_TYPES: Final = {
    "a": "i8", "b": "bool", "c": "char", "d": "f64", "e": "str", "f": "f32", "h": "u8",
    "i": "isize", "j": "usize", "l": "i32", "m": "u32", "n": "i128", "o": "u128", "s": "i16",
    "t": "u16", "u": "()", "v": "...", "x": "i64", "y": "u64", "z": "!", "p": "_",
}  # fmt: skip
_POINTERS: Final = {"R": "&", "Q": "&mut ", "P": "*const ", "O": "*mut "}
_NAMED: Final = re.compile(r"[A-Za-z_][0-9A-Za-z_:]*(?:<|$)")
_BASE_62: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE_62_NUMBER: Final = re.compile("([0-9A-Za-z]{0,6})_")
_LIFETIME: Final = re.compile("L[0-9A-Za-z]{0,6}_")
_DISAMBIGUATOR: Final = re.compile("(?:s([0-9A-Za-z]{0,11}_))?")
_IDENTIFIER: Final = re.compile("(0|[1-9][0-9]{0,3})_?")
_CONSTANT: Final = re.compile("(n?)([0-9a-f]{0,32})_")
_SIGNATURE: Final = re.compile("(?:G[0-9A-Za-z]{0,6}_)?(U?)(?:K(C|[0-9]{1,2}_?))?")
_BINDER: Final = re.compile("(?:G[0-9A-Za-z]{0,6}_)?")


class _Reader(NameReader):
    """Reads one path; a reference back is read again where it points to."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(text, at)
        self._start = at

    def path(self) -> str:
        """Return a path, with its generic arguments, in the form that legacy symbols have."""
        self.enter()
        code = self.next()
        if code == "C":
            self._disambiguator()
            text = self._identifier()
        elif code == "N":
            text = self._inner_path()
        elif code in "MX":
            self._disambiguator()
            self.path()
            text = self._implementation(has_trait=code == "X")
        elif code == "Y":
            text = self._implementation(has_trait=True)
        elif code == "I":
            text = self.path() + f"<{', '.join(self._until_end(self._argument))}>"
        elif code == "B":
            text = self._earlier(self.path)
        else:
            raise NotUnderstoodError
        return self.leave(text)

    def _inner_path(self) -> str:
        kind = self.next()
        outer = self.path()
        number = self._disambiguator()
        name = self._identifier()
        if kind.isupper():
            name = {"C": "closure", "S": "shim"}.get(kind, kind) + (":" + name if name else "")
            return f"{outer}::{{{name}#{number}}}"
        return f"{outer}::{name}" if name else outer

    def _implementation(self, *, has_trait: bool) -> str:
        text = self._type()
        if has_trait:
            return f"<{text} as {self.path()}>"
        return text if _NAMED.match(text) else f"<{text}>"

    def _argument(self) -> str:
        if self.match(_LIFETIME):
            return "'_"
        return self._constant() if self.take("K") else self._type()

    def _type(self) -> str:
        self.enter()
        code = self.next()
        if code in _TYPES:
            text = _TYPES[code]
        elif code in _POINTERS:
            self.match(_LIFETIME)
            text = _POINTERS[code] + self._type()
        elif code == "A":
            text = f"[{self._type()}; {self._constant()}]"
        elif code == "S":
            text = f"[{self._type()}]"
        elif code == "T":
            types = self._until_end(self._type)
            text = f"({types[0]},)" if len(types) == 1 else f"({', '.join(types)})"
        elif code == "F":
            text = self._function()
        elif code == "D":
            self.match(_BINDER)
            text = "dyn " + " + ".join(self._until_end(self._trait))
            self.match(_LIFETIME)
        elif code == "B":
            text = self._earlier(self._type)
        else:
            self.at -= 1
            text = self.path()
        return self.leave(text)

    def _function(self) -> str:
        signature = self.match(_SIGNATURE)
        unsafe, abi = signature.groups() if signature else ("", None)
        if abi and abi != "C":
            self.at += int(abi.rstrip("_"))
        arguments = ", ".join(self._until_end(self._type))
        result = self._type()
        text = "unsafe " * bool(unsafe) + 'extern "C" ' * (abi == "C") + f"fn({arguments})"
        return text if result == "()" else f"{text} -> {result}"

    def _trait(self) -> str:
        text = self.path()
        types = []
        while self.take("p"):
            types.append(f"{self._identifier()} = {self._type()}")
        if not types:
            return text
        before = text[:-1] + ", " if text.endswith(">") else text + "<"
        return f"{before}{', '.join(types)}>"

    def _constant(self) -> str:
        if self.take("B"):
            return self._earlier(self._constant)
        if self.take("p"):
            return "_"
        kind = self.next()
        found = self.match(_CONSTANT)
        if kind not in _TYPES or found is None:
            raise NotUnderstoodError
        number = int(found.group(2) or "0", 16)
        if kind == "b":
            return "true" if number else "false"
        return f"{'-' * bool(found.group(1))}{number}"

    def _identifier(self) -> str:
        found = self.match(_IDENTIFIER)
        if found is None:  # `u` stands before one that is not of ASCII alone
            raise NotUnderstoodError
        length = int(found.group(1))
        return self.part(length) if length else ""

    def _disambiguator(self) -> int:
        found = self.match(_DISAMBIGUATOR)
        return _base_62(found.group(1)[:-1]) + 1 if found and found.group(1) else 0

    def _earlier(self, read: Callable[[], str]) -> str:
        number = self.match(_BASE_62_NUMBER)
        if number is None:
            raise NotUnderstoodError
        after, self.at = self.at, self._start + _base_62(number.group(1))
        text = read()
        self.at = after
        return text

    def _until_end(self, read: Callable[[], str]) -> list[str]:
        texts = []
        while not self.take("E"):
            texts.append(read())
        return texts


def _base_62(digits: str) -> int:
    """Return a number that is written less one, and not at all for 0."""
    number = 0
    for digit in digits:
        number = number * 62 + _BASE_62.index(digit)
    return number + 1 if digits else 0
