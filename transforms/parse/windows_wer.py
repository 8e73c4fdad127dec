"""Reports of Windows Error Reporting, `Report.wer`: lines of `key=value`, most often in UTF-16.

The names of a signature's parameters are in the language of the machine, so parameters are told by
their position, which the kind of event fixes. Consent is werapi.h's WER_CONSENT. Of the modules
that were loaded, the files and the texts that the user saw nothing is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, Identity, IdentityKind, RawReport
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.minidump_system import ARCHITECTURES, Platform
from transforms.parse.normalise import OperatingSystem, architecture, module_name, operating_system
from transforms.parse.parser import ParseError
from transforms.parse.reasons import reason
from transforms.parse.trace_text import head_of_text, require, trace_lines

FORMAT = "windows_wer"

MAPPING = FieldMapping(
    recognized_by="`Version=` or `EventType=` as first line, and `EventType=`",
    product="the signature's application without `.exe`; a package's name",
    version="the signature's application version; a package's version",
    os="`DynamicSig[1]`, else `OsInfo`; the update's number (`ubr`) goes into the build",
    arch="`Wow64Guest`, else `Wow64Host`, the package or `OsInfo`",
    reason="the signature's exception code by name, the class .NET threw, or the kind of hang",
    exception_type="the class .NET threw, or the kind of hang",
    frames="one: the module at fault, with its offset or .NET's method",
    install_id="`MachineGuid`, `MachineId` or `DeviceId`",
    report_id="`ReportIdentifier`, else `IntegratorReportIdentifier`",
    received_at="`EventTime`",
    consent="`Consent`: approved or denied",
    identities="the installation's ids",
)

_SNIFFED_LINES: Final = 8
_KEY = re.compile(
    r"(?P<list>Sig|DynamicSig|OsInfo)\[(?P<number>[0-9]{1,3})\]\.(?P<part>Key|Value)|[A-Za-z0-9]{1,64}"
)
_CODE = re.compile(r"(?:0x)?(?P<digits>[0-9a-fA-F]{8})")
_OFFSET = re.compile(r"(?:0x)?(?P<digits>[0-9a-fA-F]{1,16})")
_CALLER = re.compile(r"PCH_.{1,16}_FROM_(?P<module>[^+]{1,128})\+0x(?P<digits>[0-9a-fA-F]{1,16})")
"""What stands for an offset where the code at fault was in no module: the module that called it."""

_NO_MODULE: Final = ("StackHash_", "unknown")
_NO_VERSION: Final = "0.0.0.0"  # noqa: S104 - a version, not an address
_PACKAGE = re.compile(
    r"(?P<name>[^_]{1,128})_(?P<version>[0-9.]{1,32})_(?P<arch>[a-z0-9]{1,16})_.*"
)
_INSTALL_IDS: Final = ("machineguid", "machineid", "deviceid")
_MACHINES: Final = {0x14C: "x86", 0x1C4: "arm", 0x8664: "x86_64", 0xAA64: "arm64"}
"""IMAGE_FILE_MACHINE_* of winnt.h."""

_CONSENT: Final = {"2": True, "3": False}
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Positions:
    """Where an event's signature tells what; None for what it does not tell."""

    application: int = 0
    version: int = 1
    module: int | None = None
    offset: int | None = None
    code: int | None = None
    data: int | None = None
    method: int | None = None
    thrown: int | None = None
    package: int | None = None


_BEX: Final = _Positions(module=3, offset=6, code=7, data=8)
_HANG: Final = _Positions()
_PACKAGED_HANG: Final = _Positions(1, 2, package=0)
_EVENTS: Final = {
    "appcrash": _Positions(module=3, code=6, offset=7),
    "bex": _BEX,
    "bex64": _BEX,
    "clr20r3": _Positions(module=3, method=6, thrown=8),
    "apphangb1": _HANG,
    "apphangtransient": _HANG,
    "apphangxprocb1": _HANG,
    "moappcrash": _Positions(1, 2, module=4, code=7, offset=8, package=0),
    "mobex": _Positions(1, 2, module=4, offset=7, code=8, data=9, package=0),
    "moapphang": _PACKAGED_HANG,
    "moapphangxproc": _PACKAGED_HANG,
}


def sniff(payload: bytes) -> bool:
    """Tell a report by its first lines."""
    lines = head_of_text(payload).lstrip().split(b"\n", _SNIFFED_LINES)[:_SNIFFED_LINES]
    return lines[0].startswith((b"Version=", b"EventType=")) and any(
        line.startswith(b"EventType=") for line in lines
    )


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:  # noqa: ARG001 - one frame
    """Yield the one report of a file; one that ends before the application is marked as truncated.

    Raises:
        ParseError: `NOT_A_CRASH` for an event that is none, `TRUNCATED` when the text ends within
            the signature, `MALFORMED` when the signature's code is none.
    """
    report = _read(raw.payload)
    event = report.told.get("eventtype", "")
    at = _EVENTS.get(event.casefold())
    if at is None:
        raise ParseError(FailureKind.NOT_A_CRASH)
    require(report.signature.get(at.application))
    product, version, arch = _application(report, at)
    system = _system(report)
    thrown = _thrown(report, at) or (event if at in {_HANG, _PACKAGED_HANG} else None)
    install_id = next(filter(None, map(report.any, _INSTALL_IDS)), None)
    yield CrashReport(
        FORMAT,
        report_id=report.told.get("reportidentifier")
        or report.told.get("integratorreportidentifier"),
        install_id=install_id,
        received_at=_moment(report.told.get("eventtime")),
        product=product,
        version=version,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=arch,
        reason=_reason(report, at) or thrown,
        exception_type=thrown,
        frames=_frames(report, at),
        consent=_CONSENT.get(report.told.get("consent", "")),
        truncated=not report.is_whole(),
        identities=tuple(
            Identity(IdentityKind.DEVICE_ID, value)
            for value in filter(None, map(report.any, _INSTALL_IDS))
        ),
    )


