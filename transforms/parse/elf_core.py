"""ELF core files of Linux: what the kernel's notes tell, and the stack by its frame records.

Kept are the signal, the executable's name, and the crashed thread's instruction and its callers as
module and offset. Arguments, environment, registers and what else the memory holds are not kept.

Layouts: `elf.h`, and the kernel's `linux/elfcore.h` and `fs/binfmt_elf.c`.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.byte_reader import ByteReader
from transforms.parse.calls import call_bytes
from transforms.parse.elf_mappings import read_mappings
from transforms.parse.elf_stack import Memory, Segment
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.mappings import Mappings
from transforms.parse.minidump_system import Platform
from transforms.parse.parser import ParseError
from transforms.parse.reasons import reason

FORMAT = "elf_core"

MAPPING = FieldMapping(
    recognized_by="a little-endian ELF header of type `ET_CORE`",
    product="the file at `AT_ENTRY` by NT_AUXV and NT_FILE, else NT_PRPSINFO's `pr_fname`",
    os="Linux, without version",
    arch="the header's `e_machine`",
    reason="NT_SIGINFO's signal and code, else NT_PRSTATUS' signal",
    frames="the first thread's instruction pointer and, but on 32-bit ARM, its callers by frame "
    "pointers; on ARM the link register where it is another file's or no record is found; by "
    "NT_FILE, on arm64 without the bits of pointer authentication",
)

_MAGIC: Final = b"\x7fELF"
_CLASS_32, _CLASS_64, _LITTLE_ENDIAN = 1, 2, 1
_CORE_FILE: Final = 4
_LOADED_SEGMENT, _NOTE_SEGMENT = 1, 4
_EXECUTABLE: Final = 1
_PROGRAM_HEADER_64: Final = struct.Struct("<IIQQQQQ")
_PROGRAM_HEADER_32: Final = struct.Struct("<IIIIIII")
"""Elf64_Phdr and Elf32_Phdr up to the alignment: flags stand second there, and last here."""

_MAX_SEGMENTS: Final = 0xFFFF
_MAX_NOTES: Final = 20_000
_PRSTATUS, _PRPSINFO, _AUXV, _SIGINFO, _FILE = 1, 3, 6, 0x53494749, 0x46494C45
_ARM_PAC_MASK = 0x406
_CORE_NOTES: Final = frozenset({_PRSTATUS, _PRPSINFO, _AUXV, _SIGINFO, _FILE})
_READ: Final = {b"CORE\0": _CORE_NOTES, b"LINUX\0": frozenset({_ARM_PAC_MASK})}
"""The kernel's notes by their owner's name."""
_LONGEST_OWNER: Final = max(map(len, _READ))
_ALL_BITS: Final = (1 << 64) - 1
_ARM64_ADDRESS_BITS: Final = (1 << 48) - 1
_ARM64_KERNEL_BIT: Final = 1 << 55
"""Set in each address of the kernel, and in none of a process, whatever is signed into it."""

_ENTRY_POINT: Final = 9
"""AT_ENTRY: the auxiliary vector's address in the executable."""

_NAME_CHARS: Final = 16


@dataclass(frozen=True, slots=True)
class _Machine:
    """A processor, and the places of its registers among those that the kernel saves.

    32-bit ARM has no frame pointer that all code agrees on.
    """

    arch: str
    instruction: int
    stack: int
    link: int | None = None
    frame: int | None = None


_ARM64: Final = _Machine("arm64", 32, 31, link=30, frame=29)
_MACHINES: Final[Mapping[int, _Machine]] = {
    3: _Machine("x86", 12, 15, frame=5),
    40: _Machine("arm", 15, 13, link=14),
    62: _Machine("x86_64", 16, 19, frame=4),
    183: _ARM64,
}


