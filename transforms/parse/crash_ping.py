"""Crash pings of Firefox (its `crash-ping.rst`): a short report without memory."""

from collections.abc import Iterator
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import stackwalk
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import mapping, read_object, text
from transforms.parse.normalise import architecture, operating_system
from transforms.parse.times import parse_time

FORMAT = "crash_ping"

MAPPING = FieldMapping(
    recognized_by="`crashDate`, `payload` and `application`",
    product="`application.name`",
    version="`application.displayVersion`, else `version`",
    channel="`application.channel`",
    os="`environment.system.os`",
    arch="`application.architecture`",
    process_type="`payload.processType`",
    reason="`stackTraces.crash_info.type`",
    message="`metadata.MozCrashReason`",
    frames="`stackTraces`: the crashing thread's",
    install_id="`clientId`",
    report_id="`payload.crashId`, else `id`",
    received_at="`payload.crashTime`, else `creationDate`",
)

_SNIFFED_BYTES: Final = 4 * 1024 * 1024


def sniff(payload: bytes) -> bool:
    """Tell a ping by the names that only crash pings have together."""
    head = payload[:_SNIFFED_BYTES]
    return (
        head.lstrip().startswith(b"{")
        and b'"crashDate"' in head
        and b'"payload"' in head
        and b'"application"' in head
    )


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a ping.

    Raises:
        ParseError: as `read_object`.
    """
    ping = read_object(raw.payload)
    application, payload = mapping(ping.get("application")), mapping(ping.get("payload"))
    metadata, stacks = mapping(payload.get("metadata")), mapping(payload.get("stackTraces"))
    system = mapping(mapping(mapping(ping.get("environment")).get("system")).get("os"))
    build = text(system.get("windowsBuildNumber"))
    found = operating_system(text(system.get("name")), text(system.get("version")), build)
    yield CrashReport(
        FORMAT,
        report_id=text(payload.get("crashId")) or text(ping.get("id")),
        install_id=text(ping.get("clientId")),
        received_at=parse_time(text(payload.get("crashTime")) or text(ping.get("creationDate"))),
        product=text(application.get("name")),
        version=text(application.get("displayVersion")) or text(application.get("version")),
        channel=text(application.get("channel")),
        os_name=found.name,
        os_version=found.version,
        os_build=found.build,
        arch=architecture(text(application.get("architecture"))),
        process_type=text(payload.get("processType")),
        reason=stackwalk.reason_of(stacks),
        message=text(metadata.get("MozCrashReason")),
        frames=stackwalk.frames_of(stacks, limits.max_frames),
    )
