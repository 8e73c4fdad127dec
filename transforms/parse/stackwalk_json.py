"""The JSON that minidump-stackwalk prints for a minidump.

Also within a snapshot of the crate insta, as rust-minidump keeps it: behind front matter in YAML,
which stands between two lines of `---` (insta.rs/docs/snapshot-files).
"""

from collections.abc import Iterator
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, RawReport
from transforms.parse import stackwalk
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import integer, mapping, read_object, text
from transforms.parse.normalise import architecture
from transforms.parse.parser import ParseError

FORMAT = "stackwalk_json"

MAPPING = FieldMapping(
    recognized_by="`crash_info`, and `system_info` or `modules`; behind front matter too",
    product="the main module's name without `.exe`",
    version="the main module's version",
    os="`lsb_release`, else `system_info`",
    arch="`system_info.cpu_arch`",
    reason="`crash_info.type`",
    message="`crash_info.assertion`",
    frames="the crashing thread's, inlined functions first",
    uptime_s="`process_uptime`",
)

_SNIFFED_BYTES: Final = 4 * 1024 * 1024
_FENCE: Final = b"---"
_LONGEST_FRONT_MATTER: Final = 16 * 1024


def sniff(payload: bytes) -> bool:
    """Tell it by the names of its parts."""
    head = _without_front_matter(payload[:_SNIFFED_BYTES])
    if not head.lstrip().startswith(b"{") or b'"json_dump"' in head or b'"stackTraces"' in head:
        return False
    return b'"crash_info"' in head and (b'"system_info"' in head or b'"modules"' in head)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report.

    Raises:
        ParseError: as `read_object`; `MALFORMED` when stackwalk itself could not read the minidump.
    """
    dump = read_object(_without_front_matter(raw.payload))
    if text(dump.get("status")) not in {None, "OK"}:
        raise ParseError(FailureKind.MALFORMED)
    system = stackwalk.system_of(dump)
    product, version = stackwalk.main_module(dump)
    uptime = integer(dump.get("process_uptime"))
    yield CrashReport(
        FORMAT,
        product=product,
        version=version,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(text(mapping(dump.get("system_info")).get("cpu_arch"))),
        reason=stackwalk.reason_of(dump),
        message=stackwalk.message_of(dump),
        frames=stackwalk.frames_of(dump, limits.max_frames),
        uptime_s=None if uptime is None else float(uptime),
    )


def _without_front_matter(payload: bytes) -> bytes:
    first, _, _ = payload[:_LONGEST_FRONT_MATTER].partition(b"\n")
    if first.rstrip() != _FENCE:
        return payload
    end = payload.find(b"\n" + _FENCE, len(_FENCE), _LONGEST_FRONT_MATTER)
    return payload if end < 0 else payload[end + 1 + len(_FENCE) :]
