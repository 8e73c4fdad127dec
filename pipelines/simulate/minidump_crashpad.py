"""Annotations of minidumps: Crashpad's stream of them, and the same as a collector's sidecar.

The layout is that of Crashpad's minidump/minidump_extensions.h.
"""

import struct
import uuid

from pipelines.simulate.crash import Crash, iso_time, refusal
from pipelines.simulate.minidump_layout import MinidumpLayout

_VERSION = 1
_STRING = 1  # crashpad::Annotation::Type::kString
_EXECUTABLE = 0  # index into the list of modules


def annotations_of(crash: Crash) -> dict[str, str]:
    """Return what the reporter says of the crash, in Crashpad's names."""
    install = crash.install
    annotations = {
        "prod": install.platform.product,
        "ver": install.version,
        "channel": install.channel,
        "ptype": crash.process_type,
        "plat": install.system.name,
        "url-chunk": f"https://shop.example.org/pay?card={crash.persona.credit_card}",
    }
    return annotations | refusal(crash)


def sidecar_of(crash: Crash) -> dict[str, str]:
    """Return the annotations of a dump that has none of its own, as its sender added to them."""
    return annotations_of(crash) | {
        "guid": crash.install.install_id,
        "report_id": crash.report_id,
        "received_at": iso_time(crash.received_at),
        "email": crash.persona.mail_address,
        "comments": crash.persona.comment,
    }


def crashpad_info(layout: MinidumpLayout, crash: Crash) -> bytes:
    """Return the stream MinidumpCrashpadInfo, with what it points to put down."""
    report, client = uuid.UUID(crash.report_id), uuid.UUID(crash.install.install_id)
    head = struct.pack("<I", _VERSION) + report.bytes_le + client.bytes_le
    modules = struct.pack("<IIII", 1, _EXECUTABLE, *layout.blob(_module_info(layout, crash)))
    simple = layout.dictionary(annotations_of(crash))
    return head + struct.pack("<IIII", *simple, *layout.blob(modules))


def _module_info(layout: MinidumpLayout, crash: Crash) -> bytes:
    """Return a MinidumpModuleCrashpadInfo: annotations that the module's own code has set."""
    objects = {"field-text": crash.persona.person_name, "peer": crash.persona.ip_address}
    packed = b"".join(
        struct.pack("<IHHI", layout.utf8_string(name), _STRING, 0, _byte_array(layout, value))
        for name, value in objects.items()
    )
    annotation_list = layout.blob(struct.pack("<I", len(objects)) + packed)
    return struct.pack("<IIIIIII", _VERSION, 0, 0, 0, 0, *annotation_list)


def _byte_array(layout: MinidumpLayout, text: str) -> int:
    encoded = text.encode()
    return layout.blob(struct.pack("<I", len(encoded)) + encoded)[1]
