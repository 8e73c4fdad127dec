"""Names of what ended a process, as the system's own headers name them.

Windows: `winnt.h` and `ntstatus.h`. Linux: `asm-generic/siginfo.h`. macOS:
`mach/exception_types.h`, `mach/kern_return.h` and `sys/signal.h`.
"""

from collections.abc import Sequence
from typing import Final

from transforms.parse.fast_fail import FAST_FAIL
from transforms.parse.minidump_system import Platform

_WINDOWS: Final = {
    0x40010005: "DBG_CONTROL_C",
    0x80000001: "EXCEPTION_GUARD_PAGE",
    0x80000002: "EXCEPTION_DATATYPE_MISALIGNMENT",
    0x80000003: "EXCEPTION_BREAKPOINT",
    0x80000004: "EXCEPTION_SINGLE_STEP",
    0xC0000005: "EXCEPTION_ACCESS_VIOLATION",
    0xC0000006: "EXCEPTION_IN_PAGE_ERROR",
    0xC0000008: "EXCEPTION_INVALID_HANDLE",
    0xC000000D: "STATUS_INVALID_PARAMETER",
    0xC0000017: "STATUS_NO_MEMORY",
    0xC000001D: "EXCEPTION_ILLEGAL_INSTRUCTION",
    0xC0000025: "EXCEPTION_NONCONTINUABLE_EXCEPTION",
    0xC0000026: "EXCEPTION_INVALID_DISPOSITION",
    0xC000008C: "EXCEPTION_ARRAY_BOUNDS_EXCEEDED",
    0xC000008D: "EXCEPTION_FLT_DENORMAL_OPERAND",
    0xC000008E: "EXCEPTION_FLT_DIVIDE_BY_ZERO",
    0xC000008F: "EXCEPTION_FLT_INEXACT_RESULT",
    0xC0000090: "EXCEPTION_FLT_INVALID_OPERATION",
    0xC0000091: "EXCEPTION_FLT_OVERFLOW",
    0xC0000092: "EXCEPTION_FLT_STACK_CHECK",
    0xC0000093: "EXCEPTION_FLT_UNDERFLOW",
    0xC0000094: "EXCEPTION_INT_DIVIDE_BY_ZERO",
    0xC0000095: "EXCEPTION_INT_OVERFLOW",
    0xC0000096: "EXCEPTION_PRIV_INSTRUCTION",
    0xC00000FD: "EXCEPTION_STACK_OVERFLOW",
    0xC0000135: "STATUS_DLL_NOT_FOUND",
    0xC0000142: "STATUS_DLL_INIT_FAILED",
    0xC0000194: "EXCEPTION_POSSIBLE_DEADLOCK",
    0xC0000374: "STATUS_HEAP_CORRUPTION",
    0xC0000409: "EXCEPTION_STACK_BUFFER_OVERRUN",
    0xC0000417: "STATUS_INVALID_CRUNTIME_PARAMETER",
    0xC0000420: "STATUS_ASSERTION_FAILURE",
    0xC0000602: "STATUS_FAIL_FAST_EXCEPTION",
    0xE06D7363: "Unhandled C++ Exception",
    0xE0434352: "Unhandled .NET Exception",
    0xE0000008: "Out of Memory",
    0x0517A7ED: "Simulated Exception",
}
_WINDOWS_ACCESS: Final = {0: "READ", 1: "WRITE", 8: "EXEC"}
_WITH_ACCESS: Final = (0xC0000005, 0xC0000006)
_FAST_FAIL: Final = 0xC0000409

