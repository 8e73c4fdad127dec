"""The modules that a minidump lists."""

import struct
from typing import Final

from transforms.parse.minidump_streams import Minidump, Stream
from transforms.parse.modules import Module, Modules
from transforms.parse.parser import ParseError

_MODULE_SIZE: Final = 108
_MODULE: Final = struct.Struct("<QI8xI8xII")
"""BaseOfImage, SizeOfImage, ModuleNameRva; of VersionInfo both halves of the file's version."""
_MAX_MODULES: Final = 10_000
_MAX_NAME_BYTES: Final = 4 * 1024 * 1024
"""Of all names together: records that share one long name must not cost more than a file."""


def read_modules(minidump: Minidump) -> tuple[Modules, bool]:
    """Return the modules that can be read, and whether that is all of them."""
    location = minidump.stream(Stream.MODULE_LIST)
    if location is None:
        return Modules(()), True
    modules: list[Module] = []
    name_bytes = 0
    try:
        declared = minidump.reader.u32(location.offset)
        first = location.offset + 4
        if location.size == 4 + 4 + declared * _MODULE_SIZE:
            first += 4  # Breakpad pads the count where records are aligned to 8 bytes
        for number in range(min(declared, _MAX_MODULES)):
            module = _module(minidump, first + number * _MODULE_SIZE)
            name_bytes += 2 * len(module.path)
            if name_bytes > _MAX_NAME_BYTES:
                return Modules(modules), False
            modules.append(module)
    except ParseError:
        return Modules(modules), False
    return Modules(modules), declared <= _MAX_MODULES


def _module(minidump: Minidump, offset: int) -> Module:
    base, size, name, high, low = minidump.reader.unpack(_MODULE, offset)
    numbers = (high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF)
    version = ".".join(map(str, numbers)) if any(numbers) else None
    return Module(minidump.string(name) or "", base, size, version)
