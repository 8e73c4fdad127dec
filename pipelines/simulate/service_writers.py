"""Reports for services that collect errors: Bugsnag's, Exceptionless', and Sentry's envelope."""

from random import Random
from typing import Any

from pipelines.simulate.crash import Crash, RawFile, iso_time, refusal
from pipelines.simulate.json_text import as_json
from pipelines.simulate.leftovers import custom_data
from pipelines.simulate.minidump_writer import write_minidump


def write_bugsnag(crash: Crash, random: Random) -> RawFile:
    """Return a crash as the event that Bugsnag's notifiers send (its "Error reporting API")."""
    install, persona = crash.install, crash.persona
    system = install.system
    stack = [
        {
            "method": f"{frame.component}.{frame.function}",
            "file": frame.file,
            "lineNumber": frame.line,
            "inProject": frame.own,
        }
        for frame in crash.fault.frames
    ]
    event: dict[str, Any] = {
        "id": crash.report_id,
        "exceptions": [
            {"errorClass": crash.fault.kind, "message": crash.message, "stacktrace": stack}
        ],
        "app": {
            "id": install.platform.product,
            "version": install.version,
            "releaseStage": install.channel,
            "binaryArch": install.architecture,
            "duration": crash.uptime_s * 1000,
        },
        "device": {
            "id": install.install_id,
            "osName": system.name,
            "osVersion": system.version,
            "runtimeVersions": {"osBuild": system.build},
            "hostname": persona.host_name,
            "totalMemory": random.choice((4, 8)) << 30,
            "time": iso_time(crash.received_at),
        },
        "user": {
            "id": persona.user_name,
            "name": persona.person_name,
            "email": persona.mail_address,
        },
        "breadcrumbs": [{"name": f"opened {persona.document_name}", "type": "navigation"}],
        "metaData": {"custom": custom_data(crash)},
    }
    return RawFile(as_json(event).encode(), ".bugsnag")


def write_exceptionless(crash: Crash, random: Random) -> RawFile:
    """Return a crash as the event that Exceptionless' client for .NET sends."""
    install, persona = crash.install, crash.persona
    system = install.system
    stack = [
        {
            "declaring_namespace": frame.component,
            "declaring_type": frame.function.rpartition(".")[0],
            "name": frame.function.rpartition(".")[2],
            "file_name": f"{crash.home}\\source\\repos\\atlas\\{frame.file}",
            "line_number": frame.line,
        }
        for frame in crash.fault.frames
    ]
    event: dict[str, Any] = {
        "type": "error",
        "date": iso_time(crash.received_at),
        "reference_id": crash.report_id,
        "message": crash.message,
        "tags": [f"node{random.randrange(9)}"],
        "data": {
            "@version": install.version,
            "@user": {"identity": persona.mail_address, "name": persona.person_name},
            "@request": {
                "client_ip_address": persona.ip_address,
                "query_string": custom_data(crash),
            },
            "@environment": {
                "process_name": f"{crash.home}\\{install.platform.product}.exe",
                "o_s_name": f"Windows {system.version}",
                "o_s_version": system.windows_number,
                "architecture": "ARM64" if install.architecture == "arm64" else "x64",
                "install_id": install.install_id,
                "machine_name": persona.host_name,
            },
            "@error": {"type": crash.fault.kind, "message": crash.message, "stack_trace": stack},
        },
    }
    return RawFile(as_json(event).encode(), ".exceptionless")


def write_sentry_envelope(crash: Crash, random: Random) -> RawFile:
    """Return a crash as Sentry's native SDK sends it: an event, and its minidump attached."""
    install, persona = crash.install, crash.persona
    event = {
        "event_id": crash.report_id.replace("-", ""),
        "timestamp": iso_time(crash.received_at),
        "platform": "native",
        "release": f"{install.platform.product}@{install.version}",
        "environment": install.channel,
        "user": {"id": install.install_id, "email": persona.mail_address},
        "server_name": persona.host_name,
        "tags": {"event.process": crash.process_type},
        "extra": custom_data(crash),
    }
    # The envelope's own parts tell who and when, so the minidump goes without its sidecar.
    dump = write_minidump(crash, random).payload
    content = as_json(event).encode()
    lines = [
        as_json({"event_id": event["event_id"], "sent_at": event["timestamp"]}).encode(),
        as_json({"type": "event", "length": len(content)}).encode(),
        content,
        as_json(
            {"type": "attachment", "length": len(dump), "attachment_type": "event.minidump",
             "filename": f"{crash.report_id}.dmp"}
        ).encode(),
        dump,
    ]  # fmt: skip
    return RawFile(b"\n".join([*lines, b""]), ".envelope", refusal(crash))
