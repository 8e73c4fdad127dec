"""Fatal error logs of the JVM, `hs_err_pid*.log`, as HotSpot's `vmError.cpp` writes them.

Kept are the error, the system and the crashing thread's stack; of the command only the name of the
main class or archive; never registers, memory, the heap, libraries, arguments or the environment.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from schemas.policy import Limits
from schemas.records import CrashReport, Frame, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.jvm_frames import begins_frames, jvm_frame, read_frames
from transforms.parse.normalise import OperatingSystem, architecture, module_name, operating_system
from transforms.parse.times import parse_ctime
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "jvm_hs_err"

MAPPING = FieldMapping(
    recognized_by="the banner of a fatal error log",
    product="`java_command`: the main class or archive",
    os="the distribution or Windows behind `OS:` or in `Host:`, else the kernel's name",
    arch="the platform of `# Java VM:`",
    reason="the signal, exception or internal error, with `si_code`",
    exception_type="the signal, exception or internal error",
    message="the failed assertion or missing memory, else the place in HotSpot",
    frames="`Native frames`, then `Java frames`; else the problematic frame",
    received_at="`time:`, taken for UTC",
    uptime_s="`elapsed time`",
)

_BANNERS = (
    b"# A fatal error has been detected by the Java Runtime Environment",
    b"# An unexpected error has been detected by",
    b"# There is insufficient memory for the Java Runtime Environment to continue",
)
_ERROR = re.compile(
    r"# {1,4}(?P<name>SIG[A-Z0-9]{2,12}|EXCEPTION_[A-Z_]{2,64}|Internal Error|Out of Memory Error)"
    r"(?: \(0x[0-9a-f]{1,16}\))?(?: \((?P<place>[^()]{1,256}:[0-9]{1,9})\))?"
)
_NO_MEMORY = "# There is insufficient memory"
_DETAILS = (
    "guarantee(",
    "assert(",
    "fatal error: ",
    "Error: ",
    "Native memory",
    "Out of ",
    "Cannot ",
)
_CODE = re.compile(r"si_code: -?[0-9]{1,9} \((?P<name>[A-Z_]{2,32})\)")
_PLATFORM = re.compile(r"\b(?:linux|windows|bsd|solaris|aix)-(?P<arch>[A-Za-z0-9_]{2,16})\b")
_WINDOWS = re.compile(
    r"(?P<name>Windows[^,]{0,64}),.{0,64}?Build (?P<build>[0-9]{1,9})(?: \([0-9]{1,4}\.[0-9]{1,4}\."
    r"(?P<exact>[0-9]{1,9}(?:\.[0-9]{1,9})?)\))?"
)
_HOST = re.compile(r"Host: .{1,512}, [0-9]{1,6}[GM], (?P<system>[^,]{1,64}(?:, 64 bit.{1,64})?)$")
_DESCRIPTION = re.compile(r'(?:PRETTY_NAME|DISTRIB_DESCRIPTION)="?(?P<name>[^"]{1,128})')
_UNAME = re.compile(r"(?:OS:\s?)?(?:Bsd)?uname: ?(?P<name>[A-Za-z]{1,32}) (?P<release>\S{1,128})")
_TIME = re.compile(r"(?:date and )?time: (?=\w)", re.IGNORECASE)
_ELAPSED = re.compile(r"elapsed time: (?P<seconds>[0-9]{1,12}(?:\.[0-9]{1,9})?) seconds")
_COMMAND = "java_command: "
_ARCHIVE = re.compile(r"(?P<path>.{1,1024}?)\.jar(?: |$)")
_CLASS = re.compile(r"(?:[\w.]{1,256}/)?(?P<name>[\w.$]{1,512})(?: |$)")
_SYSTEM_LINES = 16


def sniff(payload: bytes) -> bool:
    """Tell a log by its banner."""
    head = head_of_text(payload)
    return any(banner in head for banner in _BANNERS)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a log; one that ends before its system is marked as truncated.

    Raises:
        ParseError: `TRUNCATED` when the text ends before it tells the error.
    """
    log = _Log(limits.max_frames + 1)
    lines = trace_lines(raw.payload)
    for line in lines:
        log.take(line, lines)
    require(log.error)
    frames = log.frames or ([log.problematic] if log.problematic else [])
    system = log.system()
    yield CrashReport(
        FORMAT,
        received_at=log.crashed_at,
        product=log.product,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=log.arch,
        reason=f"{log.error} / {log.code}" if log.code else log.error,
        exception_type=log.error,
        message=log.detail or log.place,
        frames=tuple(frames[: limits.max_frames]),
        uptime_s=log.uptime_s,
        truncated=not log.all_frames or len(frames) > limits.max_frames,
    )


