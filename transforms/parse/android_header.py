"""Who crashed where, as Android's reports in text say it: xCrash's, the drop box's, logcat's.

The keys are those of xCrash, of `ActivityManagerService.appendDropBoxProcessHeaders`, of
`RuntimeInit.logUncaught`, and of ART's signal catcher.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from schemas.records import CrashReport
from transforms.parse.normalise import (
    OperatingSystem,
    android_from_fingerprint,
    architecture,
    module_name,
    operating_system,
)
from transforms.parse.times import parse_time, seconds_between

_KEYS = frozenset(
    {
        "ABI",
        "App ID",
        "App version",
        "Build",
        "Build fingerprint",
        "Cmd line",
        "Cmdline",
        "Crash time",
        "OS version",
        "Package",
        "Process",
        "Process uptime",
        "Reason",
        "Start time",
        "Subject",
        "Timestamp",
    }
)
_SIGNALLED = re.compile(r"----- pid [0-9]{1,9} at (?P<time>[-+:. 0-9]{10,40}) -----")
_NOT_RESPONDING = re.compile(r"ANR in (?P<process>[\w.:]{1,256})")
_PACKAGE = re.compile(r"(?P<name>[\w.]{1,256}) v[0-9]{1,20}(?: \((?P<version>[^()]{1,128})\))?")
_LOGCAT = re.compile(
    r".{0,80}?\b(?:AndroidRuntime|ActivityManager)"
    r"(?:\s{0,8}(?:\([ 0-9]{1,8}\))?\s{0,8}: ?|\s{1,40}[\w.:-]{1,200}\s{1,40}[VDIWEFA] {1,2})"
)
_PROCESS_ID = re.compile(r",? {0,4}PID: [0-9]{1,9}.{0,64}$")
_SECONDS = re.compile(r"([0-9]{1,12})s?$")


@dataclass(frozen=True, slots=True)
class AndroidHeader:
    """The facts of a report's header; None where it does not tell."""

    product: str | None = field(default=None, repr=False)
    version: str | None = field(default=None, repr=False)
    process_type: str | None = field(default=None, repr=False)
    system: OperatingSystem = field(default_factory=lambda: OperatingSystem("Android"))
    arch: str | None = field(default=None, repr=False)
    subject: str | None = field(default=None, repr=False)
    crashed_at: datetime | None = None
    uptime_s: float | None = None

    def report(self, format_name: str) -> CrashReport:
        """Return a report of a format with these facts; what crashed is its parser's to add."""
        return CrashReport(
            format_name,
            received_at=self.crashed_at,
            product=self.product,
            version=self.version,
            os_name=self.system.name,
            os_version=self.system.version,
            os_build=self.system.build,
            arch=self.arch,
            process_type=self.process_type,
            uptime_s=self.uptime_s,
        )


def without_logcat_prefix(line: str) -> str:
    """Return a line of logcat without the time, process and tag that stand before its text."""
    prefix = _LOGCAT.match(line)
    return line[prefix.end() :] if prefix else line


def keep_header(line: str, header: dict[str, str]) -> None:
    """Keep a line's key and value if they are of a header, the first of each key."""
    signalled = _SIGNALLED.match(line)
    stopped = _NOT_RESPONDING.match(line)
    if signalled:
        header.setdefault("Timestamp", signalled.group("time"))
    elif stopped:
        header.setdefault("Process", stopped.group("process"))
    elif line.startswith("pid: ") and ">>> " in line:
        header.setdefault("Process", line.rpartition(">>> ")[2].partition(" <<<")[0])
    else:
        name, colon, value = line.partition(": ")
        if colon and name in _KEYS:
            header.setdefault(name, value.strip().strip("'"))


def read_header(lines: Iterable[str]) -> AndroidHeader:
    """Return the facts of the lines of a header."""
    header: dict[str, str] = {}
    for line in lines:
        keep_header(line, header)
    return header_facts(header)


def header_facts(header: dict[str, str]) -> AndroidHeader:
    """Return the facts of a header's keys and values."""
    process = header.get("Process") or header.get("Cmd line") or header.get("Cmdline") or ""
    name, process_type = product_and_process_type(_PROCESS_ID.sub("", process[:512]))
    package = _PACKAGE.match(header.get("Package", ""))
    built = android_from_fingerprint(header.get("Build fingerprint") or header.get("Build", ""))
    crashed_at = parse_time(header.get("Crash time") or header.get("Timestamp"))
    uptime = _SECONDS.match(header.get("Process uptime", ""))
    return AndroidHeader(
        product=header.get("App ID") or (package.group("name") if package else name),
        version=header.get("App version") or (package.group("version") if package else None),
        process_type=process_type,
        system=operating_system("Android", header.get("OS version") or built.version, built.build),
        arch=architecture(header.get("ABI")),
        subject=header.get("Subject") or header.get("Reason"),
        crashed_at=crashed_at,
        uptime_s=float(uptime.group(1))
        if uptime
        else seconds_between(parse_time(header.get("Start time")), crashed_at),
    )


def product_and_process_type(process: str) -> tuple[str | None, str | None]:
    """Return the application and the kind of process that `com.example.app:remote` names."""
    if "/" in process:
        return module_name(process), None
    product, _, process_type = process.partition(":")
    # Services of one kind are numbered: `sandboxed_process2`.
    return product or None, process_type.rstrip("0123456789") or None
