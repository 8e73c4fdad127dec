"""The list of modules of a minidump, each with its version and debug record."""

import hashlib
import struct
from functools import lru_cache

from pipelines.simulate.crash import Crash
from pipelines.simulate.minidump_layout import MinidumpLayout
from pipelines.simulate.modules import IMAGE_BYTES, Module

_FIXED_FILE_INFO_SIGNATURE = 0xFEEF04BD


def module_list(layout: MinidumpLayout, modules: list[Module], crash: Crash) -> bytes:
    """Return the stream of MINIDUMP_MODULEs, with their names and debug records put down."""
    version = crash.install.version
    numbers = [int(part) for part in version.split("-")[0].split(".")][:3]
    entries = []
    for module in modules:
        name = layout.string(module.path)
        record = layout.blob(_debug_record(module.name, version, crash.install.system.name))
        major, minor, patch = numbers
        entries.append(
            struct.pack("<QIIII", module.base, IMAGE_BYTES, 0, 0x6770_0000, name)
            + struct.pack("<IIII", _FIXED_FILE_INFO_SIGNATURE, 0x10000, major << 16 | minor, patch)
            + struct.pack("<II28x", major << 16 | minor, patch)
            + struct.pack("<IIIIQQ", *record, 0, 0, 0, 0)
        )
    return struct.pack("<I", len(entries)) + b"".join(entries)


@lru_cache(4096)
def _debug_record(name: str, version: str, system: str) -> bytes:
    """Return a CodeView record: RSDS with the name of the debug file, or an ELF build id."""
    identifier = hashlib.sha256(f"{name} {version}".encode()).digest()
    if system in {"Windows", "macOS"}:
        debug_file = name.rpartition(".")[0] + ".pdb" if system == "Windows" else name
        return b"RSDS" + identifier[:16] + struct.pack("<I", 1) + debug_file.encode() + b"\0"
    return b"LEpB" + identifier[:20]
