"""One simulated crash: what every writer is given, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.simulate.faults import Fault, FaultFrame
from pipelines.simulate.fleet import Install
from pipelines.simulate.personas import Persona

_SYSTEM_LIBRARIES = {
    "Windows": {"kernel": "ntdll.dll", "runtime": "ucrtbase.dll"},
    "macOS": {"kernel": "libsystem_kernel.dylib", "runtime": "libsystem_c.dylib"},
    "iOS": {"kernel": "libsystem_kernel.dylib", "runtime": "libsystem_c.dylib"},
    "Android": {"kernel": "libc.so", "runtime": "libc.so"},
}
_LINUX_LIBRARIES = {"kernel": "libpthread.so.0", "runtime": "libc.so.6"}


@dataclass(frozen=True, slots=True)
class Crash:
    """A crash of an installation. `received_at` is when its report arrived, in UTC.

    `format` names the entry of `formats.FORMATS` as which it is sent.
    """

    report_id: str
    format: str
    install: Install
    process_type: str
    fault: Fault
    persona: Persona
    received_at: datetime
    uptime_s: int
    consent_refused: bool

    @property
    def home(self) -> str:
        """The user's home folder on the crash's system; phones have the same one for all."""
        user = self.persona.user_name
        homes = {
            "Windows": f"C:\\Users\\{user}",
            "macOS": f"/Users/{user}",
            "iOS": "/private/var/mobile",
            "Android": "/storage/emulated/0",
        }
        return homes.get(self.install.system.name, f"/home/{user}")

    @property
    def message(self) -> str:
        """What the fault says in this crash, in the path syntax of its system."""
        text = self.fault.message
        if "{" not in text:
            return text
        if self.install.system.name == "Windows" and "{home}" in text:
            text = text.replace("/", "\\")
        return text.format(home=self.home, **dict(self.persona.values()))


@dataclass(frozen=True, slots=True)
class RawFile:
    """A report as a collector stores it; annotations, if any, go into a sidecar beside it."""

    payload: bytes
    suffix: str
    annotations: Mapping[str, str] = field(default_factory=dict)


def iso_time(moment: datetime) -> str:
    """Return a time in UTC as RFC 3339 writes it."""
    return moment.isoformat().replace("+00:00", "Z")


def refusal(crash: Crash) -> dict[str, str]:
    """Return the annotation by which a user refused consent, nothing if none did."""
    return {"consent": "denied"} if crash.consent_refused else {}


def collector_annotations(crash: Crash) -> dict[str, str]:
    """Return what a collector knows of a report that names neither program nor installation."""
    install = crash.install
    annotations = {
        "product": install.platform.product,
        "version": install.version,
        "channel": install.channel,
        "install_id": install.install_id,
        "report_id": crash.report_id,
        "received_at": iso_time(crash.received_at),
        "comments": crash.persona.comment,
    }
    return annotations | refusal(crash)


def module_of(frame: FaultFrame, system: str) -> str:
    """Return the file name of a frame's library on a system."""
    if frame.own:
        return library_name(frame.component, system)
    return system_library(frame.component, system)


def system_library(component: str, system: str) -> str:
    """Return the file name of the system's library that plays the part of a component."""
    return _SYSTEM_LIBRARIES.get(system, _LINUX_LIBRARIES)[component]


def library_name(component: str, system: str) -> str:
    """Return the file name of one of the product's own libraries on a system."""
    if system == "Windows":
        return f"{component}.dll"
    return f"lib{component}.{'dylib' if system in {'macOS', 'iOS'} else 'so'}"
