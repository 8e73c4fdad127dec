"""Reports in crashveil's own form (`docs/generic-report.schema.json`)."""

from random import Random
from typing import Any

from pipelines.simulate.crash import Crash, RawFile, iso_time, module_of
from pipelines.simulate.json_text import as_json
from pipelines.simulate.leftovers import custom_data

_REASONS = {"access": "SIGSEGV / SEGV_MAPERR", "abort": "SIGABRT", "trap": "SIGTRAP"}


def write_generic(crash: Crash, random: Random) -> RawFile:
    """Return a crash as a reporter writes it that was made for crashveil."""
    install, persona = crash.install, crash.persona
    frames = [
        {
            "module": module_of(frame, install.system.name),
            "function": frame.function,
            "file": frame.file or None,
            "line": frame.line or None,
            "offset": frame.offset,
            "in_app": frame.own,
        }
        for frame in crash.fault.frames
    ]
    report: dict[str, Any] = {
        "format": "crashveil/1",
        "report_id": crash.report_id,
        "install_id": install.install_id,
        "received_at": iso_time(crash.received_at),
        "product": install.platform.product,
        "version": install.version,
        "channel": install.channel,
        "os_name": install.system.name,
        "os_version": install.system.version,
        "os_build": install.system.build,
        "arch": install.architecture,
        "process_type": crash.process_type or None,
        "reason": _REASONS[crash.fault.kind],
        "message": crash.message,
        "frames": frames,
        "uptime_s": crash.uptime_s + random.randrange(10) / 10,
        "consent": False if crash.consent_refused else None,
        "notes": custom_data(crash),
        "identities": [
            {"kind": "USER_NAME", "value": persona.user_name},
            {"kind": "HOST_NAME", "value": persona.host_name},
            {"kind": "DEVICE_ID", "value": persona.device_id},
        ],
    }
    report = {name: value for name, value in report.items() if value is not None}
    return RawFile(as_json(report).encode(), ".report")
