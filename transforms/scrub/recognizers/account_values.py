"""What is common to all that finds accounts: what is no name of one."""

import re
from typing import ClassVar, Final

from transforms.scrub.recognizers.placeholders import (
    NO_VALUE,
    OF_A_MESSAGE,
    PACKAGE,
    is_placeholder,
)
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_NO_ACCOUNT: Final = NO_VALUE | {
    "string", "4294967295", "0", "-1", "self", "this", "super", "password",
}  # fmt: skip
_OF_CODE: Final = re.compile(
    r"0x(?=[a-fA-F]*\d)[0-9a-fA-F]{5,16}|(?:System|Microsoft)\.\w+\.\w.*"
    r"|(?=.*(?:[a-z]|\.)[A-Z])(?:[A-Za-z_]\w*\.){3,}[A-Za-z_]\w*"
)
"""A pointer, or the full name of a method: names of people have no capital within a word."""
NO_SERVICE: Final = (
    r"(?!(?:root|system|nobody|daemon|administrator|service|local|network|unknown|null|none"
    r"|command)"
    r"(?![\w.-]))"
)
"""What runs without anybody's name."""


class AccountRecognizer(ValuePatternRecognizer):
    """The base of those that find names and ids of accounts, and of the people who have them."""

    ENTITY: ClassVar[str] = "ACCOUNT"

    def accepts(self, value: str) -> bool:
        """Refuse words and placeholders that stand for no value, and reversed names of packages."""
        is_code = any(each.fullmatch(value) for each in (_OF_CODE, PACKAGE, OF_A_MESSAGE))
        if is_code or is_placeholder(value):
            return False
        return value.lower() not in _NO_ACCOUNT
