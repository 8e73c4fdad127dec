"""Reports of KSCrash: JSON, as its `KSCrashReportFields.h` names the parts."""

from random import Random
from typing import Any

from pipelines.simulate.apple_ips_writer import EXCEPTIONS
from pipelines.simulate.crash import Crash, RawFile, module_of, refusal
from pipelines.simulate.json_text import as_json
from pipelines.simulate.leftovers import custom_data, log_lines
from pipelines.simulate.modules import IMAGE_BYTES, loaded_modules

_MACH_EXCEPTIONS = {"EXC_BAD_ACCESS": 1, "EXC_BREAKPOINT": 6, "EXC_CRASH": 10}


def write_kscrash(crash: Crash, random: Random) -> RawFile:
    """Return a crash as KSCrash's standard report."""
    install, modules = crash.install, loaded_modules(crash)
    bases = {module.name: module.base for module in modules}
    stack = []
    for frame in crash.fault.frames:
        name = module_of(frame, install.system.name)
        stack.append(
            {
                "object_name": name,
                "object_addr": bases[name],
                "symbol_name": frame.function,
                "instruction_addr": bases[name] + frame.offset,
            }
        )
    foreground = random.randrange(crash.uptime_s + 1)
    report: dict[str, Any] = {
        "report": {
            "version": "3.3.0",
            "id": crash.report_id.upper(),
            "process_name": install.platform.product,
            "timestamp": int(crash.received_at.timestamp()) * 1_000_000,
            "type": "standard",
        },
        "system": {
            "process_name": install.platform.product,
            "CFBundleShortVersionString": install.version,
            "CFBundleVersion": install.version.replace(".", ""),
            "system_name": install.system.name,
            "system_version": install.system.version,
            "os_version": install.system.build,
            "cpu_arch": install.architecture,
            "device_app_hash": install.install_id,
            "application_stats": {
                "active_time_since_launch": foreground,
                "background_time_since_launch": crash.uptime_s - foreground,
            },
        },
        "binary_images": [
            {"image_addr": each.base, "image_size": IMAGE_BYTES, "name": each.path}
            for each in modules
        ],
        "crash": {
            "error": _error(crash),
            "threads": [{"crashed": True, "index": 0, "backtrace": {"contents": stack}}],
        },
        "user": custom_data(crash) | {"releaseStage": install.channel} | refusal(crash),
        "debug": {"console_log": log_lines(crash)},
    }
    return RawFile(as_json(report).encode(), ".kscrash")


def _error(crash: Crash) -> dict[str, Any]:
    kind, signal, _ = EXCEPTIONS[crash.fault.kind]
    error: dict[str, Any] = {
        "type": "mach",
        "mach": {"exception": _MACH_EXCEPTIONS[kind], "exception_name": kind},
        "signal": {"name": signal},
    }
    return error | ({"reason": crash.message} if crash.fault.kind == "abort" else {})
