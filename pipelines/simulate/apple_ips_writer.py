"""Apple's `.ips` reports of crashes: a header line, then the report, both JSON.

Fields are those of Apple's "Interpreting the JSON format of a crash report" (bug type 309).
"""

from datetime import timedelta, timezone
from random import Random
from typing import Any

from pipelines.simulate.chance import happens, random_uuid
from pipelines.simulate.crash import Crash, RawFile, module_of, refusal
from pipelines.simulate.json_text import as_json
from pipelines.simulate.modules import IMAGE_BYTES, Module, loaded_modules

_ZONE = timezone(timedelta(hours=1))
EXCEPTIONS = {
    "access": ("EXC_BAD_ACCESS", "SIGSEGV", "KERN_INVALID_ADDRESS at 0x0000000000000018"),
    "abort": ("EXC_CRASH", "SIGABRT", None),
    "trap": ("EXC_BREAKPOINT", "SIGTRAP", None),
}
_OWN_SOURCES = 0.03
"""Share of crashes of developers' own builds, which tell the full paths of their sources."""


def write_apple_ips(crash: Crash, random: Random) -> RawFile:
    """Return a crash as an .ips file; only a refusal of consent stands in a sidecar."""
    modules = loaded_modules(crash)
    header, body = header_of(crash, random), _body(crash, modules, random)
    text = as_json(header) + "\n"
    text += as_json(body) + "\n"
    return RawFile(text.encode(), ".ips", refusal(crash))


def header_of(crash: Crash, random: Random) -> dict[str, Any]:
    """Return the line that stands before every report of Apple's since 2018."""
    install = crash.install
    return {
        "app_name": install.platform.product,
        "timestamp": local_time(crash, 0),
        "app_version": install.version,
        "slice_uuid": random_uuid(random),
        "build_version": install.version.replace(".", ""),
        "platform": 2 if install.system.name == "iOS" else 1,
        "bundleID": "org.meridian.browser",
        "share_with_app_devs": 1,
        "is_first_party": 0,
        "bug_type": "309",
        "os_version": f"{_train(crash)} ({install.system.build})",
        "roots_installed": 0,
        "name": install.platform.product,
        "incident_id": crash.report_id.upper(),
    }


def _train(crash: Crash) -> str:
    system = crash.install.system
    name = "iPhone OS" if system.name == "iOS" else system.name
    return f"{name} {system.version}"


def local_time(crash: Crash, seconds_before: int) -> str:
    """Return the time so many seconds before the crash, in the zone of the user."""
    moment = (crash.received_at - timedelta(seconds=seconds_before)).astimezone(_ZONE)
    return f"{moment:%Y-%m-%d %H:%M:%S}.00 +0100"


def _body(crash: Crash, modules: list[Module], random: Random) -> dict[str, Any]:
    install, persona = crash.install, crash.persona
    kind, signal, subtype = EXCEPTIONS[crash.fault.kind]
    exception = {"type": kind, "signal": signal, "codes": "0x0000000000000001, 0x0000000000000018"}
    body: dict[str, Any] = {
        "uptime": random.randint(1000, 900000),
        "procRole": "Foreground",
        "version": 2,
        "userID": 501,
        "deployVersion": 210,
        "modelCode": "iPhone16,1" if install.system.name == "iOS" else "Mac15,3",
        "osVersion": {"train": _train(crash), "build": install.system.build, "releaseType": "User"},
        "captureTime": local_time(crash, 0),
        "procLaunch": local_time(crash, crash.uptime_s),
        "incident": crash.report_id.upper(),
        "pid": random.randint(300, 60000),
        "cpuType": "ARM-64" if install.architecture == "arm64" else "X86-64",
        "procName": install.platform.product,
        "procPath": modules[0].path,
        "bundleInfo": {
            "CFBundleShortVersionString": install.version,
            "CFBundleVersion": install.version.replace(".", ""),
            "CFBundleIdentifier": "org.meridian.browser",
        },
        "storeInfo": {"deviceIdentifierForVendor": persona.device_id, "thirdParty": True},
        "parentProc": "launchd",
        "coalitionName": "org.meridian.browser",
        "crashReporterKey": install.install_id.upper(),
        "exception": exception | ({"subtype": subtype} if subtype else {}),
        "faultingThread": 0,
        "threads": _threads(crash, modules, random),
        "usedImages": [_image(module, install.architecture) for module in modules],
        "appMetadata": {"userName": persona.user_name, "deviceName": persona.host_name},
        "reportNotes": [f"typed: {persona.comment}", f"signed in as {persona.mail_address}"],
        "logs": [f"dial {persona.ip_address} ({persona.mac_address})", persona.session_secret],
    }
    if crash.fault.kind != "access":
        body["asi"] = {"libsystem_c.dylib": [crash.message]}
    return body


def _threads(crash: Crash, modules: list[Module], random: Random) -> list[dict[str, Any]]:
    own_sources = happens(random, _OWN_SOURCES)
    indexes = {module.name: index for index, module in enumerate(modules)}
    frames = []
    for frame in crash.fault.frames:
        name = module_of(frame, crash.install.system.name)
        entry: dict[str, Any] = {
            "imageOffset": frame.offset,
            "symbol": frame.function,
            "symbolLocation": frame.offset % 97,
            "imageIndex": indexes[name],
        }
        if frame.file:
            folder = f"{crash.home}/src/meridian/" if own_sources else ""
            entry |= {"sourceFile": folder + frame.file, "sourceLine": frame.line}
        frames.append(entry)
    waiting = [{"imageOffset": 4212, "symbol": "mach_msg2_trap", "imageIndex": len(modules) - 2}]
    return [
        {"id": 1, "triggered": True, "queue": "com.apple.main-thread", "frames": frames},
        {"id": 2, "name": f"sync of {crash.persona.mail_address}", "frames": waiting},
    ]


def _image(module: Module, architecture: str) -> dict[str, Any]:
    return {
        "source": "P",
        "arch": architecture,
        "base": module.base,
        "size": IMAGE_BYTES,
        "path": module.path,
        "name": module.name,
    }
