"""`Report.wer` of Windows Error Reporting: an APPCRASH, in UTF-16 with or without its mark."""

import codecs
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from random import Random

from pipelines.simulate.chance import happens
from pipelines.simulate.crash import Crash, RawFile, collector_annotations, module_of
from pipelines.simulate.leftovers import custom_data

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)  # of FILETIME, which counts tenths of microseconds
_MACHINES = {"x86_64": 0x8664, "arm64": 0xAA64}  # IMAGE_FILE_MACHINE_* of winnt.h
_CODES = {"access": "c0000005", "abort": "c0000409", "trap": "80000003"}
_NAMES = (
    "Application Name", "Application Version", "Application Timestamp", "Fault Module Name",
    "Fault Module Version", "Fault Module Timestamp", "Exception Code", "Exception Offset",
)  # fmt: skip
_WITH_MARK = 0.5


def write_windows_wer(crash: Crash, random: Random) -> RawFile:
    """Return a crash as Report.wer; the collector's annotations stand in a sidecar."""
    install, top = crash.install, crash.fault.frames[0]
    program = f"{install.platform.product}.exe"
    values = (
        program, install.version, "677a1b2c", module_of(top, "Windows"),
        install.version, "677a1b2d", _CODES[crash.fault.kind], f"{top.offset:016x}",
    )  # fmt: skip
    system = install.system
    lines = [
        "Version=1",
        "EventType=APPCRASH",
        f"EventTime={int((crash.received_at - _EPOCH).total_seconds()) * 10_000_000}",
        "ReportType=2",
        "Consent=1",
        f"ReportIdentifier={crash.report_id}",
        f"Wow64Host={_MACHINES[install.architecture]}",
        f"NsAppName={program}",
        f"MachineGuid={install.install_id}",
        *_numbered("Sig", zip(_NAMES, values, strict=True)),
        "DynamicSig[1].Name=OS Version",
        f"DynamicSig[1].Value={system.windows_number}.2.0.0.256.48",
        *(
            f"State[{number}].Value={text}"
            for number, text in enumerate(custom_data(crash).values())
        ),
        f"UI[2]={crash.home}\\AppData\\Local\\{install.platform.product}\\{program}",
        "FriendlyEventName=Stopped working",
        "ConsentKey=APPCRASH",
        f"AppName={install.platform.product}",
        f"AppPath={crash.home}\\AppData\\Local\\{install.platform.product}\\{program}",
    ]
    payload = "".join(f"{line}\r\n" for line in lines).encode("utf-16-le")
    mark = codecs.BOM_UTF16_LE if happens(random, _WITH_MARK) else b""
    return RawFile(mark + payload, ".wer", collector_annotations(crash))


def _numbered(kind: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for number, (name, value) in enumerate(pairs):
        yield f"{kind}[{number}].Name={name}"
        yield f"{kind}[{number}].Value={value}"
