"""Reports of LLVM's and GCC's sanitizers, and of libFuzzer.

Their form is that of compiler-rt's `sanitizer_common` (its stack trace printer, and the reports of
AddressSanitizer, HWAddressSanitizer, LeakSanitizer, MemorySanitizer, ThreadSanitizer and
UndefinedBehaviorSanitizer). Memory, shadow bytes, and stacks of who allocated are not kept.
"""

import re
from collections.abc import Iterator
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.normalise import module_name
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "sanitizer_report"

MAPPING = FieldMapping(
    recognized_by="`ERROR:` or `WARNING:` of a sanitizer or libFuzzer, or a place with "
    "`runtime error:`",
    reason="the sanitizer with the kind of error",
    exception_type="the kind of error",
    message="UndefinedBehaviorSanitizer's text; else which access it was",
    frames="the first stack behind the error, else the error's place",
)

_TOOL: Final = r"(?:[A-Za-z]{1,20}Sanitizer|libFuzzer)"
_SNIFFED: Final = re.compile(
    rf"(?:ERROR|WARNING): {_TOOL}: |^[^\s:][^:\n]{{0,512}}:[0-9]{{1,7}}(?::[0-9]{{1,7}})?: "
    r"runtime error: ".encode(),
    re.MULTILINE,
)
_ERROR: Final = re.compile(rf"(?:ERROR|WARNING): (?P<tool>{_TOOL}): (?P<what>.{{1,512}})")
_RUNTIME_ERROR: Final = re.compile(
    r"(?P<file>[^\s:].{0,512}?):(?P<line>[0-9]{1,7})(?::[0-9]{1,7})?: runtime error: (?P<what>.+)"
)
_ACCESS: Final = re.compile(
    r"(?:READ|WRITE|Read|Write|Atomic read|Atomic write) of size [0-9]{1,9}"
)
_BEHIND_KIND: Final = re.compile(r" on (?:unknown )?address| on 0x| in thread| after | 0x| \(|[:;]")
_FRAME: Final = re.compile(
    r"\s{0,16}#(?P<number>[0-9]{1,4})(?:\.[0-9]{1,4})? {1,8}(?:0x[0-9a-fA-F]{1,16} {1,2})?(?:in )?"
    r"(?P<rest>\S.*)"
)
_BUILD: Final = re.compile(r" \(BuildId: [0-9a-fA-F]{1,64}\)$")
_NO_PLACE: Final = re.compile(r" \?\?:[?0](?::[?0])?$")
_MODULE: Final = re.compile(r"\((?P<module>[^()]{1,1024})\+0x(?P<offset>[0-9a-fA-F]{1,16})\)$")
_FUCHSIA_MODULE: Final = re.compile(
    r"(?:^| )<(?P<module>\S{1,256})>\+0x(?P<offset>[0-9a-fA-F]{1,16})$"
)
_START_OF_PATH: Final = re.compile(r" (?=/|[a-z]{2,8}://|[A-Za-z]:[\\/]|\.\.?[\\/])")
_PLACE: Final = re.compile(r"(?P<file>.+?):(?P<line>[0-9]{1,7})(?::[0-9]{1,7})?")
_UNDEFINED: Final = "UndefinedBehaviorSanitizer"
_UNKNOWN: Final = frozenset(
    {"<unknown module>", "(<unknown module>)", "<null>", "<unknown>", "<application>"}
)


def sniff(payload: bytes) -> bool:
    """Tell a report by the line that names the error."""
    head = head_of_text(payload)
    named = b"Sanitizer: " in head or b"libFuzzer: " in head or b": runtime error: " in head
    return named and bool(_SNIFFED.search(head))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a text: its first error.

    Raises:
        ParseError: `TRUNCATED` when the text tells neither an error nor a frame.
    """
    tool = kind = message = None
    place: list[Frame] = []
    frames: list[Frame] = []
    for line in trace_lines(raw.payload):
        frame = _FRAME.match(line)
        if frame is not None and kind is not None:
            if frame["number"] == "0" and frames:
                break
            frames.append(_frame(frame["rest"]))
            if len(frames) > limits.max_frames:
                break
        elif frames:
            break
        elif kind is None and (error := _ERROR.search(line)) is not None:
            tool, kind = error["tool"], _BEHIND_KIND.split(error["what"], maxsplit=1)[0].strip()
        elif kind is None and (error := _RUNTIME_ERROR.match(line)) is not None:
            tool, kind, message = _UNDEFINED, "runtime error", error["what"]
            place = [Frame(file=error["file"], line=int(error["line"]))]
        elif message is None and (access := _ACCESS.search(line)) is not None:
            message = access.group()
    require(kind)
    stack = frames or place
    yield CrashReport(
        FORMAT,
        reason=f"{tool} / {kind}",
        exception_type=kind,
        message=message,
        frames=tuple(stack[: limits.max_frames]),
        truncated=len(stack) > limits.max_frames,
    )


def _frame(rest: str) -> Frame:
    """Return a frame: function, then file with line, or module with offset, or both."""
    rest = _NO_PLACE.sub("", _BUILD.sub("", rest))
    module = _MODULE.search(rest) or _FUCHSIA_MODULE.search(rest)
    name = module_name(module["module"]) if module else None
    known = None if name in _UNKNOWN else name
    if module is not None:
        rest = rest[: module.start()].rstrip()
    function, file = _parted(rest)
    place = _PLACE.fullmatch(file)
    return Frame(
        module=known,
        function=None if function in _UNKNOWN else function or None,
        file=place["file"] if place else file or None,
        line=int(place["line"]) or None if place else None,
        offset=int(module["offset"], 16) if module and known else None,
    )


def _parted(rest: str) -> tuple[str, str]:
    """Return function and file: a path may have spaces, and so may a function."""
    path = _START_OF_PATH.search(f" {rest}")
    if path is not None:
        return rest[: max(path.start() - 1, 0)], rest[path.start() :]
    function, _, file = rest.rpartition(" ")
    return (function, file) if _PLACE.fullmatch(file) else (rest, "")