def sniff(payload: bytes) -> bool:
    """Tell a core by the ELF header: its type is a core file's."""
    return (
        payload.startswith(_MAGIC)
        and payload[5:6] == bytes([_LITTLE_ENDIAN])
        and payload[16:18] == _CORE_FILE.to_bytes(2, "little")
    )


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of a core.

    Raises:
        ParseError: `TRUNCATED` when the file ends before the crashed thread's note, `MALFORMED`
            when it has none or is of a processor that is not known.
    """
    core = _open(raw.payload)
    notes, whole = core.notes()
    if _PRSTATUS not in notes:
        raise ParseError(FailureKind.MALFORMED if whole else FailureKind.TRUNCATED)
    mappings, all_mappings = read_mappings(notes.get(_FILE, b""), core.word)
    frames, all_frames = core.frames(notes, mappings, limits.max_frames)
    yield CrashReport(
        format=FORMAT,
        product=core.product(notes, mappings),
        os_name="Linux",
        arch=core.machine.arch,
        reason=core.signal(notes),
        frames=frames,
        truncated=not (whole and all_mappings and all_frames),
    )


def _frame(address: int, mappings: Mappings) -> Frame:
    """Return a frame as module and offset; an address outside all files tells nothing."""
    module, offset = mappings.locate(address)
    return Frame(module=module, offset=offset)


def _open(payload: bytes) -> "_Core":
    reader = ByteReader(payload)
    word = {_CLASS_32: 4, _CLASS_64: 8}.get(reader.take(4, 1)[0])
    machine = _MACHINES.get(reader.u16(18))
    if word is None or machine is None:
        raise ParseError(FailureKind.MALFORMED)
    return _Core(reader, word, machine)


@dataclass(frozen=True, slots=True)
class _Core:
    """A core's bytes, the bytes of its words (4 or 8), and its processor."""

    reader: ByteReader = field(repr=False)
    word: int
    machine: _Machine

    def notes(self) -> tuple[dict[int, bytes], bool]:
        """Return the kernel's first note of each type, and whether all notes could be read.

        The first thread's notes are the crashed one's.
        """
        found: dict[int, bytes] = {}
        read = 0
        try:
            for segment in self._segments(_NOTE_SEGMENT):
                position = segment.offset
                while position + 12 <= segment.offset + segment.size_in_file:
                    read += 1
                    if read > _MAX_NOTES:
                        return found, False
                    position = self._note(position, found)
        except ParseError:
            return found, False
        return found, True

    def _segments(self, kind: int) -> Iterator[Segment]:
        """Yield the segments of a kind that the program header table tells."""
        is_64 = self.word == 8  # noqa: PLR2004 - bytes
        form = _PROGRAM_HEADER_64 if is_64 else _PROGRAM_HEADER_32
        table = self.reader.word(32 if is_64 else 28, self.word)
        entry, count = self.reader.u16(54 if is_64 else 42), self.reader.u16(56 if is_64 else 44)
        for number in range(min(count, _MAX_SEGMENTS)):
            told, *rest = self.reader.unpack(form, table + number * entry)
            if told == kind:
                flags = rest.pop(0 if is_64 else -1)
                offset, start, _, in_file, in_memory = rest
                yield Segment(start, in_memory, offset, in_file, bool(flags & _EXECUTABLE))

    def _note(self, position: int, found: dict[int, bytes]) -> int:
        """Read one note and return where the next one begins."""
        name_size, size, kind = (self.reader.u32(position + 4 * part) for part in range(3))
        content = position + 12 + _aligned(name_size)
        owner = self.reader.take(position + 12, min(name_size, _LONGEST_OWNER))
        if kind in _READ.get(owner, ()) and kind not in found:
            found[kind] = self.reader.take(content, size)
        return content + _aligned(size)

    def frames(
        self, notes: Mapping[int, bytes], mappings: Mappings, most: int
    ) -> tuple[tuple[Frame, ...], bool]:
        """Return at most as many frames, innermost first, and whether these are all."""
        signed = _signed_bits(notes.get(_ARM_PAC_MASK, b"")) if self.machine is _ARM64 else 0
        status, machine = notes[_PRSTATUS], self.machine
        told = [self._register(status, number) for number in (machine.instruction, machine.link)]
        addresses = [_unsigned(address, signed) for address in told if address is not None]
        call = call_bytes(machine.arch)
        located = [
            _frame(address - call if number else address, mappings)
            for number, address in enumerate(addresses)
        ]
        wanted = 1 if machine.link is None else 2
        stack, frame = (self._register(status, each) for each in (machine.stack, machine.frame))
        if stack is not None and frame is not None and located:
            callers = self._callers(stack, frame, _ALL_BITS & ~signed, most)
            called = [_frame(address - call, mappings) for address in callers]
            # In a function that has called another the link register is no longer its caller's.
            if called and located[-1].module in {None, located[0].module}:
                located = located[:1]
            located += called
        return tuple(located[:most]), len(addresses) == wanted and len(located) <= most

    def _register(self, status: bytes, number: int | None) -> int | None:
        """Return a register of NT_PRSTATUS, None if the note ends before it."""
        registers = 112 if self.word == 8 else 72  # noqa: PLR2004 - bytes
        if number is None or registers + (number + 1) * self.word > len(status):
            return None
        return ByteReader(status).word(registers + number * self.word, self.word)

    def _callers(self, stack: int, frame: int, address_bits: int, most: int) -> list[int]:
        try:
            segments = list(self._segments(_LOADED_SEGMENT))
        except ParseError:
            return []
        memory = Memory(self.reader, segments, self.word)
        return list(islice(memory.return_addresses(stack, frame, address_bits), most))

    def signal(self, notes: Mapping[int, bytes]) -> str | None:
        """Return the signal with its code from NT_SIGINFO, else as NT_PRSTATUS tells it."""
        info, status = ByteReader(notes.get(_SIGINFO, b"")), ByteReader(notes[_PRSTATUS])
        if len(info) >= 12:  # noqa: PLR2004 - number, errno and code
            number, code = info.u32(0), info.u32(8)
        elif len(status) >= 14:  # noqa: PLR2004 - siginfo and the current signal
            number, code = status.u16(12), 0
        else:
            return None
        return reason(Platform.LINUX, number, code) if number else None

    def product(self, notes: Mapping[int, bytes], mappings: Mappings) -> str | None:
        """Return the name of the file with the program's entry point, else the process's."""
        vector = ByteReader(notes.get(_AUXV, b""))
        for position in range(0, len(vector) - 2 * self.word + 1, 2 * self.word):
            if vector.word(position, self.word) == _ENTRY_POINT:
                name, _ = mappings.locate(vector.word(position + self.word, self.word))
                if name is not None:
                    return name
        start = 40 if self.word == 8 else 28  # noqa: PLR2004 - bytes
        process = notes.get(_PRPSINFO, b"")[start : start + _NAME_CHARS].split(b"\0")[0]
        return process.decode("utf-8", "replace") or None


def _signed_bits(note: bytes) -> int:
    """Return the bits of a code address that hold its signature: NT_ARM_PAC_MASK's second word.

    Without that note (`struct user_pac_mask` of the kernel's `asm/ptrace.h`), they may be any
    beyond the 48 bits of an address.
    """
    reader = ByteReader(note)
    return reader.u64(8) if len(note) >= 16 else ~_ARM64_ADDRESS_BITS  # noqa: PLR2004 - two words


def _unsigned(address: int, signed_bits: int) -> int:
    """Return the address of a process without what is signed into it; the kernel's as it is."""
    return address if address & _ARM64_KERNEL_BIT else address & ~signed_bits


def _aligned(size: int) -> int:
    return (size + 3) & ~3
