"""Names of types and functions out of Swift's symbols of version 4 and later.

The rules are those of https://github.com/swiftlang/swift/blob/main/docs/ABI/Mangling.rst. Of them
only the module, types in one another, and the function, property or closure in them are read;
the types of arguments are left out.
"""

import re
from typing import Final

from transforms.parse.name_reader import NameReader, NotUnderstoodError, short_enough

_STANDARD_TYPES: Final = {
    "a": "Array", "b": "Bool", "D": "Dictionary", "d": "Double", "f": "Float", "h": "Set",
    "i": "Int", "J": "Character", "N": "ClosedRange", "n": "Range", "q": "Optional",
    "R": "UnsafeBufferPointer", "r": "UnsafeMutableBufferPointer", "S": "String",
    "s": "Substring", "u": "UInt",
}  # fmt: skip
_IMPORTED: Final = "o"  # of C and Objective-C
_KINDS_OF_TYPES: Final = ("C", "V", "O", "P", "a")  # class, struct, enum, protocol, alias
_INITIALIZERS: Final = {"C": "init", "c": "init", "D": "deinit", "d": "deinit"}
_ACCESSORS: Final = {
    "g": "getter", "s": "setter", "M": "modify", "r": "read", "w": "willset", "W": "didset",
    "p": "",
}  # fmt: skip

_NUMBER: Final = re.compile("[1-9][0-9]{0,3}")
_REFERENCE: Final = re.compile("A[0-9a-z]{0,64}[A-Z_]|S[A-Za-z]|T[A-Za-z]")
_SPECIALIZATION: Final = re.compile("T[fgG]")  # for some arguments; what follows tells which
_EXTENSION: Final = re.compile("A[0-9a-z]{0,8}[A-Z]E")
_CLOSURE: Final = re.compile("f([Uu])([0-9]{0,4})_")
_LOCAL: Final = re.compile("L[0-9]{0,4}_")
_PRIVATE: Final = re.compile("33_[0-9A-F]{32}LL")  # tells apart the private names of two files
_PARAMETER: Final = re.compile("[dqr][0-9]{0,4}_")  # of a generic
_MOST_WORDS: Final = 26


def entity_name(text: str, at: int) -> str:
    """Return the name of what stands at a place of a symbol, behind `$s`, up to the symbol's end.

    Raises:
        ValueError, LookupError: it is none that is understood.
    """
    reader = _Reader(text, at)
    context, name = reader.context_and_name()
    kind, closure = reader.kind_and_closure()
    scope = ".".join(context)
    if kind in _INITIALIZERS.values() and "." in scope:
        return f"{closure}{scope}.{kind}"
    if name is None:
        raise NotUnderstoodError
    return f"{closure}{scope}.{name}" + (f".{kind}" if kind else "")


class _Reader(NameReader):
    """Reads one name; `words` are parts of names that later names refer to."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(text, at)
        self.words: list[str] = []

    def context_and_name(self) -> tuple[list[str], str | None]:
        """Return the module and types that the entity is in, and the first name behind them."""
        context = [self._module()]
        while True:
            self.match(_EXTENSION)
            if not self.here().isdecimal():
                return context, None
            name = self._identifier()
            self.match(_PRIVATE)
            if self.take("E"):
                continue
            if self.take("oi", "op", "oP"):
                raise NotUnderstoodError  # an operator, spelled in letters
            if not self.take(*_KINDS_OF_TYPES):
                return context, name
            context.append(name)

    def _module(self) -> str:
        if self.take("s"):
            return "Swift"
        if self.take("S"):
            code = self.next()
            return "__C" if code == _IMPORTED else "Swift." + _STANDARD_TYPES[code]
        return self._identifier()

    def kind_and_closure(self) -> tuple[str, str]:
        """Return what the entity is, and which closure in it, each empty if it is no such thing."""
        kind: str | None = None
        closure = ""
        while self.at < len(self.text) and not self.match(_SPECIALIZATION):
            if self.match(_REFERENCE) or self.match(_PARAMETER):
                continue
            if self.here().isdecimal() and self.here(2) != "0_":
                self._identifier()
            elif found := self.match(_CLOSURE):
                number = int(found.group(2)) + 2 if found.group(2) else 1
                kind_of_closure = "implicit closure" if found.group(1) == "u" else "closure"
                closure = short_enough(f"{kind_of_closure} #{number} in {closure}")
            elif kind is not None and self.match(_LOCAL):
                raise NotUnderstoodError  # a function in a function
            else:
                kind = self._kind(kind)
        if kind is None:
            raise NotUnderstoodError
        return kind, closure

    def _kind(self, kind: str | None) -> str | None:
        first, second = self.next(), self.here()
        if kind is None and first + second == "lE":
            raise NotUnderstoodError  # an extension for some types; the name was its module's
        if kind is None and first == "F":
            return ""
        if kind is None and first == "f" and second in _INITIALIZERS:
            self.at += 1
            return _INITIALIZERS[second]
        if kind is None and first == "v" and second in _ACCESSORS:
            self.at += 1
            return _ACCESSORS[second]
        return kind

    def _identifier(self) -> str:
        """Return a name, in which letters may stand for words of the names before."""
        has_words = self.take("0")
        name = ""
        while True:
            while has_words and (code := self.here()).isalpha():
                self.at += 1
                name = short_enough(name + self.words[ord(code.lower()) - ord("a")])
                has_words = code.islower()
            if name and self.take("0"):
                return name
            number = self.match(_NUMBER)
            part = self.part(int(number.group()) if number else 0)
            name = short_enough(name + part)
            self._remember_words(part)
            if not has_words:
                return name

    def _remember_words(self, part: str) -> None:
        start, before = -1, ""
        for at, letter in enumerate(part + "_"):
            is_end = letter == "_" or (letter.isupper() and not before.isupper())
            if start >= 0 and is_end:
                if at - start > 1 and len(self.words) < _MOST_WORDS:
                    self.words.append(part[start:at])
                start = -1
            if start < 0 and letter != "_" and not letter.isdecimal():
                start = at
            before = letter
