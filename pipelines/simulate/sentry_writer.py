"""Sentry events of managed programs: Java, C#, Python and JavaScript.

Attributes are those of develop.sentry.dev/sdk/event-payloads.
"""

from datetime import timedelta
from random import Random
from typing import Any

from pipelines.simulate.chance import happens
from pipelines.simulate.crash import Crash, RawFile, iso_time
from pipelines.simulate.faults import FaultFrame
from pipelines.simulate.fleet import OsRelease
from pipelines.simulate.json_text import as_json

_PLATFORMS = {
    "java": ("java", "sentry.java.android", "8.1.0"),
    "csharp": ("csharp", "sentry.dotnet", "5.0.1"),
    "python": ("python", "sentry.python", "2.20.0"),
    "javascript": ("javascript", "sentry.javascript.electron", "5.9.0"),
}


def write_sentry_event(crash: Crash, random: Random) -> RawFile:
    """Return a crash as one Sentry event on one line."""
    install, persona = crash.install, crash.persona
    platform, sdk, sdk_version = _PLATFORMS[install.platform.language]
    event: dict[str, Any] = {
        "event_id": crash.report_id.replace("-", ""),
        "timestamp": iso_time(crash.received_at),
        "platform": platform,
        "level": "fatal",
        "release": f"{install.platform.product}@{install.version}",
        "environment": install.channel,
        "server_name": persona.host_name,
        "sdk": {"name": sdk, "version": sdk_version},
        "user": {
            "id": install.install_id,
            "username": persona.user_name,
            "email": persona.mail_address,
            "ip_address": persona.ip_address,
        },
        "exception": {"values": [_exception(crash)]},
        "contexts": _contexts(crash),
        "breadcrumbs": {"values": _breadcrumbs(crash, random)},
        "extra": {"home": crash.home, "note": persona.comment},
        "tags": {"hardware": persona.mac_address},
    }
    if install.platform.language == "python":
        event["modules"] = {"requests": "2.32.3"}
        event["request"] = {
            "url": "https://api.example.org/v2/notes",
            "headers": {"Authorization": f"Bearer {persona.json_web_token}"},
            "env": {"REMOTE_ADDR": persona.ipv6_address},
        }
    return RawFile(as_json(event).encode(), ".json")


def _exception(crash: Crash) -> dict[str, Any]:
    name, language = crash.fault.kind, crash.install.platform.language
    module, _, short = name.rpartition(".")
    frames = [_frame(frame, crash) for frame in reversed(crash.fault.frames)]  # oldest first
    exception = {
        "type": short if language == "java" else name,
        "value": crash.message,
        "stacktrace": {"frames": frames},
        "mechanism": {"type": "UncaughtExceptionHandler", "handled": False},
    }
    return exception | ({"module": module} if language == "java" else {})


def _frame(frame: FaultFrame, crash: Crash) -> dict[str, Any]:
    written: dict[str, Any] = {
        "function": frame.function,
        "filename": frame.file,
        "lineno": frame.line,
        "in_app": frame.own,
    }
    language = crash.install.platform.language
    if language == "csharp":
        written["package"] = f"{frame.component}, Version=3.0.0.0, Culture=neutral"
        if frame.own:
            written["filename"] = f"{crash.home}\\source\\repos\\atlas\\{frame.file}"
    elif language != "javascript":
        written["module"] = frame.component
    if language == "python":
        written["abs_path"] = f"{crash.home}/.venv/lib/python3.12/site-packages/{frame.file}"
        written["vars"] = {"token": crash.persona.api_key, "recipient": crash.persona.person_name}
    return written


def _contexts(crash: Crash) -> dict[str, Any]:
    install, persona = crash.install, crash.persona
    started = crash.received_at - timedelta(seconds=crash.uptime_s)
    contexts: dict[str, Any] = {
        "os": _operating_system(install.system),
        "device": {
            "arch": install.architecture,
            "name": persona.host_name,
            "device_unique_identifier": persona.device_id,
            "type": "device",
        },
        "app": {
            "app_identifier": "org.atlas.notes",
            "app_version": install.version,
            "app_start_time": iso_time(started),
        },
    }
    if crash.process_type:
        contexts["electron"] = {"crashed_process": crash.process_type}
    return contexts


def _operating_system(system: OsRelease) -> dict[str, str]:
    if system.name == "Windows":
        return {"name": "Windows", "version": system.windows_number}
    return {"name": system.name, "version": system.version, "build": system.build}


def _breadcrumbs(crash: Crash, random: Random) -> list[dict[str, str]]:
    persona = crash.persona
    messages = (
        f"opened {persona.document_name}",
        f"searched for {persona.person_name}",
        f"calls {persona.phone_number}",
        f"paid with {persona.credit_card}",
        f"moved to {persona.street_address}",
        f"reads https://{persona.user_name}:{persona.url_password}@files.example.org/",
    )
    time = crash.received_at.isoformat()
    return [
        {"timestamp": time, "category": "ui", "message": message}
        for message in messages
        if happens(random, 0.6)
    ]