SIGNALS: Final = {
    1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS",
    8: "SIGFPE", 9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE",
    14: "SIGALRM", 15: "SIGTERM", 16: "SIGSTKFLT", 31: "SIGSYS", 0xFFFFFFFF: "DUMP_REQUESTED",
}  # fmt: skip
_SIGNAL_CODES: Final = {
    4: ("ILL_ILLOPC", "ILL_ILLOPN", "ILL_ILLADR", "ILL_ILLTRP", "ILL_PRVOPC", "ILL_PRVREG",
        "ILL_COPROC", "ILL_BADSTK"),
    5: ("TRAP_BRKPT", "TRAP_TRACE", "TRAP_BRANCH", "TRAP_HWBKPT"),
    7: ("BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR", "BUS_MCEERR_AR", "BUS_MCEERR_AO"),
    8: ("FPE_INTDIV", "FPE_INTOVF", "FPE_FLTDIV", "FPE_FLTOVF", "FPE_FLTUND", "FPE_FLTRES",
        "FPE_FLTINV", "FPE_FLTSUB"),
    11: ("SEGV_MAPERR", "SEGV_ACCERR", "SEGV_BNDERR", "SEGV_PKUERR"),
}  # fmt: skip
_CODES_OF_ANY_SIGNAL: Final = {0x80: "SI_KERNEL", 0xFFFFFFFA: "SI_TKILL", 0xFFFFFFFF: "SI_QUEUE"}
"""Zero is left out: it is SI_USER, and what older writers put that did not note the code."""

_MACH: Final = {
    1: "EXC_BAD_ACCESS", 2: "EXC_BAD_INSTRUCTION", 3: "EXC_ARITHMETIC", 4: "EXC_EMULATION",
    5: "EXC_SOFTWARE", 6: "EXC_BREAKPOINT", 7: "EXC_SYSCALL", 8: "EXC_MACH_SYSCALL",
    9: "EXC_RPC_ALERT", 10: "EXC_CRASH", 11: "EXC_RESOURCE", 12: "EXC_GUARD",
    13: "EXC_CORPSE_NOTIFY", 0x43507378: "Simulated Exception",
    0x43506E78: "Unhandled NSException",
}  # fmt: skip
_KERNEL_RETURNS: Final = {
    1: "KERN_INVALID_ADDRESS", 2: "KERN_PROTECTION_FAILURE", 3: "KERN_NO_SPACE",
    8: "KERN_NO_ACCESS", 9: "KERN_MEMORY_FAILURE", 10: "KERN_MEMORY_ERROR",
    50: "KERN_CODESIGN_ERROR",
}  # fmt: skip
_BAD_ACCESS: Final = 1
_CRASH: Final = 10
_DARWIN_SIGNALS: Final = {
    3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGEMT", 8: "SIGFPE", 9: "SIGKILL",
    10: "SIGBUS", 11: "SIGSEGV", 12: "SIGSYS",
}  # fmt: skip


def reason(platform: Platform | None, code: int, flags: int, parameters: Sequence[int] = ()) -> str:
    """Return the name of an exception, such as `SIGSEGV / SEGV_MAPERR`; its number if it has none.

    `code`, `flags` and the first `parameters` are those of MINIDUMP_EXCEPTION.
    """
    if platform in {Platform.LINUX, Platform.ANDROID, Platform.UNIX}:
        return _joined(SIGNALS.get(code), _signal_code(code, flags), code)
    if platform in {Platform.MACOS, Platform.IOS}:
        if code == 0 and parameters[:1] == (_CRASH,):
            return _joined(_MACH[_CRASH], _signal_of_crash(parameters[1:]), _CRASH)
        detail = _KERNEL_RETURNS.get(flags) if code == _BAD_ACCESS else None
        return _joined(_MACH.get(code), detail, code)
    first = parameters[0] if parameters else -1
    if code in _WITH_ACCESS and first in _WINDOWS_ACCESS:
        return f"{_WINDOWS[code]}_{_WINDOWS_ACCESS[first]}"
    detail = f"FAST_FAIL_{FAST_FAIL[first]}" if code == _FAST_FAIL and first in FAST_FAIL else None
    return _joined(_WINDOWS.get(code), detail, code)


def _signal_of_crash(codes: Sequence[int]) -> str | None:
    """Return the signal that xnu's `proc_prepareexit` puts into the code of an EXC_CRASH.

    Crashpad writes such an exception as the one that led to it, none for `abort`, with EXC_CRASH
    and its codes as parameters.
    """
    return _DARWIN_SIGNALS.get(codes[0] >> 24 & 0xFF) if codes else None


def _signal_code(signal: int, code: int) -> str | None:
    names = _SIGNAL_CODES.get(signal, ())
    return names[code - 1] if 0 < code <= len(names) else _CODES_OF_ANY_SIGNAL.get(code)


def _joined(name: str | None, detail: str | None, code: int) -> str:
    if name is None:
        return f"0x{code:08x}"
    return f"{name} / {detail}" if detail else name
