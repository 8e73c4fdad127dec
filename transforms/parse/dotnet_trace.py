"""Stack traces of .NET and Mono, as `Exception.ToString` writes them.

Kept is the root cause: the innermost of the exceptions that ` ---> ` names, and its own frames,
which are printed first.
"""

import re
from collections.abc import Iterator

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.trace_text import head_of_text, report_of_trace, require, trace_lines

FORMAT = "dotnet_trace"

MAPPING = FieldMapping(
    recognized_by="an exception's name, and a frame with its parameters' types",
    reason="the innermost exception's class",
    exception_type="the innermost exception's class",
    message="the innermost exception's message",
    frames="the innermost exception's, and those of what wrapped it up to the end of its trace",
)

_TYPE = r"[A-Z_a-z][\w+`]{0,128}(?:\.[\w+`]{1,128}){0,32}"
_UNHANDLED = (
    "Unhandled [Ee]xception|Unbehandelte Ausnahme|Exception non gérée|Excepción no controlada|"
    "Eccezione non gestita|Exceção [Ss]em [Tt]ratamento|Nieobsłużony wyjątek|"
    "Необработанное исключение|ハンドルされていない例外|"
    "未经处理的异常|未處理的例外狀況|처리되지 않은 예외"
)
_THROWN = re.compile(
    rf"(?:.{{0,200}}?(?:{_UNHANDLED}) ?[.:\uff1a]? {{0,4}})?"
    rf"(?P<type>{_TYPE})(?: \((?:0x)?[0-9A-Fa-f]{{1,8}}\))?(?:: (?P<message>.*))?$"
)
_NAMED_LIKE_ONE = re.compile(r"Exception(?:`[0-9])?$")
_INNER = " ---> "
_BETWEEN = ("--- End of stack trace", "---- ", "Exception rethrown", "Server stack trace")
# .NET Framework writes "at", "in" and "line" in the language of Windows.
_AT = "at|a|bei|bij|em|en|in|v|w|vid|à|в|konum:|場所|위치:|在|於"
_CALL = r"(?P<method>[^\s(][^(\n]{0,1024}?) ?\((?P<parameters>[^)\n]{0,2048})\)"
_FRAME = re.compile(rf"\s{{1,16}}(?:{_AT}) {_CALL}(?P<rest>.*)$")
_IN = "dans|em|en|in|na|v|w|в|場所|位置|於|파일"
_IN_FILE = re.compile(
    rf" (?:{_IN}) (?P<file>.{{1,1024}}?):(?:[^\\/:\s]{{1,12}} )?(?P<line>[0-9]{{1,9}})\.? {{0,4}}$"
)
# Unity writes `Player.Update () (at Assets/Player.cs:12)`.
_UNITY_FRAME = re.compile(rf"{_CALL} \(at (?P<file>[^\n]{{1,1024}}):(?P<line>[0-9]{{1,9}})\)$")
_SNIFFED = re.compile(
    rf"(?m)^\s{{1,16}}(?:{_AT}) ".encode()
    + rb"[A-Z_a-z<][^\s(.]{0,256}\.[^\s(]{1,512} ?\([^):\n]{0,1024}\)"
    rb"(?: \S{1,24} .{1,512}:\S{1,24} \d{1,9}\.?| \[0x[0-9a-f]{5}\] in .{1,512}|)\s{0,4}$"
    rb"|^[A-Z_a-z][^\s(]{2,512} ?\([^)\n]{0,1024}\) \(at [^\n]{1,512}:\d{1,9}\)\s{0,4}$"
)
_NOT_OURS = ("Microsoft.", "System.", "Mono.", "UnityEngine.")
_NO_FILE = "<"  # Mono writes `<module id>:0` where it has no file


def sniff(payload: bytes) -> bool:
    """Tell a trace by an exception's name and a frame of a method with its parameters' types."""
    head = head_of_text(payload)
    return b"Exception" in head and bool(_SNIFFED.search(head))


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report: the first trace in the text.

    Raises:
        ParseError: `TRUNCATED` when there is no frame.
    """
    most = limits.max_frames + 1
    kind: str | None = None
    message: str | None = None
    frames: list[Frame] = []
    for line in trace_lines(raw.payload):
        frame = _frame(line)
        if frame is not None:
            frames.append(frame)
            if len(frames) == most:
                break
        elif frames and not line.lstrip().startswith(_BETWEEN):
            break  # the frames behind the end of an inner exception are those of what wrapped it
        elif not frames:
            thrown = _thrown(line)
            kind, message = thrown or (kind, message)
    require(frames)
    yield report_of_trace(FORMAT, kind, message, frames, limits)


def _thrown(line: str) -> tuple[str, str | None] | None:
    """Return the type and message of the innermost exception that a line names."""
    named: tuple[str, str | None] | None = None
    for part in line.split(_INNER):
        found = _THROWN.match(part.strip())
        if found is not None and _NAMED_LIKE_ONE.search(found.group("type")):
            named = found.group("type"), (found.group("message") or "").strip() or None
    return named


def _frame(line: str) -> Frame | None:
    """Return the frame of a line such as `at Shop.Basket.Count(Int32 n) in /shop/a.cs:line 3`."""
    found = _FRAME.match(line) or _UNITY_FRAME.match(line)
    if found is None:
        return None
    name = found.group("method").replace(":", ".")  # Unity's `UnityEngine.Debug:Log`
    # A constructor is `Shop.Basket..ctor`.
    module, dot, function = name.rpartition(".")
    if module.endswith("."):
        module, function = module[:-1], dot + function
    place = found if found.re is _UNITY_FRAME else _IN_FILE.search(found.group("rest"))
    file = place.group("file") if place else None
    known = file is not None and not file.startswith(_NO_FILE)
    return Frame(
        module=module or None,
        function=function,
        file=file if known else None,
        line=int(place.group("line")) if place and known else None,
        in_app=False if name.startswith(_NOT_OURS) else None,
    )