class _Log:
    """What the lines of a log have told so far, the first of each fact."""

    def __init__(self, most_frames: int) -> None:
        self.error: str | None = None
        self.place: str | None = None
        self.detail: str | None = None
        self.code: str | None = None
        self.arch: str | None = None
        self.product: str | None = None
        self.crashed_at: datetime | None = None
        self.uptime_s: float | None = None
        self.problematic: Frame | None = None
        self.frames: list[Frame] = []
        self.all_frames = True
        self._most_frames = most_frames
        self._described: OperatingSystem | None = None
        self._host: OperatingSystem | None = None
        self._kernel: OperatingSystem | None = None

    def take(self, line: str, following: Iterator[str]) -> None:
        """Take a line; a stack's and the system's lines are taken from those that follow."""
        if line.startswith("#"):
            self._take_banner(line)
        elif begins_frames(line):
            frames, whole = read_frames(following, self._most_frames)
            if not any(map(_is_managed, self.frames)):  # else the Java frames are among them
                self.frames = [*self.frames, *frames][: self._most_frames]
                self.all_frames = self.all_frames and whole
        elif line.startswith("OS:"):
            self._take_system(line.removeprefix("OS:").strip(), following)
        elif line.startswith(_COMMAND):
            self.product = self.product or _product(line.removeprefix(_COMMAND))
        elif (host := _HOST.match(line)) is not None:
            self._host = self._host or _system(host.group("system").strip())
        elif line.startswith("siginfo:"):
            code = _CODE.search(line)
            self.code = self.code or (code.group("name") if code else None)
        else:
            self._take_time(line)
            self._kernel = self._kernel or _kernel(line)

    def system(self) -> OperatingSystem:
        """Return the distribution where the log names one, else the kernel."""
        return self._described or self._host or self._kernel or OperatingSystem()

    def _take_banner(self, line: str) -> None:
        error, text = _ERROR.match(line), line.lstrip("# ")
        platform = _PLATFORM.search(line) if line.startswith("# Java VM:") else None
        if error is not None and self.error is None:
            self.error, self.place = error.group("name"), error.group("place")
        elif line.startswith(_NO_MEMORY):
            self.error = self.error or "Out of Memory Error"
        elif platform is not None:
            self.arch = architecture(platform.group("arch"))
        elif text.startswith(_DETAILS):
            self.detail = self.detail or text
        elif self.problematic is None:
            self.problematic = jvm_frame(text)

    def _take_system(self, text: str, following: Iterator[str]) -> None:
        for line in (text, *islice(following, _SYSTEM_LINES)):
            if line.startswith("---"):
                break
            text = text or line
            self._take_time(line)
            self._kernel = self._kernel or _kernel(line)
            described = _DESCRIPTION.match(line)
            if described is not None:
                self._described = operating_system(described.group("name"), None)
        if self._described is None and text and "=" not in text:
            self._described = _kernel(f"uname:{text}") if _UNAME.match(text) else _system(text)

    def _take_time(self, line: str) -> None:
        elapsed = _ELAPSED.search(line)
        if elapsed is not None and self.uptime_s is None:
            self.uptime_s = float(elapsed.group("seconds"))
        time = _TIME.match(line)
        if time is not None and self.crashed_at is None:
            self.crashed_at = parse_ctime(line[time.end() :])


def _is_managed(frame: Frame) -> bool:
    return frame.module is not None and frame.offset is None


def _system(text: str) -> OperatingSystem:
    windows = _WINDOWS.match(text)
    if windows is None:
        return operating_system(text, None)
    build = windows.group("exact") or windows.group("build")
    return operating_system(windows.group("name").strip(), None, build)


def _kernel(line: str) -> OperatingSystem | None:
    found = _UNAME.match(line)
    return operating_system(found.group("name"), found.group("release")) if found else None


def _product(command: str) -> str | None:
    """Return the archive's or main class's name, and nothing of the folders and arguments."""
    archive = _ARCHIVE.match(command)
    if archive is not None:
        return module_name(archive.group("path"))
    main_class = _CLASS.match(command)
    return main_class.group("name") if main_class else None
