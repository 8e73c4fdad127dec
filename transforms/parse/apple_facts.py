"""What Apple's crash reports say in words, whether in JSON or in text."""

import re

_UNCAUGHT = re.compile(
    r"uncaught exception '(?P<type>[^']{1,128})', reason: '(?P<reason>[^\n]{0,4000})"
)
_NAMESPACE = re.compile(r"[A-Z][A-Z0-9_]{1,31}")
_TERMINATION = re.compile(
    rf"(?:Namespace )?(?P<namespace>{_NAMESPACE.pattern}),? (?:Code )?"
    r"\[?(?P<code>0x[0-9a-fA-F]{1,16}|[0-9]{1,20})\b"
)
_REPEATS_THE_SIGNAL = "SIGNAL"
_CODE_BITS = 32
"""What is longer, such as the code of a guarded port, differs from crash to crash."""

_CODE_NAME = re.compile(r"[A-Z][A-Z0-9]{1,15}(?:_[A-Z0-9]{1,24}){1,6}")


_PROCESSORS = {
    7: "x86",
    12: "arm",
    18: "ppc",
    0x01000007: "x86_64",
    0x0100000C: "arm64",
    0x01000012: "ppc64",
    0x0200000C: "arm64_32",
}
"""CPU_TYPE_* of `mach/machine.h`."""


def processor_of(cpu_type: int | None) -> str | None:
    """Return the processor that an image or a process was built for, by its `cpu_type_t`.

    It tells of the process: a machine's own type is that of 32 bits, x86's at least.
    """
    return None if cpu_type is None else _PROCESSORS.get(cpu_type)


def reason_of(exception: str | None, signal: str | None, details: str | None) -> str | None:
    """Return the reason in one form: `EXC_BAD_ACCESS / KERN_INVALID_ADDRESS`.

    The second part is the named code that the details begin with, else the signal; addresses and
    bare numbers are left out, since they differ from crash to crash.
    """
    code = _CODE_NAME.match(details or "")
    second = code.group() if code else signal
    return " / ".join(part for part in (exception, second) if part) or None


def with_termination(reason: str | None, namespace: str | None, code: int | None) -> str | None:
    """Return the reason with who ended the process, and why: `EXC_CRASH / SIGKILL / DYLD 0x1`.

    Namespaces and codes are those of `termination` or `Termination Reason`; Apple explains them in
    "Understanding the exception types in a crash report". 0x8badf00d is the watchdog's.
    """
    if reason is None or namespace is None or namespace == _REPEATS_THE_SIGNAL:
        return reason
    if _NAMESPACE.fullmatch(namespace) is None:
        return reason
    is_kind = code is not None and 0 <= code < 1 << _CODE_BITS
    return f"{reason} / {namespace} {code:#x}" if is_kind else f"{reason} / {namespace}"


def termination_of_text(told: str | None) -> tuple[str | None, int | None]:
    """Return namespace and code of `Namespace TCC, Code 0`, `DYLD, [0x1] …` or `LIBSYSTEM 2`."""
    found = _TERMINATION.match(told or "")
    if found is None:
        return None, None
    return found["namespace"], int(found["code"], 16 if found["code"].startswith("0x") else 10)


def exception_of_message(message: str | None) -> tuple[str | None, str | None]:
    """Return type and reason of the uncaught `NSException` that a message tells of, if it does."""
    uncaught = _UNCAUGHT.search(message or "")
    if uncaught is None:
        return None, None
    reason = uncaught.group("reason").rstrip()
    return uncaught.group("type"), reason.removesuffix("'") or None
