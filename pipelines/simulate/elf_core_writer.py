"""ELF cores of Linux: the kernel's notes on one thread, and a segment of memory.

Layouts are those of elf(5), and of the kernel's `linux/elfcore.h` and `fs/binfmt_elf.c`.
"""

import struct
from random import Random

from pipelines.simulate.crash import Crash, RawFile, collector_annotations, module_of
from pipelines.simulate.leftovers import environment, log_lines
from pipelines.simulate.linux_writers import SIGNALS
from pipelines.simulate.memory import CALL_BYTES
from pipelines.simulate.modules import IMAGE_BYTES, loaded_modules

_PRSTATUS, _PRPSINFO, _AUXV, _SIGINFO, _FILE = 1, 3, 6, 0x53494749, 0x46494C45
_ENTRY_POINT = 9
_CODES = {"access": 1, "abort": -6, "trap": 1}  # SEGV_MAPERR, SI_TKILL, TRAP_BRKPT
# Of each processor: its number, how many registers NT_PRSTATUS has, and which is the place.
_MACHINES = {"x86_64": (62, 27, 16), "arm64": (183, 34, 32)}
_LINK = 30  # of arm64, with the address to return to
_HEADER_BYTES, _SEGMENT_BYTES, _PAGE = 64, 56, 4096
_CORE_FILE, _NOTES, _MEMORY = 4, 4, 1


def write_elf_core(crash: Crash, random: Random) -> RawFile:
    """Return a crash as a core; who sent it stands in a sidecar."""
    number, _ = SIGNALS[crash.fault.kind]
    machine, _, _ = _MACHINES[crash.install.architecture]
    modules = loaded_modules(crash)
    notes = b"".join(
        (
            _note(_PRSTATUS, _status(crash, number)),
            _note(_PRPSINFO, bytes(40) + b"meridian".ljust(96, b"\0")),
            _note(
                _SIGINFO, struct.pack("<iii", number, 0, _CODES[crash.fault.kind]).ljust(128, b"\0")
            ),
            _note(_AUXV, struct.pack("<QQQQ", _ENTRY_POINT, modules[0].base + 64, 0, 0)),
            _note(_FILE, _files(crash)),
        )
    )
    texts = [f"{name}={value}" for name, value in environment(crash).items()] + log_lines(crash)
    memory = b"".join(text.encode() + b"\0" for text in texts) + random.randbytes(64)
    start = _HEADER_BYTES + 2 * _SEGMENT_BYTES
    header = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", _CORE_FILE, machine, 1, 0, _HEADER_BYTES, 0, 0,
                          _HEADER_BYTES, _SEGMENT_BYTES, 2, 0, 0, 0)  # fmt: skip
    segments = struct.pack("<IIQQQQQQ", _NOTES, 0, start, 0, 0, len(notes), 0, 0)
    segments += struct.pack("<IIQQQQQQ", _MEMORY, 6, start + len(notes), 0x7FFD_0000_0000, 0,
                            len(memory), len(memory), _PAGE)  # fmt: skip
    return RawFile(header + segments + notes + memory, ".core", collector_annotations(crash))


def _note(kind: int, content: bytes) -> bytes:
    return (
        struct.pack("<III", 5, len(content), kind)
        + b"CORE\0\0\0\0"
        + content
        + bytes(-len(content) % 4)
    )


def _status(crash: Crash, signal: int) -> bytes:
    """Return NT_PRSTATUS: the signal, and the registers behind 112 bytes of the process."""
    _, count, place = _MACHINES[crash.install.architecture]
    registers = [0] * count
    bases = {module.name: module.base for module in loaded_modules(crash)}
    top, caller, *_ = (bases[module_of(each, "Linux")] + each.offset for each in crash.fault.frames)
    registers[place] = top
    if crash.install.architecture == "arm64":
        registers[_LINK] = caller + CALL_BYTES["arm64"]
    head = struct.pack("<iiih", signal, 0, 0, signal).ljust(112, b"\0")
    return head + struct.pack(f"<{count}Q", *registers)


def _files(crash: Crash) -> bytes:
    modules = loaded_modules(crash)
    mapped = b"".join(
        struct.pack("<QQQ", each.base, each.base + IMAGE_BYTES, 0) for each in modules
    )
    paths = b"".join(module.path.encode() + b"\0" for module in modules)
    return struct.pack("<QQ", len(modules), _PAGE) + mapped + paths
