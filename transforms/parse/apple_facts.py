"""What Apple's crash reports say in words, whether in JSON or in text."""

import re

_UNCAUGHT = re.compile(
    r"uncaught exception '(?P<type>[^']{1,128})', reason: '(?P<reason>[^\n]{0,4000})"
)
_CODE_NAME = re.compile(r"[A-Z][A-Z0-9]{1,15}(?:_[A-Z0-9]{1,24}){1,6}")


def reason_of(exception: str | None, signal: str | None, details: str | None) -> str | None:
    """Return the reason in one form: `EXC_BAD_ACCESS / KERN_INVALID_ADDRESS`.

    The second part is the named code that the details begin with, else the signal; addresses and
    bare numbers are left out, since they differ from crash to crash.
    """
    code = _CODE_NAME.match(details or "")
    second = code.group() if code else signal
    return " / ".join(part for part in (exception, second) if part) or None


def exception_of_message(message: str | None) -> tuple[str | None, str | None]:
    """Return type and reason of the uncaught `NSException` that a message tells of, if it does."""
    uncaught = _UNCAUGHT.search(message or "")
    if uncaught is None:
        return None, None
    reason = uncaught.group("reason").rstrip()
    return uncaught.group("type"), reason.removesuffix("'") or None