@dataclass(slots=True)
class _Report:
    """The first value of each key that is wanted; keys in small letters."""

    told: dict[str, str] = field(default_factory=dict, repr=False)
    signature: dict[int, str] = field(default_factory=dict, repr=False)
    dynamic: dict[int, str] = field(default_factory=dict, repr=False)
    system: dict[str, str] = field(default_factory=dict, repr=False)

    def any(self, key: str) -> str | None:
        """Return the value of a key of the report or of the system's information."""
        return self.told.get(key) or self.system.get(key)

    def is_whole(self) -> bool:
        """Tell whether the text goes on to the application, which stands at its end."""
        return not self.told.keys().isdisjoint({"appname", "apppath", "consentkey"})


_WANTED: Final = frozenset(
    (
        "eventtype", "eventtime", "consent", "reportidentifier", "integratorreportidentifier",
        "wow64host", "wow64guest", "appname", "apppath", "consentkey", *_INSTALL_IDS,
    )
)  # fmt: skip


def _read(payload: bytes) -> _Report:
    report = _Report()
    names: dict[int, str] = {}
    for line in trace_lines(payload):
        if line.startswith("["):  # the section of binary data at the end
            break
        key, _, value = line.partition("=")
        found = _KEY.fullmatch(key.strip())
        value = value.strip()
        if found is None or not value:
            continue
        if found["list"] is None:
            if key.strip().lower() in _WANTED:
                report.told.setdefault(key.strip().lower(), value)
            continue
        number = int(found["number"])
        if found["list"] == "OsInfo":
            if found["part"] == "Key":
                names.setdefault(number, value.lower())
            elif number in names:
                report.system.setdefault(names[number], value)
        elif found["part"] == "Value":
            values = report.signature if found["list"] == "Sig" else report.dynamic
            values.setdefault(number, value)
    return report


def _application(report: _Report, at: _Positions) -> tuple[str | None, str | None, str | None]:
    """Return product, version and processor, of the package where the application is in one."""
    arch = _arch(report)
    package = _PACKAGE.fullmatch(report.signature.get(at.package, "")) if at.package == 0 else None
    if package is not None:
        return package["name"], package["version"], arch or architecture(package["arch"])
    name = module_name(report.signature.get(at.application)) or ""
    version = report.signature.get(at.version)
    product = name[:-4] if name.casefold().endswith(".exe") else name
    return product or None, None if version == _NO_VERSION else version, arch


def _arch(report: _Report) -> str | None:
    machines = (_MACHINES.get(_number(report.told.get(key))) for key in ("wow64guest", "wow64host"))
    of_process = next(filter(None, machines), None)
    return of_process or ARCHITECTURES.get(_number(report.system.get("arch")))


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 20 else -1  # noqa: PLR2004 - 64 bits


def _system(report: _Report) -> OperatingSystem:
    """Return the system by its version: `10.0.22631.2.0.0.256.48` begins with its three numbers."""
    parts = report.dynamic.get(1, "").split(".")[:3]
    if len(parts) < 3 or not all(map(str.isdecimal, parts)):  # noqa: PLR2004 - to the build
        told = [report.system.get(key) for key in ("vermaj", "vermin", "verbld")]
        if not all(told):
            return OperatingSystem("Windows")
        parts = [part or "" for part in told]
    update = report.system.get("ubr", "")
    build = f"{parts[2]}.{update}" if update.isdecimal() else parts[2]
    return operating_system("Windows", ".".join(parts), build)


def _value(report: _Report, position: int | None) -> str | None:
    return None if position is None else report.signature.get(position)


def _reason(report: _Report, at: _Positions) -> str | None:
    if at.code is None:
        return None
    told = _value(report, at.code)
    require(told)
    code = _CODE.fullmatch(told or "")
    if code is None:
        raise ParseError(FailureKind.MALFORMED if report.is_whole() else FailureKind.TRUNCATED)
    data = _OFFSET.fullmatch(_value(report, at.data) or "")
    parameters = (int(data["digits"], 16),) if data else ()
    return reason(Platform.WINDOWS, int(code["digits"], 16), 0, parameters)


def _thrown(report: _Report, at: _Positions) -> str | None:
    if at.thrown is None:
        return None
    thrown = _value(report, at.thrown)
    require(thrown)
    return thrown


def _frames(report: _Report, at: _Positions) -> tuple[Frame, ...]:
    """Return the module at fault; of code outside of all modules, that and its caller."""
    module = module_name(_value(report, at.module))
    if module is None:
        return ()
    if at.method is not None:
        method = _OFFSET.fullmatch(_value(report, at.method) or "")
        return (Frame(module, f"MethodDef {method['digits']}" if method else None),)
    offset = _value(report, at.offset) or ""
    if module.startswith(_NO_MODULE):
        caller = _CALLER.fullmatch(offset)
        called_by = Frame(caller["module"], offset=int(caller["digits"], 16)) if caller else None
        return (Frame(), called_by) if called_by else ()
    digits = _OFFSET.fullmatch(offset)
    return (Frame(module, offset=int(digits["digits"], 16) if digits else None),)


def _moment(filetime: str | None) -> datetime | None:
    """Return a FILETIME, tenths of a microsecond since 1601; None for zero and the far future."""
    ticks = _number(filetime)
    if ticks <= 0:
        return None
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
