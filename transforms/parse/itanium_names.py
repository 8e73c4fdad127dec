"""Qualified names out of C++ symbols, by the ABI that all compilers but Microsoft's follow.

The rules are those of https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling. A function's
own arguments and ABI tags are left out, for a signature drops them; template arguments are kept,
but for those that are expressions. All goes forward in the text, in time that grows with it.
"""

import re
from typing import Final

from transforms.parse.name_reader import NameReader, NotUnderstoodError, short_enough


def function_name(text: str, at: int) -> tuple[str, int]:
    """Return the qualified name that stands at a place of a symbol, behind `_Z`, and its end.

    What follows the end are the types of a function's arguments, or a compiler's suffix.

    Raises:
        ValueError, LookupError: it is no such name.
    """
    reader = _Reader(text, at)
    return reader.encoding(), reader.at


def type_name(text: str) -> str:
    """Return the name of a class by what `std::type_info::name()` tells of it.

    Raises:
        ValueError, LookupError: the whole text is no such name.
    """
    reader = _Reader(text, 0)
    name = reader.type()
    if reader.at != len(text):
        raise NotUnderstoodError
    return name


_TYPES: Final = {
    "v": "void", "w": "wchar_t", "b": "bool", "c": "char", "a": "signed char",
    "h": "unsigned char", "s": "short", "t": "unsigned short", "i": "int", "j": "unsigned int",
    "l": "long", "m": "unsigned long", "x": "long long", "y": "unsigned long long",
    "n": "__int128", "o": "unsigned __int128", "f": "float", "d": "double", "e": "long double",
    "g": "__float128", "z": "...",
    "Da": "auto", "Dc": "decltype(auto)", "Dd": "decimal64", "De": "decimal128",
    "Df": "decimal32", "Dh": "half", "Di": "char32_t", "Dn": "decltype(nullptr)",
    "Ds": "char16_t", "Du": "char8_t",
}  # fmt: skip
_SHORT: Final = {
    "Sa": "std::allocator", "Sb": "std::basic_string", "Ss": "std::string",
    "Si": "std::istream", "So": "std::ostream", "Sd": "std::iostream",
}  # fmt: skip
_OPERATORS: Final = {
    "nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "aw": " co_await",
    "ps": "+", "ng": "-", "ad": "&", "de": "*", "co": "~", "pl": "+", "mi": "-", "ml": "*",
    "dv": "/", "rm": "%", "an": "&", "or": "|", "eo": "^", "aS": "=", "pL": "+=", "mI": "-=",
    "mL": "*=", "dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=", "eO": "^=", "ls": "<<",
    "rs": ">>", "lS": "<<=", "rS": ">>=", "eq": "==", "ne": "!=", "lt": "<", "gt": ">",
    "le": "<=", "ge": ">=", "ss": "<=>", "nt": "!", "aa": "&&", "oo": "||", "pp": "++",
    "mm": "--", "cm": ",", "pm": "->*", "pt": "->", "cl": "()", "ix": "[]", "qu": "?",
}  # fmt: skip
_SUFFIXES: Final = {"P": "*", "R": "&", "O": "&&", "C": " complex", "G": " imaginary"}
_OF_TYPES: Final = {
    "TV": "vtable for ", "TT": "VTT for ", "TI": "typeinfo for ", "TS": "typeinfo name for ",
}  # fmt: skip
_OF_NAMES: Final = {
    "GV": "guard variable for ", "TW": "TLS wrapper function for ", "TH": "TLS init function for ",
}  # fmt: skip
_THUNK: Final = re.compile("T(?:(h)n?[0-9]+_|vn?[0-9]+_n?[0-9]+_)")
_NUMBER: Final = re.compile("[0-9]{1,5}")
_CONST_OR_VOLATILE: Final = re.compile("[rVK]{1,3}")
_OF_THIS: Final = re.compile("r?V?K?[RO]?")
_SUBSTITUTION: Final = re.compile("S([0-9A-Z]{0,3})_")
_PARAMETER: Final = re.compile("T[0-9]{0,4}_")
_COUNT: Final = re.compile("([0-9]{0,5})_")
_DISCRIMINATOR: Final = re.compile("(?:_[0-9]|__[0-9]{2,5}_)?")
_CONSTRUCTOR: Final = re.compile("C[1-5]")
_DESTRUCTOR: Final = re.compile("D[0-5]")
_FUNCTION: Final = re.compile("[rVK]{0,3}(?:D[ox])?FY?")
_ARRAY: Final = re.compile("(?:A|Dv)([0-9]{0,12})_")
_VALUE: Final = re.compile("(n?)([0-9a-f]{0,64})E")
_ANONYMOUS: Final = re.compile("_GLOBAL_[._$]N")


