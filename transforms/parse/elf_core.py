"""ELF core files of Linux: what the kernel's notes tell, and nothing of the memory behind them.

Kept are the signal, the executable's name, and the crashed thread's instruction (with the link
register on ARM) as module and offset. Arguments, environment and registers are not kept.

Layouts: `elf.h`, and the kernel's `linux/elfcore.h` and `fs/binfmt_elf.c`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, RawReport
from transforms.parse.byte_reader import ByteReader
from transforms.parse.elf_mappings import read_mappings
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
    frames="the first thread's instruction pointer, on ARM the link register too, by NT_FILE; on "
    "arm64 without the bits of pointer authentication",
)

_MAGIC: Final = b"\x7fELF"
_CLASS_32, _CLASS_64, _LITTLE_ENDIAN = 1, 2, 1
_CORE_FILE: Final = 4
_NOTE_SEGMENT: Final = 4
_MAX_SEGMENTS: Final = 0xFFFF
_MAX_NOTES: Final = 20_000
_PRSTATUS, _PRPSINFO, _AUXV, _SIGINFO, _FILE = 1, 3, 6, 0x53494749, 0x46494C45
_ARM_PAC_MASK = 0x406
_CORE_NOTES: Final = frozenset({_PRSTATUS, _PRPSINFO, _AUXV, _SIGINFO, _FILE})
_READ: Final = {b"CORE\0": _CORE_NOTES, b"LINUX\0": frozenset({_ARM_PAC_MASK})}
"""The kernel's notes by their owner's name."""
_LONGEST_OWNER: Final = max(map(len, _READ))
_ARM64_ADDRESS_BITS: Final = (1 << 48) - 1
_ARM64_KERNEL_BIT: Final = 1 << 55
"""Set in each address of the kernel, and in none of a process, whatever is signed into it."""

_ENTRY_POINT: Final = 9
"""AT_ENTRY: the auxiliary vector's address in the executable."""

_NAME_CHARS: Final = 16


@dataclass(frozen=True, slots=True)
class _Machine:
    """A processor, and which of its saved registers hold code's addresses, innermost first."""

    arch: str
    code_registers: tuple[int, ...]


_ARM64: Final = _Machine("arm64", (32, 30))
_MACHINES: Final[Mapping[int, _Machine]] = {
    3: _Machine("x86", (12,)),
    40: _Machine("arm", (15, 14)),
    62: _Machine("x86_64", (16,)),
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
    addresses, all_registers = core.code_addresses(notes)
    yield CrashReport(
        format=FORMAT,
        product=core.product(notes, mappings),
        os_name="Linux",
        arch=core.machine.arch,
        reason=core.signal(notes),
        frames=tuple(_frame(address, mappings) for address in addresses)[: limits.max_frames],
        truncated=not (whole and all_mappings and all_registers),
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


def _word(reader: ByteReader, offset: int, word: int) -> int:
    return reader.u64(offset) if word == 8 else reader.u32(offset)  # noqa: PLR2004 - bytes


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
            for start, size in self._note_segments():
                position = start
                while position + 12 <= start + size:
                    read += 1
                    if read > _MAX_NOTES:
                        return found, False
                    position = self._note(position, found)
        except ParseError:
            return found, False
        return found, True

    def _note_segments(self) -> Iterator[tuple[int, int]]:
        """Yield where each PT_NOTE segment lies in the file, and how long it is."""
        is_64 = self.word == 8  # noqa: PLR2004 - bytes
        table = _word(self.reader, 32 if is_64 else 28, self.word)
        entry, count = self.reader.u16(54 if is_64 else 42), self.reader.u16(56 if is_64 else 44)
        for number in range(min(count, _MAX_SEGMENTS)):
            base = table + number * entry
            if self.reader.u32(base) == _NOTE_SEGMENT:
                offset = _word(self.reader, base + (8 if is_64 else 4), self.word)
                size = _word(self.reader, base + (32 if is_64 else 16), self.word)
                yield offset, size

    def _note(self, position: int, found: dict[int, bytes]) -> int:
        """Read one note and return where the next one begins."""
        name_size, size, kind = (self.reader.u32(position + 4 * part) for part in range(3))
        content = position + 12 + _aligned(name_size)
        owner = self.reader.take(position + 12, min(name_size, _LONGEST_OWNER))
        if kind in _READ.get(owner, ()) and kind not in found:
            found[kind] = self.reader.take(content, size)
        return content + _aligned(size)

    def code_addresses(self, notes: Mapping[int, bytes]) -> tuple[list[int], bool]:
        """Return the code addresses among the registers of NT_PRSTATUS, and whether all are."""
        status = notes[_PRSTATUS]
        reader = ByteReader(status)
        registers = 112 if self.word == 8 else 72  # noqa: PLR2004 - bytes
        offsets = [registers + register * self.word for register in self.machine.code_registers]
        inside = [offset for offset in offsets if offset + self.word <= len(status)]
        addresses = [_word(reader, offset, self.word) for offset in inside]
        if self.machine is _ARM64:
            signed = _signed_bits(notes.get(_ARM_PAC_MASK, b""))
            addresses = [_unsigned(address, signed) for address in addresses]
        return addresses, len(inside) == len(offsets)

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
            if _word(vector, position, self.word) == _ENTRY_POINT:
                name, _ = mappings.locate(_word(vector, position + self.word, self.word))
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
