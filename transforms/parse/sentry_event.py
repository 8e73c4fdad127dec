"""Sentry events: the JSON that Sentry's SDKs send, of today's protocol and of raven's.

Attributes are those of develop.sentry.dev/sdk/event-payloads. Kept are the root cause (or the
crashed thread), the release, the environment and the names of system and processor; never
breadcrumbs, requests, variables, extra, the team's own tags, or lines of source.

An event without exception and stack counts as a crash when it carries a message at level `error`
or `fatal`. Transactions, feedback, and the reports that browsers send of broken policies (CSP,
HPKP, Expect-CT, Expect-Staple) do not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Identity, IdentityKind, RawReport
from transforms.parse.apple_facts import processor_of
from transforms.parse.documents import is_one_object
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import integer, mapping, read_object, sequence, text
from transforms.parse.normalise import OperatingSystem, architecture, operating_system
from transforms.parse.parser import ParseError
from transforms.parse.sentry_exceptions import causes_of
from transforms.parse.sentry_frames import frames_of
from transforms.parse.times import parse_time, seconds_between

FORMAT = "sentry_event"

MAPPING = FieldMapping(
    recognized_by="`event_id` and an interface, or an exception with frames; browsers' reports of "
    "policies too",
    product="`release` before `@`; else `contexts.app`",
    version="`release` behind `@`, without its build; else `contexts.app.app_version`",
    channel="`environment`, or the tag",
    os="`contexts.os`, by distribution where it names one",
    arch="the first image's `cpu_type`; else `contexts.device.arch` or `archs`; else its `arch`",
    process_type="Electron's `crashed_process`, or the tag `event.process`",
    reason="the mechanism's Mach exception, signal and code",
    exception_type="the root cause's `type`, for Java with its package",
    message="the root cause's `value`; else `logentry` or `message`",
    frames="the root cause's, else those of the exceptions around it, a thread's or the event's",
    install_id="`user.id`; else the device's id, or `contexts.app.device_app_hash`",
    report_id="`event_id`",
    received_at="`timestamp`",
    uptime_s="`timestamp` less `contexts.app.app_start_time`",
    identities="user's names, mail, id and address; `server_name`; device's name and ids",
)

_EVENT_NAMES = (
    b'"exception"',
    b'"threads"',
    b'"stacktrace"',
    b'"platform"',
    b'"sdk"',
    b'"logentry"',
    b'"message"',
    b'"sentry.interfaces.',
)
_POLICY_REPORTS = (b'"csp-report"', b'"expect-ct-report"', b'"expect-staple-report"')
_PINNING_REPORT = (b'"known-pins"', b'"validated-certificate-chain"')
_CRASH_TYPES = frozenset({None, "error", "default"})
_GRAVE_LEVELS = frozenset({None, "error", "fatal", "critical", "40", "50"})  # raven sends numbers
_RELEASE = re.compile(r"(?P<product>@?[^@]{1,200})@(?P<version>[^@+]{1,200})(?:\+[^@]{0,200})?")
_OLD_RELEASE = re.compile(r"(?P<product>[A-Za-z][\w.]*(?:-[A-Za-z][\w.]*)*)-v?(?P<version>[0-9].*)")


def sniff(payload: bytes) -> bool:
    """Tell one event by its id and one of its interfaces, or a browser's policy report."""
    if not is_one_object(payload):
        return False
    if any(name in payload for name in _POLICY_REPORTS):
        return True
    if all(name in payload for name in _PINNING_REPORT):
        return True
    interfaces = sum(name in payload for name in _EVENT_NAMES)
    if b'"event_id"' in payload:
        return interfaces > 0
    return b'"exception"' in payload and b'"stacktrace"' in payload and b'"frames"' in payload


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of an event.

    Raises:
        ParseError: `TRUNCATED`, `MALFORMED`, or `NOT_A_CRASH`.
    """
    report, is_crash = report_of(read_object(raw.payload), limits)
    if not is_crash:
        raise ParseError(FailureKind.NOT_A_CRASH)
    yield report


def report_of(event: Mapping[str, Any], limits: Limits) -> tuple[CrashReport, bool]:
    """Return the facts of an event, and whether they are those of a crash."""
    platform = text(event.get("platform"))
    causes = causes_of(_values(_interface(event, "exception")), platform)
    thrown = causes[0] if causes else {}
    message = text(thrown.get("value")) or _message(event)
    stack = _stack(event, causes)
    contexts = mapping(event.get("contexts"))
    app, device = mapping(contexts.get("app")), mapping(contexts.get("device"))
    product, version = _product_and_version(text(event.get("release")), app)
    system = _operating_system(contexts)
    happened = parse_time(event.get("timestamp"))
    images = sequence(mapping(event.get("debug_meta")).get("images"))
    frames = frames_of(stack, images, limits.max_frames)
    report = CrashReport(
        format=FORMAT,
        report_id=text(event.get("event_id")),
        install_id=_install_id(event, device, app),
        received_at=happened,
        product=product,
        version=version,
        channel=text(event.get("environment")) or _tag(event, "environment"),
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=_architecture(device, images),
        process_type=_process_type(event, contexts),
        reason=_reason(mapping(thrown.get("mechanism"))),
        exception_type=_exception_type(thrown, platform),
        message=message,
        frames=frames,
        uptime_s=seconds_between(parse_time(app.get("app_start_time")), happened),
        truncated=len(stack) > limits.max_frames,
        identities=tuple(_identities(event, device)),
    )
    return report, _is_crash(event, bool(thrown or stack), message)


def _interface(event: Mapping[str, Any], name: str) -> object:
    """Return an interface by its name of today, or by raven's `sentry.interfaces.Name`."""
    return event.get(name, event.get(f"sentry.interfaces.{name.capitalize()}"))


