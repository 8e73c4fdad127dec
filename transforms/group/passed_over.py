"""Which frames a signature passes over on its way to the one that tells where the fault is.

Mozilla's lists come with siggen and are made for Firefox; what other programs and systems end with
is added here.
"""

import re
from typing import Final

from siggen.siglists_utils import get_signature_list_content

from schemas.records import CleanFrame

_ANY_WINDOWS_MODULE = r".*\.dll"
"""Siggen's walk goes on past every DLL without symbols: Mozilla has symbols of its own ones. Where
nobody has them, the walk must stop at the application's."""

_WAYS_TO_THE_END = (
    # exceptions of Objective-C, C++ and Swift
    r"__exceptionPreprocess$", r"_objc_terminate", r"__gnu_cxx::__verbose_terminate_handler",
    r"__cxxabiv1::__terminate", r"__cxxabiv1::__cxa_", r"demangling_terminate_handler",
    r"_?abort_message$", r"_os_crash",
    r"(?:closure in )*(?:Swift\.)?_?(?:assertionFailure|fatalErrorMessage)\b",
    r"_?swift_(?:runtime_on_report|abort|stdlib_report)",
    # AddressSanitizer and its kin
    r"_{2,3}(?:asan|hwasan|lsan|msan|tsan|ubsan|sanitizer|interceptor|sancov)(?:_|::)",
    r"__interception::",
    r"fuzzer::(?:Fuzzer|TracePC|RunOneTest|RunInputTest|PrintStackTrace|FuzzerDriver|Mutation)",
    # assertions and checks of libraries
    r"logging::(?:LogMessage|CheckError|NotReachedError|LogError)(?:::|$)",
    r"base::debug::(?:BreakDebugger|StackTrace|DumpWithoutCrashing|CollectStackTrace)",
    r"base::(?:internal::)?ImmediateCrash", r"base::TerminateBecauseOutOfMemory", r"V8_Fatal$",
    r"v8::base::(?:OS::Abort|FatalOOM)", r"v8::internal::(?:V8::)?FatalProcessOutOfMemory",
    r"google::(?:LogMessage|logging_fail|DumpStackTraceAndExit)",
    r"absl::(?:\w+::)?log_internal::", r"absl::(?:\w+::)?raw_log_internal::",
    r"QMessageLogger::fatal$", r"qt_(?:message_fatal|assert(?:_x)?)$", r"qFatal$",
    # Android's and the JVM's own
    r"scudo::", r"__fortify_fatal", r"__android_log_assert$", r"art::Runtime::Abort$",
    r"android::base::(?:LogMessage|DefaultAborter|SetAborter)", r"art::LogMessage",
    r"VMError::",
    r"report_(?:vm_error|fatal|should_not_(?:reach_here|call)|vm_out_of_memory|unimplemented)$",
    r"os::(?:\w+::)?(?:pd_)?commit_memory", r"os::abort$", r"JVM_handle_\w+_signal",
    # Kotlin's exceptions, and reporters of crashes
    r"kotlin\.\w*(?:Throwable|Exception|Error)#<init>",
    r"kscrash\w*_report", r"bsg_kscrash",
    # Rust's panics
    r"rust_begin_unwind", r"rust_panic(?:_with_hook|_without_hook)?$", r"__rust_",
    r"alloc::raw_vec::",
)  # fmt: skip

_SYSTEM_MODULE: Final = re.compile(
    r"(?i:(?:ntdll|kernel32|kernelbase|ucrtbased?|msvcrt|msvcp\w+|vcruntime\w+|user32|win32u|gdi32"
    r"|rpcrt4|combase|ole32|sechost|apphelp|verifier|wow64\w*|dbgcore|dbghelp)\.dll$)"
    r"|lib(?:system_\w+|c\+\+(?:abi)?(?:\.1)?|objc(?:\.A)?|dispatch|dyld|swift\w+|xpc)\.dylib(?::\w+)?$|dyld$"
    r"|(?:CoreFoundation|Foundation|UIKit(?:Core)?|AppKit|SwiftUI|QuartzCore|GraphicsServices"
    r"|CFNetwork|CoreData|HIToolbox|AttributeGraph|BoardServices|FrontBoardServices)$"
    r"|lib(?:c|m|dl|pthread|rt|stdc\+\+|c\+\+|gcc_s)(?:-[\d.]+)?\.so[\d.]*$"
    r"|ld-linux[\w-]*\.so[\d.]*$|(?:linux-gate|linux-vdso)\.so[\d.]*$|\[vdso\]$"
)
"""Runtimes of the systems: a crash shows in them that is not theirs."""

_ANDROIDS_LIBRARY = re.compile(r"lib(?:art|log|utils|binder)\.so$")
"""Of Android; an application's own library of that name has symbols."""

ENTRY_POINTS: Final = frozenset(
    {"main", "_main", "start", "_start", "wmain", "WinMain", "wWinMain", "__libc_start_main",
     "UIApplicationMain", "NSApplicationMain"}
)  # fmt: skip
"""Where programs begin. That a stack comes from there tells nothing."""

_STUBS = (r"~?(?:BufferBlob::)?StubRoutines\b", r"__psynch_", r"semaphore_wait")


def _any_of(*expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(expressions))


_LISTED_IRRELEVANT = get_signature_list_content("irrelevant_signature_re")
_LISTED_PREFIXES = [
    each
    for each in get_signature_list_content("prefix_signature_re")
    if each != _ANY_WINDOWS_MODULE
]
_IRRELEVANT = _any_of(*_LISTED_IRRELEVANT, *_WAYS_TO_THE_END)
_PREFIX = _any_of(*_LISTED_PREFIXES, *_STUBS)
_OF_A_MODULE = re.compile(r"\\\.(?:so|dll|dylib|oat|apk|dex|art)\b|XUL|app_process|dalvik")
"""In siggen's lists, what is meant for modules: of `.*abort` the module `test_abort` is none."""
_IRRELEVANT_MODULE = _any_of(*filter(_OF_A_MODULE.search, _LISTED_IRRELEVANT))
_PREFIX_MODULE = _any_of(*filter(_OF_A_MODULE.search, _LISTED_PREFIXES))
SENTINELS: Final = frozenset(
    each for each in get_signature_list_content("signature_sentinels") if isinstance(each, str)
)
"""Names at which a native stack begins, wherever they stand in it: the rest is how it ended."""


def is_irrelevant(name: str, *, is_module: bool) -> bool:
    """Tell whether a native frame of this name, its function's or module's, tells nothing."""
    return (_IRRELEVANT_MODULE if is_module else _IRRELEVANT).match(name) is not None


def is_prefix(name: str, *, is_module: bool) -> bool:
    """Tell whether a native frame of this name tells how, and the next one where."""
    return (_PREFIX_MODULE if is_module else _PREFIX).match(name) is not None


def is_of_the_system(frame: CleanFrame) -> bool:
    """Tell whether a native frame is in a runtime of the system, whatever it is called."""
    if frame.module is None or frame.in_app is True:
        return False
    is_runtime = _SYSTEM_MODULE.match(frame.module) is not None
    return is_runtime or (
        frame.function is None and _ANDROIDS_LIBRARY.match(frame.module) is not None
    )
