"""The crashing thread of a minidump and its stack, as addresses, innermost first.

There are no symbols here, so no unwind tables: the stack is walked along frame pointers, and
where that chain breaks, the words of the stack that point just behind a module's start are taken
for return addresses, as Breakpad's and rust-minidump's stack scanning does.
"""

import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from transforms.parse.minidump_streams import Location, Minidump, Stream
from transforms.parse.modules import Modules
from transforms.parse.parser import ParseError

_THREAD_SIZE: Final = 48
_MAX_THREADS: Final = 10_000
_MAX_MEMORY_RANGES: Final = 100_000
_MAX_STACK_BYTES: Final = 1024 * 1024
_MAX_SCANNED_WORDS: Final = 40
"""Between two frames; rust-minidump scans as many (`minidump-unwind`, its scan after the first)."""
_MAX_FIRST_SCAN_WORDS: Final = 160
_HEADER_BYTES: Final = 4_096
"""The first page of a module holds its headers, never code."""
_WORD_OF_32_BITS: Final = 4
_ALL_BITS: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class _Registers:
    """Where a thread was: instruction pointer, stack pointer, frame pointer, link register."""

    instruction: int
    stack: int
    frame: int
    link: int | None = None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Offsets of the registers within a context record, and the size in bytes of a word."""

    instruction: int
    stack: int
    frame: int
    link: int | None
    word: int


# CONTEXT of `winnt.h` for x86, x86_64 and arm64; MDRawContextARM and, for arm64, both forms of
# Breakpad's `minidump_cpu_arm64.h`, whose registers lie at the same places.
_LAYOUTS: Final = {
    "x86": _Layout(184, 196, 180, None, 4),
    "x86_64": _Layout(248, 152, 160, None, 8),
    "arm": _Layout(64, 56, 48, 60, 4),
    "arm64": _Layout(264, 256, 240, 248, 8),
}
_ADDRESS_BITS: Final = {"arm64": (1 << 48) - 1}
"""Above them stand tags and pointer authentication codes."""


class _Stack:
    """The part of a stack that the minidump holds, from its address upwards."""

    def __init__(self, start: int, content: bytes, word: int) -> None:
        self.start, self.word = start, word
        self.words = array("I" if word == _WORD_OF_32_BITS else "Q", content)
        if sys.byteorder == "big":
            self.words.byteswap()

    def at(self, address: int) -> int | None:
        """Return the word at an address, None outside the stack or between two words."""
        position, between = divmod(address - self.start, self.word)
        if between or not 0 <= position < len(self.words):
            return None
        return self.words[position]


def crashing_thread_stack(
    minidump: Minidump,
    arch: str | None,
    modules: Modules,
    thread_id: int | None,
    context: Location | None,
    max_frames: int,
) -> tuple[list[int], bool]:
    """Return the addresses of a thread's frames, and whether all that they need could be read.

    `context` is the exception's; without one the thread's own is used.
    """
    layout = _LAYOUTS.get(arch or "")
    if layout is None:
        return [], True
    try:
        thread = _thread(minidump, thread_id)
        context = context or (thread.context if thread else None)
        if context is None or context.size == 0:
            return [], thread_id is None
        registers = _registers(minidump, layout, context, _ADDRESS_BITS.get(arch or "", _ALL_BITS))
    except ParseError:
        return [], False
    stack, whole = _stack(minidump, thread, registers.stack, layout.word)
    addresses = _walk(registers, stack, modules, _ADDRESS_BITS.get(arch or "", _ALL_BITS))
    return list(islice(addresses, max_frames)), whole


@dataclass(frozen=True, slots=True)
class _Thread:
    stack_start: int
    stack: Location
    context: Location


def _thread(minidump: Minidump, thread_id: int | None) -> _Thread | None:
    """Return the thread of an id, None when the list does not have it."""
    location = minidump.stream(Stream.THREAD_LIST)
    if location is None or thread_id is None:
        return None
    reader = minidump.reader
    count = reader.u32(location.offset)
    first = location.offset + (8 if location.size == 8 + count * _THREAD_SIZE else 4)
    for number in range(min(count, _MAX_THREADS)):
        offset = first + number * _THREAD_SIZE
        if reader.u32(offset) == thread_id:
            return _Thread(
                reader.u64(offset + 24),
                Location(reader.u32(offset + 36), reader.u32(offset + 32)),
                Location(reader.u32(offset + 44), reader.u32(offset + 40)),
            )
    return None


def _registers(minidump: Minidump, layout: _Layout, context: Location, mask: int) -> _Registers:
    read = minidump.reader.u32 if layout.word == _WORD_OF_32_BITS else minidump.reader.u64
    base = context.offset
    return _Registers(
        read(base + layout.instruction) & mask,
        read(base + layout.stack) & mask,
        read(base + layout.frame) & mask,
        None if layout.link is None else read(base + layout.link) & mask,
    )


def _stack(
    minidump: Minidump, thread: _Thread | None, pointer: int, word: int
) -> tuple[_Stack, bool]:
    """Return the memory that the stack pointer points into, and whether the file has all of it."""
    ranges = [(thread.stack_start, thread.stack)] if thread else []
    if not any(start <= pointer < start + where.size for start, where in ranges):
        ranges = list(_memory_ranges(minidump))
    for start, where in ranges:
        if start <= pointer < start + where.size:
            skipped = (pointer - start) // word * word
            size = min(where.size - skipped, _MAX_STACK_BYTES)
            there = max(min(size, len(minidump.reader) - where.offset - skipped), 0) // word * word
            content = minidump.reader.take(where.offset + skipped, there) if there else b""
            return _Stack(start + skipped, content, word), there + word > size
    return _Stack(0, b"", word), True


def _memory_ranges(minidump: Minidump) -> Iterator[tuple[int, Location]]:
    reader = minidump.reader
    try:
        if (memory := minidump.stream(Stream.MEMORY_LIST)) is not None:
            count = reader.u32(memory.offset)
            first = memory.offset + (8 if memory.size == 8 + count * 16 else 4)
            for offset in range(first, first + 16 * min(count, _MAX_MEMORY_RANGES), 16):
                where = Location(reader.u32(offset + 12), reader.u32(offset + 8))
                yield reader.u64(offset), where
        if (memory := minidump.stream(Stream.MEMORY64_LIST)) is not None:
            count, position = reader.u64(memory.offset), reader.u64(memory.offset + 8)
            first = memory.offset + 16
            for offset in range(first, first + 16 * min(count, _MAX_MEMORY_RANGES), 16):
                size = reader.u64(offset + 8)
                yield reader.u64(offset), Location(position, size)
                position += size
    except ParseError:
        return


def _walk(registers: _Registers, stack: _Stack, modules: Modules, mask: int) -> Iterator[int]:
    """Yield the addresses of the frames, from the instruction pointer outwards."""
    yield registers.instruction
    pointer, frame, word = registers.stack, registers.frame, stack.word
    in_module = modules.containing(registers.instruction)
    chained = _return_address(stack, frame, pointer, modules, mask)
    called_badly = in_module is None
    link = registers.link
    if link is not None and link != chained:
        caller = modules.containing(link - 1)
        if caller is not None and caller is not in_module:
            yield link
            called_badly = False
    scanned = _MAX_FIRST_SCAN_WORDS
    while True:
        returned = None if called_badly else _return_address(stack, frame, pointer, modules, mask)
        if returned is not None:
            pointer, frame = frame + 2 * word, (stack.at(frame) or 0) & mask
        else:
            place = _scan(stack, pointer, modules, mask, scanned)
            if place is None:
                return
            returned = (stack.at(place) or 0) & mask
            pushed = (stack.at(place - word) or 0) & mask
            frame = pushed if pushed > place else frame
            pointer = place + word
        yield returned
        called_badly = False
        scanned = _MAX_SCANNED_WORDS


def _return_address(
    stack: _Stack, frame: int, pointer: int, modules: Modules, mask: int
) -> int | None:
    """Return the return address of the frame record at `frame`, None if there is no such record."""
    if frame < pointer:
        return None
    address = stack.at(frame + stack.word)
    if address is None or modules.containing((address & mask) - 1) is None:
        return None
    return address & mask


def _scan(stack: _Stack, pointer: int, modules: Modules, mask: int, words: int) -> int | None:
    """Return the first place at or above the stack pointer that holds a likely return address."""
    start = pointer + -pointer % stack.word
    first, between = divmod(start - stack.start, stack.word)
    if between or first < 0:
        return None
    for number, address in enumerate(stack.words[first : first + words]):
        module = modules.containing((address & mask) - 1)
        if module is not None and (address & mask) - module.base >= _HEADER_BYTES:
            return start + number * stack.word
    return None
