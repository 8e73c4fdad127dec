"""Mozilla's forms around a walked stack: minidump-stackwalk's JSON, Socorro's crashes, crash pings.

The stack's form is rust-minidump's `minidump-processor/json-schema.md`; annotations are those of
Firefox' `CrashAnnotations.yaml`, pings those of its `crash-ping.rst`.
"""

from random import Random
from typing import Any

from pipelines.simulate.crash import (
    Crash,
    RawFile,
    collector_annotations,
    iso_time,
    module_of,
    refusal,
)
from pipelines.simulate.json_text import as_json
from pipelines.simulate.leftovers import custom_data
from pipelines.simulate.modules import IMAGE_BYTES, loaded_modules

_REASONS = {
    "access": "EXCEPTION_ACCESS_VIOLATION_READ",
    "abort": "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_FATAL_APP_EXIT",
    "trap": "EXCEPTION_BREAKPOINT",
}
_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}


def write_stackwalk_json(crash: Crash, random: Random) -> RawFile:
    """Return a crash as minidump-stackwalk prints it; who sent it stands in a sidecar."""
    dump = _walked(crash, random) | {"status": "OK", "pid": random.randrange(1000, 60000)}
    return RawFile(as_json(dump).encode(), ".stackwalk", collector_annotations(crash))


def write_socorro_processed(crash: Crash, random: Random) -> RawFile:
    """Return a crash as Socorro serves it once it is processed."""
    install = crash.install
    processed = {
        "crash_id": crash.report_id,
        "uuid": crash.report_id,
        "product": install.platform.product,
        "version": install.version,
        "release_channel": install.channel,
        "os_name": "Windows NT",
        "os_version": install.system.windows_number,
        "cpu_arch": _ARCHITECTURES[install.architecture],
        "process_type": crash.process_type,
        "reason": _REASONS[crash.fault.kind],
        "signature": crash.fault.frames[0].function,
        "submitted_timestamp": iso_time(crash.received_at),
        "uptime": crash.uptime_s,
        "user_comments": crash.persona.comment,
        "url": f"https://example.org/?user={crash.persona.mail_address}",
        "telemetry_environment": {"build": custom_data(crash)},
        "json_dump": _walked(crash, random),
    }
    return RawFile(as_json(processed).encode(), ".processed", collector_annotations(crash))


def write_socorro_raw(crash: Crash, random: Random) -> RawFile:
    """Return the annotations of a crash, without its minidump, as Socorro keeps them."""
    install, persona = crash.install, crash.persona
    crashed_at = int(crash.received_at.timestamp())
    raw = {
        "ProductName": install.platform.product,
        "ProductID": "{99bceaaa-e3c6-48c1-b981-ef9b46b67d60}",
        "Version": install.version,
        "BuildID": f"2026010{random.randrange(1, 5)}120000",
        "ReleaseChannel": install.channel,
        "Vendor": "Example",
        "ProcessType": crash.process_type,
        "CPUArchitecture": _ARCHITECTURES[install.architecture],
        "OS": "Windows NT",
        "OSVersion": install.system.windows_number,
        "CrashTime": str(crashed_at),
        "StartupTime": str(crashed_at - crash.uptime_s),
        "TelemetryClientId": install.install_id,
        "uuid": crash.report_id,
        "submitted_timestamp": iso_time(crash.received_at),
        "MozCrashReason": crash.message,
        "Comments": persona.comment,
        "Email": persona.mail_address,
        "URL": f"https://{persona.user_name}:{persona.url_password}@files.example.org/",
        "Notes": f"{persona.host_name} {persona.ip_address}",
        "ProfileDirectory": f"{crash.home}\\AppData\\{persona.document_name}",
        "CrashDeviceId": persona.device_id,
    }
    return RawFile(as_json(raw | refusal(crash)).encode(), ".raw")


def write_crash_ping(crash: Crash, random: Random) -> RawFile:
    """Return a crash as the ping that Firefox sends; a refusal stands in a sidecar."""
    install = crash.install
    stack = _walked(crash, random)
    ping = {
        "type": "crash",
        "id": crash.report_id,
        "clientId": install.install_id,
        "creationDate": iso_time(crash.received_at),
        "version": 4,
        "application": {
            "name": install.platform.product,
            "version": install.version,
            "displayVersion": install.version,
            "channel": install.channel,
            "architecture": "x86-64" if install.architecture == "x86_64" else "aarch64",
        },
        "environment": {
            "system": {
                "os": {
                    "name": "Windows_NT",
                    "version": install.system.windows_kernel,
                    "windowsBuildNumber": int(install.system.build),
                }
            },
            "profile": custom_data(crash),
        },
        "payload": {
            "crashDate": f"{crash.received_at:%Y-%m-%d}",
            "crashTime": iso_time(crash.received_at),
            "crashId": crash.report_id,
            "processType": crash.process_type,
            "metadata": {"MozCrashReason": crash.message, "Notes": crash.persona.comment},
            "stackTraces": {
                "status": "OK",
                "crash_info": stack["crash_info"],
                "main_module": 0,
                "modules": stack["modules"],
                "threads": [{"frames": _short_frames(crash)}],
            },
        },
    }
    return RawFile(as_json(ping).encode(), ".ping", refusal(crash))


def _short_frames(crash: Crash) -> list[dict[str, Any]]:
    """Return the frames as pings have them: a module's number and an address."""
    modules = loaded_modules(crash)
    numbers = {module.name: number for number, module in enumerate(modules)}
    places = [
        (numbers[module_of(frame, crash.install.system.name)], frame.offset)
        for frame in crash.fault.frames
    ]
    return [
        {"module_index": number, "ip": f"0x{modules[number].base + offset:x}"}
        for number, offset in places
    ]


def _walked(crash: Crash, random: Random) -> dict[str, Any]:
    """Return the process as a walker of stacks sees it."""
    install, modules = crash.install, loaded_modules(crash)
    bases = {module.name: module.base for module in modules}
    frames = []
    for number, frame in enumerate(crash.fault.frames):
        name = module_of(frame, install.system.name)
        frames.append(
            {
                "frame": number,
                "module": name,
                "module_offset": f"0x{frame.offset:016x}",
                "offset": f"0x{bases[name] + frame.offset:016x}",
                "function": frame.function,
                "file": frame.file or None,
                "line": frame.line or None,
                "trust": "context" if number == 0 else "cfi",
            }
        )
    crash_info: dict[str, Any] = {
        "type": _REASONS[crash.fault.kind],
        "address": "0x18",
        "crashing_thread": 0,
    }
    if crash.fault.kind == "abort":
        crash_info["assertion"] = crash.message
    return {
        "crash_info": crash_info,
        "system_info": {
            "os": "Windows NT",
            "os_ver": install.system.windows_number,
            "cpu_arch": _ARCHITECTURES[install.architecture],
            "cpu_count": random.choice((4, 8, 16)),
        },
        "main_module": 0,
        "modules": [
            {
                "filename": each.name,
                "debug_file": f"{crash.home}\\src\\meridian\\out\\{each.name}.pdb",
                "base_addr": f"0x{each.base:x}",
                "end_addr": f"0x{each.base + IMAGE_BYTES:x}",
                "version": install.version,
            }
            for each in modules
        ],
        "process_uptime": crash.uptime_s,
        "threads": [{"frame_count": len(frames), "frames": frames}],
    }