def _values(interface: object) -> list[Mapping[str, Any]]:
    """Return what `{"values": […]}`, `[…]` or one bare object hold."""
    found = mapping(interface).get("values", interface)
    entries = sequence(found) or [found]
    return [entry for entry in map(mapping, entries) if entry]


def _message(event: Mapping[str, Any]) -> str | None:
    for name in ("logentry", "message"):
        entry = _interface(event, name)
        found = mapping(entry)
        said = text(found.get("formatted")) or text(found.get("message")) or text(entry)
        if said:
            return said
    return None


def _is_crash(event: Mapping[str, Any], has_crash: bool, message: str | None) -> bool:
    if text(event.get("type")) not in _CRASH_TYPES:
        return False
    return has_crash or (message is not None and text(event.get("level")) in _GRAVE_LEVELS)


def _stack(event: Mapping[str, Any], causes: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
    """Return the frames, oldest first: of the first exception that has some, else of its thread.

    An event without exceptions can have frames of its own.
    """
    for exception in causes:
        own = sequence(mapping(exception.get("stacktrace")).get("frames"))
        if own:
            return own
    threads = _values(event.get("threads"))
    thread_id = next(filter(None, (text(each.get("thread_id")) for each in causes)), None)
    crashed = [thread for thread in threads if thread.get("crashed") is True]
    raised = [thread for thread in threads if thread_id and text(thread.get("id")) == thread_id]
    current = [thread for thread in threads if thread.get("current") is True]
    for thread in (*crashed, *raised, *(current if not causes else ())):
        frames = sequence(mapping(thread.get("stacktrace")).get("frames"))
        if frames:
            return frames
    return sequence(mapping(_interface(event, "stacktrace")).get("frames"))


def _product_and_version(
    release: str | None, app: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """Return what Sentry calls a release's package and version, without its build.

    Releases are `package@version+build`; older mobile SDKs wrote `package-version`. What is
    neither is a version, such as a commit.
    """
    product = text(app.get("app_identifier")) or text(app.get("app_name"))
    version = text(app.get("app_version"))
    if release is None:
        return product, version
    named = _RELEASE.fullmatch(release) or _OLD_RELEASE.fullmatch(release[:200])
    if named is not None:
        return named.group("product").strip(), named.group("version").strip()
    return product, version or release.partition(" (")[0]


def _operating_system(contexts: Mapping[str, Any]) -> OperatingSystem:
    system = mapping(contexts.get("os"))
    if not system:
        others = (mapping(context) for context in contexts.values())
        system = next((other for other in others if other.get("type") == "os"), {})
    distribution = text(system.get("distribution_name"))
    if distribution is not None:
        return operating_system(distribution, text(system.get("distribution_version")))
    name = text(system.get("name")) or text(system.get("raw_description"))
    return operating_system(name, text(system.get("version")), text(system.get("build")))


def _architecture(device: Mapping[str, Any], images: Sequence[Any]) -> str | None:
    image = mapping(next(iter(images), None))
    of_process = processor_of(integer(image.get("cpu_type")))
    if of_process is not None:
        return of_process
    named = text(device.get("arch")) or next(map(text, sequence(device.get("archs"))), None)
    return architecture(named or text(image.get("arch")))


def _process_type(event: Mapping[str, Any], contexts: Mapping[str, Any]) -> str | None:
    """Return Electron's `browser` or `renderer`; a number after it tells a window, not a kind."""
    process = (
        text(mapping(contexts.get("electron")).get("crashed_process"))
        or text(mapping(event.get("extra")).get("crashed_process"))
        or _tag(event, "event.process")
    )
    return process.partition("[")[0] if process else None


def _tag(event: Mapping[str, Any], name: str) -> str | None:
    """Return a tag from the object of tags, or from the list of pairs that Sentry exports."""
    tags = event.get("tags")
    for pair in sequence(tags):
        if len(sequence(pair)) == 2 and pair[0] == name:  # noqa: PLR2004 - a name and a value
            return text(pair[1])
    return text(mapping(tags).get(name))


def _reason(mechanism: Mapping[str, Any]) -> str | None:
    """Return `SIGSEGV / SEGV_MAPERR`, or Apple's `EXC_BAD_ACCESS / SIGSEGV`."""
    meta = mapping(mechanism.get("meta")) or mechanism  # the first SDKs had no `meta`
    mach = mapping(meta.get("mach_exception"))
    signal = mapping(meta.get("signal")) or mapping(meta.get("posix_signal"))
    mach_name = text(mach.get("name")) or text(mach.get("exception_name"))
    names = (mach_name, text(signal.get("name")), text(signal.get("code_name")))
    return " / ".join([name for name in names if name][:2]) or None


def _exception_type(thrown: Mapping[str, Any], platform: str | None) -> str | None:
    name, package = text(thrown.get("type")), text(thrown.get("module"))
    # Only Java's SDKs split the class from its package; elsewhere `module` is a file or assembly.
    if platform == "java" and name and package:
        return f"{package}.{name}"
    return name


def _install_id(
    event: Mapping[str, Any], device: Mapping[str, Any], app: Mapping[str, Any]
) -> str | None:
    """Return the user's id, which mobile SDKs set to the installation's, else a device's."""
    return (
        text(mapping(_interface(event, "user")).get("id"))
        or text(device.get("device_unique_identifier"))
        or text(device.get("id"))
        or text(app.get("device_app_hash"))
    )


def _identities(event: Mapping[str, Any], device: Mapping[str, Any]) -> Iterator[Identity]:
    user = mapping(_interface(event, "user"))
    names = [text(user.get(key)) for key in ("username", "name", "email")]
    for name in filter(None, names):
        parts = name.partition("@")[0].split()
        yield from (Identity(IdentityKind.USER_NAME, part) for part in (name, *parts))
    hosts = [text(event.get("server_name"))]
    if device.get("name") != device.get("model"):
        hosts.append(text(device.get("name")))
    yield from (Identity(IdentityKind.HOST_NAME, host) for host in hosts if host)
    ids = ("id", "ip_address"), ("id", "device_unique_identifier")
    for owner, keys in zip((user, device), ids, strict=True):
        for value in (text(owner.get(key)) for key in keys):
            if value and not value.startswith("{{"):  # `{{auto}}` asks the server to fill it in
                yield Identity(IdentityKind.DEVICE_ID, value)
