"""ABRT's uReport: the JSON that Fedora's and Red Hat's reporters send, without personal data.

Fields are those of the format's specification, version 2 (`abrt/faf` and `abrt/satyr`): a problem
of type `core`, `python`, `java`, `ruby` or `kerneloops`, with its frames innermost first.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.documents import is_one_object
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import integer, mapping, read_object, sequence, text
from transforms.parse.normalise import architecture, module_name, operating_system
from transforms.parse.parser import ParseError
from transforms.parse.reasons import SIGNALS

FORMAT = "abrt_ureport"

MAPPING = FieldMapping(
    recognized_by="`ureport_version` and `problem`; the file `core_backtrace` of a problem "
    "directory by `stacktrace`, `frames`, `signal` and `executable`",
    product="the affected package's name, else the executable's; a problem directory's `pkg_name`",
    version="the affected package's version and release; a problem directory's `pkg_version`",
    os="`os.name`, `os.version`; a problem directory's `os_release`",
    arch="`os.architecture`; a problem directory's `architecture`",
    reason="`problem.signal` by name",
    exception_type="`problem.exception_name`",
    frames="`problem`: the crashed thread's",
)

_REPORT: Final = (b'"ureport_version"', b'"problem"')
# `core_backtrace` of a problem directory is what becomes a uReport's problem.
_BACKTRACE: Final = (b'"stacktrace"', b'"frames"', b'"signal"', b'"executable"')


def sniff(payload: bytes) -> bool:
    """Tell a uReport by its version and its problem, a backtrace by its parts."""
    named = any(all(name in payload for name in names) for names in (_REPORT, _BACKTRACE))
    return named and is_one_object(payload)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a file.

    Raises:
        ParseError: `TRUNCATED`, `MALFORMED`, or `NOT_A_CRASH` when it has no problem.
    """
    report = read_object(raw.payload)
    problem = report if "stacktrace" in report else mapping(report.get("problem"))
    if not problem:
        raise ParseError(FailureKind.NOT_A_CRASH)
    system = mapping(report.get("os"))
    known = operating_system(
        text(system.get("name")) or raw.annotations.get("os_release"), text(system.get("version"))
    )
    package = _package(report)
    signal = integer(problem.get("signal"))
    stack = _stack(problem)
    yield CrashReport(
        format=FORMAT,
        product=text(package.get("name")) or module_name(text(problem.get("executable"))),
        version=_version(package),
        os_name=known.name,
        os_version=known.version,
        os_build=known.build,
        arch=architecture(text(system.get("architecture")) or raw.annotations.get("architecture")),
        reason=SIGNALS.get(signal) if signal is not None else None,
        exception_type=text(problem.get("exception_name")),
        frames=tuple(_frame(mapping(frame)) for frame in stack[: limits.max_frames]),
        truncated=len(stack) > limits.max_frames,
    )


def _package(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the package that crashed: the one with that role, else the first."""
    packages = [mapping(package) for package in sequence(report.get("packages"))]
    affected = [each for each in packages if each.get("package_role") == "affected"]
    return next(iter(affected or packages), {})


def _version(package: Mapping[str, Any]) -> str | None:
    version, release = text(package.get("version")), text(package.get("release"))
    return f"{version}-{release}" if version and release else version


def _stack(problem: Mapping[str, Any]) -> Sequence[Any]:
    """Return the frames of the crashed thread, or of a problem that has no threads."""
    threads = [mapping(thread) for thread in sequence(problem.get("stacktrace"))]
    if not any("frames" in thread for thread in threads):
        return sequence(problem.get("stacktrace")) or sequence(problem.get("frames"))
    crashed = [thread for thread in threads if thread.get("crash_thread") is True]
    return sequence((crashed or threads)[0].get("frames"))


def _frame(frame: Mapping[str, Any]) -> Frame:
    """Return a frame; what is no native one names its file and line."""
    module = module_name(text(frame.get("file_name"))) if "build_id_offset" in frame else None
    function = text(frame.get("function_name")) or text(frame.get("name"))
    line = integer(frame.get("file_line"))
    return Frame(
        module=module or module_name(text(frame.get("module_name"))),
        function=None if function == "??" else function,
        file=text(frame.get("source_file")) or (None if module else text(frame.get("file_name"))),
        line=line or None,
        offset=integer(frame.get("build_id_offset")) if module else None,
    )
