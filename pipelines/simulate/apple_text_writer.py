"""Apple's reports of crashes as text: of the system, of PLCrashReporter, and behind a line of JSON.

Apple's own is described in "Examining the fields in a crash report".
"""

from random import Random

from pipelines.simulate.apple_ips_writer import EXCEPTIONS, header_of, local_time
from pipelines.simulate.crash import Crash, RawFile, module_of, refusal
from pipelines.simulate.json_text import as_json
from pipelines.simulate.leftovers import log_lines
from pipelines.simulate.modules import IMAGE_BYTES, Module, loaded_modules

_SIGNAL_CODES = {"access": "SEGV_MAPERR", "abort": "#0", "trap": "TRAP_BRKPT"}


def write_apple_crash(crash: Crash, random: Random) -> RawFile:
    """Return a crash as macOS wrote it until 2021: the marketing version before the build's."""
    text = _text(crash, random, f"{_marketing(crash)} ({_build(crash)})", _exception(crash), "12")
    return RawFile(text.encode(), ".crash", refusal(crash))


def write_plcrash(crash: Crash, random: Random) -> RawFile:
    """Return a crash as PLCrashReporter prints it: with the signal for an exception."""
    _, signal, _ = EXCEPTIONS[crash.fault.kind]
    exception = [
        f"Exception Type:  {signal}",
        f"Exception Codes: {_SIGNAL_CODES[crash.fault.kind]} at 0x18",
    ]
    text = _text(crash, random, f"{_marketing(crash)} ({_build(crash)})", exception, "104")
    return RawFile(text.encode(), ".plcrash", refusal(crash))


def write_apple_ips_text(crash: Crash, random: Random) -> RawFile:
    """Return a crash as iOS 12 to 14 wrote it: JSON, then text with the build in front."""
    header = as_json(header_of(crash, random) | {"bug_type": "109"})
    text = _text(crash, random, f"{_build(crash)} ({_marketing(crash)})", _exception(crash), "104")
    return RawFile(f"{header}\n{text}".encode(), ".ips", refusal(crash))


def _marketing(crash: Crash) -> str:
    return crash.install.version


def _build(crash: Crash) -> str:
    return crash.install.version.replace(".", "")


def _exception(crash: Crash) -> list[str]:
    kind, signal, subtype = EXCEPTIONS[crash.fault.kind]
    exception = [f"Exception Type:  {kind} ({signal})"]
    return exception + ([f"Exception Subtype: {subtype}"] if subtype else [])


def _text(
    crash: Crash, random: Random, version: str, exception: list[str], report_version: str
) -> str:
    install, modules = crash.install, loaded_modules(crash)
    name = "iPhone OS" if install.system.name == "iOS" else install.system.name
    machine = "ARM-64 (Native)" if install.architecture == "arm64" else "X86-64 (Native)"
    said = ["Application Specific Information:", crash.message, ""]
    waiting = modules[-2]
    lines = [
        f"Incident Identifier: {crash.report_id.upper()}",
        f"CrashReporter Key:   {install.install_id.upper()}",
        f"Process:             {install.platform.product} [{random.randint(300, 60000)}]",
        f"Path:                {modules[0].path}",
        "Identifier:          org.meridian.browser",
        f"Version:             {version}",
        f"Code Type:           {machine}",
        "Parent Process:      launchd [1]",
        "",
        f"Date/Time:           {local_time(crash, 0)}",
        f"Launch Time:         {local_time(crash, crash.uptime_s)}",
        f"OS Version:          {name} {install.system.version} ({install.system.build})",
        f"Report Version:      {report_version}",
        "",
        *exception,
        "Crashed Thread:  0",
        "",
        *(said if crash.fault.kind != "access" else []),
        "Thread 0 Crashed:",
        *_stack(crash, modules),
        "",
        "Thread 1:",
        f"0   {waiting.name:<30}  0x{waiting.base + 4212:016x} mach_msg2_trap + 8",
        "",
        "Binary Images:",
        *map(_image, modules),
        "",
        "Log:",
        *(f"  {line}" for line in log_lines(crash)),
        "",
    ]
    return "\n".join(lines)


def _stack(crash: Crash, modules: list[Module]) -> list[str]:
    bases = {module.name: module.base for module in modules}
    lines = []
    for number, frame in enumerate(crash.fault.frames):
        module = module_of(frame, crash.install.system.name)
        address = bases[module] + frame.offset
        lines.append(
            f"{number:<4}{module:<30}  0x{address:016x} {frame.function} + {frame.offset % 97}"
        )
    return lines


def _image(module: Module) -> str:
    start, end = module.base, module.base + IMAGE_BYTES - 1
    return f"0x{start:x} - 0x{end:x} {module.name} arm64  <{start:032x}> {module.path}"
