"""What Linux distributions collect: apport's files, systemd-coredump's journal, ABRT's uReports."""

from collections.abc import Iterable
from random import Random

from pipelines.simulate.chance import happens
from pipelines.simulate.crash import Crash, RawFile, collector_annotations, module_of
from pipelines.simulate.json_text import as_json
from pipelines.simulate.leftovers import custom_data, environment, log_lines
from pipelines.simulate.modules import IMAGE_BYTES, loaded_modules

SIGNALS = {"access": (11, "SIGSEGV"), "abort": (6, "SIGABRT"), "trap": (5, "SIGTRAP")}
_PACKAGE = "meridian-browser"
_AS_BYTES = 0.2


def write_apport(crash: Crash, random: Random) -> RawFile:
    """Return a crash as apport writes it, with its map of memory and gdb's stack."""
    number, name = SIGNALS[crash.fault.kind]
    modules = loaded_modules(crash)
    fields = {
        "ProblemType": "Crash",
        "Architecture": "arm64" if crash.install.architecture == "arm64" else "amd64",
        "Date": f"{crash.received_at:%a %b %e %H:%M:%S %Y}",
        "DistroRelease": f"{crash.install.system.name} {crash.install.system.version}",
        "ExecutablePath": modules[0].path,
        "JournalErrors": _block(
            f"{crash.received_at:%b %d %H:%M:%S} {crash.persona.host_name} {line}"
            for line in log_lines(crash)
        ),
        "Package": f"{_PACKAGE} {crash.install.version}",
        "ProcCmdline": f"{modules[0].path} --profile={crash.persona.mail_address}",
        "ProcCwd": crash.home,
        "ProcEnviron": _block(f"{name}={value}" for name, value in environment(crash).items()),
        "ProcMaps": _block(
            f"{each.base:x}-{each.base + IMAGE_BYTES:x} r-xp 00000000 08:01 7    {each.path}"
            for each in modules
        ),
        "Signal": str(number),
        "SignalName": name,
        "Stacktrace": _block(_gdb_stack(crash)),
        "Uname": f"Linux {crash.install.system.build} {crash.install.architecture}",
        "UserGroups": f"adm {crash.persona.user_name} sudo",
        "_LogindSession": str(random.randrange(1, 99)),
    }
    text = "".join(f"{name}:{_spaced(value)}\n" for name, value in fields.items())
    return RawFile(text.encode(), ".crash", collector_annotations(crash))


def _block(lines: Iterable[str]) -> str:
    """Return lines as the value of a field: each begins with a space."""
    return "".join(f"\n {line}" for line in lines)


def _spaced(value: str) -> str:
    return value if value.startswith("\n") else f" {value}"


def _gdb_stack(crash: Crash) -> list[str]:
    bases = {module.name: module for module in loaded_modules(crash)}
    lines = []
    for number, frame in enumerate(crash.fault.frames):
        module = bases[module_of(frame, crash.install.system.name)]
        address = module.base + frame.offset
        lines.append(f"#{number:<2} 0x{address:016x} in {frame.function} () from {module.path}")
    return lines


def write_coredump_json(crash: Crash, random: Random) -> RawFile:
    """Return a crash as systemd-coredump's entry that `journalctl -o json` exports."""
    number, name = SIGNALS[crash.fault.kind]
    modules = loaded_modules(crash)
    paths = {module.name: module.path for module in modules}
    process = random.randrange(1000, 60000)
    places = [(module_of(frame, "Linux"), frame) for frame in crash.fault.frames]
    stack = [
        f"#{at:<2} 0x{frame.offset:016x} {frame.function} ({paths[module]} + 0x{frame.offset:x})"
        for at, (module, frame) in enumerate(places)
    ]
    machine = "AARCH64" if crash.install.architecture == "arm64" else "AMD x86-64"
    message = "\n".join(
        [
            f"Process {process} (meridian) of user 1000 dumped core.",
            "",
            f"Stack trace of thread {process}:",
            *stack,
            f"ELF object binary architecture: {machine}",
        ]
    )
    told = "".join(f"{name}={value}\n" for name, value in environment(crash).items())
    entry = {
        "__REALTIME_TIMESTAMP": str(int(crash.received_at.timestamp()) * 1_000_000),
        "_HOSTNAME": crash.persona.host_name,
        "_MACHINE_ID": crash.install.install_id.replace("-", ""),
        "COREDUMP_SIGNAL": str(number),
        "COREDUMP_SIGNAL_NAME": name,
        "COREDUMP_EXE": modules[0].path,
        "COREDUMP_CMDLINE": f"{modules[0].path} --profile={crash.persona.mail_address}",
        # What cannot be printed the journal writes as an array of bytes.
        "COREDUMP_ENVIRON": list(told.encode()) if happens(random, _AS_BYTES) else told,
        "COREDUMP_OPEN_FDS": f"0:/dev/null\n4:{crash.home}/{crash.persona.document_name}\n",
        "COREDUMP_PACKAGE_NAME": _PACKAGE,
        "COREDUMP_PACKAGE_VERSION": crash.install.version,
        "MESSAGE": message,
    }
    return RawFile(as_json(entry).encode(), ".journal", collector_annotations(crash))


def write_abrt_ureport(crash: Crash, random: Random) -> RawFile:
    """Return a crash as ABRT's uReport (version 2, `faf/pyfaf/ureport.py`)."""
    number, _ = SIGNALS[crash.fault.kind]
    paths = {module.name: module.path for module in loaded_modules(crash)}
    frames = [
        {
            "address": random.randrange(1 << 40),
            "build_id_offset": frame.offset,
            "function_name": frame.function,
            "file_name": paths[module_of(frame, "Linux")],
        }
        for frame in crash.fault.frames
    ]
    system = crash.install.system
    report = {
        "ureport_version": 2,
        "reason": f"meridian killed by SIG{number}",
        "os": {
            "name": system.name,
            "version": system.version,
            "architecture": "aarch64" if crash.install.architecture == "arm64" else "x86_64",
        },
        "problem": {
            "type": "core",
            "signal": number,
            "executable": loaded_modules(crash)[0].path,
            "user": {"local": True, "root": False},
            "stacktrace": [{"crash_thread": True, "frames": frames}],
        },
        "packages": [
            {"name": _PACKAGE, "version": crash.install.version, "package_role": "affected"}
        ],
        "auth": {"hostname": crash.persona.host_name, "username": crash.persona.user_name},
        "contact_email": crash.persona.mail_address,
        "extra": custom_data(crash),
    }
    return RawFile(as_json(report).encode(), ".ureport", collector_annotations(crash))
