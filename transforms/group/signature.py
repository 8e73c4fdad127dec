"""Crash signatures: one short line that says what crashes.

Native stacks go through Mozilla's siggen, whose lists of sentinels, irrelevant frames and prefixes
come from many years of real crashes. Managed stacks give the exception's type and the first frame
of the application. No message goes in: siggen's rules that would take one are not used.
"""

from functools import lru_cache

from siggen.rules import CSignatureTool
from siggen.siglists_utils import get_signature_list_content

from schemas.records import Clean, CleanFrame, ScrubbedCrash

_FRAMES = 40
"""Frames that siggen considers (its MAXIMUM_FRAMES_TO_CONSIDER)."""

_LONGEST = 255
"""Characters of a signature at most (siggen's SigTruncate)."""

_CACHED_STACKS = 50_000

_ANY_WINDOWS_MODULE = r".*\.dll"
"""Siggen's walk goes on past every DLL without symbols: Mozilla has symbols of its own ones. Where
nobody has them, the walk must stop at the application's."""

_SYSTEM_MODULES = (
    r"(?i:ntdll|kernel32|kernelbase|ucrtbased?|msvcrt|msvcp\w+|vcruntime\w+|user32|win32u|gdi32|rpcrt4"
    r"|combase|ole32|sechost|apphelp|verifier|wow64\w*|dbgcore|dbghelp)\.dll$",
    r"libsystem_\w+\.dylib$|libc\+\+(?:abi)?\.1?\.?dylib$|libobjc\.A\.dylib$|libdispatch\.dylib$"
    r"|libdyld\.dylib$|dyld$|CoreFoundation$|libswiftCore\.dylib$",
    r"lib(?:c|m|dl|pthread|rt|stdc\+\+|c\+\+|gcc_s|art|log|utils|binder)(?:-[\d.]+)?\.so[\d.]*$"
    r"|ld-linux[\w-]*\.so[\d.]*$|\[vdso\]$|linux-gate\.so$",
)
"""Runtimes of the systems: a crash shows in them that is not theirs, so the walk goes on."""


def _siggen() -> CSignatureTool:
    tool = CSignatureTool()
    listed = get_signature_list_content("prefix_signature_re")
    kept = [expression for expression in listed if expression != _ANY_WINDOWS_MODULE]
    tool.prefix_signature_re = tool.build_re([*kept, *_SYSTEM_MODULES])
    return tool


_SIGGEN = _siggen()


def signature(crash: ScrubbedCrash) -> Clean:
    """Return the signature of a scrubbed crash, at most 255 characters.

    A crash without frames has one that begins with `EMPTY:` and tells its exception or reason.
    """
    return _signature(crash.frames[:_FRAMES], crash.exception_type, crash.reason)


@lru_cache(_CACHED_STACKS)
def _signature(
    frames: tuple[CleanFrame, ...], exception_type: Clean | None, reason: Clean | None
) -> Clean:
    if exception_type is not None and frames and _is_managed(frames):
        line = f"{exception_type} | {_managed_name(_first_own(frames))}"
    else:
        line = _native(frames) or f"EMPTY: {exception_type or reason or 'no frames'}"
    return Clean(_shortened(" ".join(line.split())))


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _is_managed(frames: tuple[CleanFrame, ...]) -> bool:
    """Tell whether a runtime wrote the stack: it knows functions, not offsets into modules."""
    return all(frame.offset is None for frame in frames)


def _first_own(frames: tuple[CleanFrame, ...]) -> CleanFrame:
    """Return the first frame of the application, else the first that may be, else the first."""
    return next(
        (frame for wanted in (True, None) for frame in frames if frame.in_app is wanted), frames[0]
    )


def _managed_name(frame: CleanFrame) -> str:
    if frame.function is None:
        return frame.file or frame.module or "unknown"
    if frame.module is None or frame.function.startswith(frame.module):
        return frame.function
    return f"{frame.module}.{frame.function}"


def _native(frames: tuple[CleanFrame, ...]) -> str:
    names = [name for name in map(_native_name, frames) if name]
    if not names:
        return ""
    line: str = _SIGGEN.generate(names, crashed_thread=0)[0]
    return line


def _native_name(frame: CleanFrame) -> str:
    """Return siggen's name of a frame; of one without symbols, `module+offset`.

    siggen names such a frame by its module alone. That is kept where its lists know the module (so
    that the walk goes on past it), and is too coarse to tell crashes apart elsewhere.
    """
    name: str = _SIGGEN.normalize_frame(
        module=frame.module,
        function=frame.function,
        file=frame.file,
        line=None if frame.line is None else str(frame.line),
    )
    is_listed = _SIGGEN.prefix_signature_re.match(name) or _SIGGEN.irrelevant_signature_re.match(
        name
    )
    if name == frame.module and frame.offset is not None and not is_listed:
        return f"{name}+{frame.offset:#x}"
    return name
