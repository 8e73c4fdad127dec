"""Processed crashes of Socorro, Mozilla's crash collector (its `processed_crash` schema)."""

from collections.abc import Iterator
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import stackwalk
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import integer, mapping, read_object, text
from transforms.parse.normalise import architecture, operating_system
from transforms.parse.times import parse_time

FORMAT = "socorro_processed"

MAPPING = FieldMapping(
    recognized_by="`json_dump` and one of `crash_id`, `uuid`, `signature`",
    product="`product`",
    version="`version`",
    channel="`release_channel`",
    os="`os_name`, `os_version`; else as `stackwalk_json`",
    arch="`cpu_arch`, else `json_dump`'s, else `cpu_name`",
    process_type="`process_type`",
    reason="`reason`, else `crash_info.type`",
    message="`moz_crash_reason`, else `crash_info.assertion`",
    frames="`json_dump`: the crashing thread's",
    report_id="`crash_id`, else `uuid`",
    received_at="`submitted_timestamp`, else `date_processed`",
    uptime_s="`uptime`",
)

_SNIFFED_BYTES: Final = 4 * 1024 * 1024


def sniff(payload: bytes) -> bool:
    """Tell a processed crash by the stack that it holds and by the names around it."""
    head = payload[:_SNIFFED_BYTES]
    return (
        head.lstrip().startswith(b"{")
        and b'"json_dump"' in head
        and (b'"crash_id"' in head or b'"uuid"' in head or b'"signature"' in head)
    )


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a processed crash.

    Raises:
        ParseError: as `read_object`.
    """
    crash = read_object(raw.payload)
    dump = mapping(crash.get("json_dump"))
    named = operating_system(text(crash.get("os_name")), text(crash.get("os_version")))
    system = named if named.name else stackwalk.system_of(dump)
    uptime = integer(crash.get("uptime"))
    arch = text(crash.get("cpu_arch")) or text(mapping(dump.get("system_info")).get("cpu_arch"))
    received_at = text(crash.get("submitted_timestamp")) or text(crash.get("date_processed"))
    yield CrashReport(
        FORMAT,
        report_id=text(crash.get("crash_id")) or text(crash.get("uuid")),
        received_at=parse_time(received_at),
        product=text(crash.get("product")),
        version=text(crash.get("version")),
        channel=text(crash.get("release_channel")) or text(crash.get("ReleaseChannel")),
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(arch or text(crash.get("cpu_name"))),
        process_type=text(crash.get("process_type")),
        reason=text(crash.get("reason")) or stackwalk.reason_of(dump),
        message=text(crash.get("moz_crash_reason")) or stackwalk.message_of(dump),
        frames=stackwalk.frames_of(dump, limits.max_frames),
        uptime_s=None if uptime is None else float(uptime),
    )