class _Reader(NameReader):
    """Reads one name; `known` are the parts of it that the rest may refer to."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(text, at)
        self.known: list[str] = []

    def encoding(self) -> str:
        """Return the name of a function, a variable, or what the compiler makes for one."""
        self.enter()
        code = self.here(2)
        if code in _OF_TYPES:
            self.at += 2
            return self.leave(_OF_TYPES[code] + self.type())
        if code in _OF_NAMES:
            self.at += 2
            return self.leave(_OF_NAMES[code] + self._name())
        if thunk := self.match(_THUNK):
            kind = "non-virtual thunk to " if thunk.group(1) else "virtual thunk to "
            return self.leave(kind + self.encoding())
        return self.leave(self._name())

    def type(self) -> str:
        """Return a type's name."""
        for code in (self.here(), self.here(2)):
            if code in _TYPES:
                self.at += len(code)
                return _TYPES[code]
        self.enter()
        if self._is_substitution():
            name = self._substitution()
            if self.here() == "I":
                name = self._remember(name + self._arguments())
        else:
            name = self._remember(self._compound_type())
        return self.leave(name)

    def _compound_type(self) -> str:
        if suffix := _SUFFIXES.get(self.here()):
            self.at += 1
            return self.type() + suffix
        if self.match(_FUNCTION):
            result, *arguments = self._types()
            return f"{result} ({', '.join(arguments)})".replace(" (void)", " ()")
        if found := self.match(_CONST_OR_VOLATILE):
            letters = found.group()
            return self.type() + " volatile" * ("V" in letters) + " const" * ("K" in letters)
        if array := self.match(_ARRAY):
            return f"{self.type()} [{array.group(1)}]"
        if self.take("M"):
            owner = self.type()
            return f"{self.type()} {owner}::*"
        if self.take("Dp"):
            return self.type() + "..."
        if self.take("U"):
            qualifier = self._source_name()
            return f"{self.type()} {qualifier}"
        parameter = self.match(_PARAMETER)
        return self._with_arguments(parameter.group()) if parameter else self._name()

    def _types(self) -> list[str]:
        types = []
        while not self.take("E", "RE", "OE"):
            types.append(self.type())
        return types

    def _name(self) -> str:
        if self.take("N"):
            return self._nested_name()
        if self.take("Z"):
            return self._local_name()
        scope = "std" if self.take("St") else ""
        return self._with_arguments(self._within(scope))

    def _nested_name(self) -> str:
        self.match(_OF_THIS)
        name = ""
        if self._is_substitution():
            name = self._substitution()
        elif self.take("St"):
            name = "std"
        elif parameter := self.match(_PARAMETER):
            name = self._remember(parameter.group())
        while not self.take("E"):
            if self.here() == "I":
                name = self._remember(name + self._arguments())
            elif not self.take("M"):  # before a lambda that initializes a member
                name = self._remember(self._within(name))
        return self.known.pop()  # a function is not referred to; a type is remembered by `type`

    def _local_name(self) -> str:
        function = self.encoding()
        self._types()
        if self.take("s"):
            return f"{function}::string literal"
        if self.take("d"):
            self._count()
        name = f"{function}::{self._name()}"
        self.match(_DISCRIMINATOR)
        return name

    def _within(self, scope: str) -> str:
        """Return the name of a scope with the next part of a name behind it."""
        self.take("L")  # of one source file only
        if self.here().isdecimal():
            part = self._source_name()
        elif scope and self.match(_CONSTRUCTOR):
            part = _last_part(scope)
        elif scope and self.match(_DESTRUCTOR):
            part = "~" + _last_part(scope)
        elif self.take("Ul"):
            self._types()
            part = f"{{lambda#{self._count()}}}"
        elif self.take("Ut"):
            part = f"{{unnamed type#{self._count()}}}"
        elif self.take("cv"):
            part = "operator " + self.type()
        elif self.take("li"):
            part = 'operator""' + self._source_name()
        else:
            part = "operator" + _OPERATORS[self.part(2)]
        while self.take("B"):
            self._source_name()
        return f"{scope}::{part}" if scope else part

    def _source_name(self) -> str:
        number = self.match(_NUMBER)
        name = self.part(int(number.group()) if number else 0)
        return "(anonymous namespace)" if _ANONYMOUS.match(name) else name

    def _with_arguments(self, name: str) -> str:
        return self._remember(name) + self._arguments() if self.here() == "I" else name

    def _arguments(self) -> str:
        self.enter()
        self.at += 1
        arguments: list[str] = []
        while not self.take("E"):
            if self.here() == "J":  # a pack, which may be empty
                arguments.extend(filter(None, [self._arguments()[1:-1]]))
            else:
                arguments.append(self._argument())
        return self.leave(f"<{', '.join(arguments)}>")

    def _argument(self) -> str:
        if self.take("L"):
            return self._literal()
        if self.take("XadL"):
            address = "&" + self._literal()
            if not self.take("E"):
                raise NotUnderstoodError
            return address
        return self.type()

    def _literal(self) -> str:
        if self.take("_Z"):
            name = self.encoding()
            self._types()
            return name
        kind = self.type()
        value = self.match(_VALUE)
        if value is None:
            raise NotUnderstoodError
        number = "-" * bool(value.group(1)) + value.group(2)
        if kind == "bool":
            return "true" if number == "1" else "false"
        return number if kind in _TYPES.values() else f"({kind}){number}"

    def _is_substitution(self) -> bool:
        return self.here() == "S" and self.here(2) != "St"

    def _substitution(self) -> str:
        if found := self.match(_SUBSTITUTION):
            return self.known[int(found.group(1), 36) + 1 if found.group(1) else 0]
        return _SHORT[self.part(2)]

    def _count(self) -> int:
        found = self.match(_COUNT)
        if found is None:
            raise NotUnderstoodError
        return int(found.group(1)) + 2 if found.group(1) else 1

    def _remember(self, name: str) -> str:
        self.known.append(short_enough(name))
        return name


def _last_part(name: str) -> str:
    """Return the last part of a qualified name, without template arguments."""
    level, end = 0, len(name)
    for at in range(len(name) - 1, -1, -1):
        if name[at] == ">":
            level += 1
        elif name[at] == "<":
            level -= 1
            end = end if level else at
        elif name[at] == ":" and not level:
            return name[at + 1 : end]
    return name[:end]
