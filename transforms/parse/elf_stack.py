"""The callers of a crashed thread, by the frame records on its stack in an ELF core.

A frame record is two words: the address of the caller's record, and the address to return to
(AAPCS64's "The Frame Pointer"; on x86 what `push %ebp; mov %esp, %ebp` leaves). A record counts if
it lies in the stack's memory, above the stack pointer and the record before it, and returns into
code. Nothing else of the memory is looked at.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.parse.byte_reader import ByteReader


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the memory: where it lay, and how much of it the file has, from which offset."""

    start: int
    size: int
    offset: int
    size_in_file: int
    is_executable: bool


class Memory:
    """The memory of a process, as far as its core has it."""

    def __init__(self, payload: ByteReader, segments: Sequence[Segment], word: int) -> None:
        self._payload, self._word = payload, word
        self._segments = sorted(segments, key=lambda segment: segment.start)
        self._starts = [segment.start for segment in self._segments]

    def return_addresses(self, stack: int, frame: int, address_bits: int) -> Iterator[int]:
        """Yield where the callers go on, innermost first.

        `stack` and `frame` are the stack pointer and the frame pointer, which code that keeps no
        frame records uses for anything; only `address_bits` of what a record holds are an address.
        """
        memory = self._containing(stack)
        while memory is not None and frame >= stack and self._containing(frame) is memory:
            caller, returned = self._at(frame), self._at(frame + self._word)
            if caller is None or returned is None or not self._is_code(returned & address_bits):
                return
            yield returned & address_bits
            if caller <= frame:
                return
            frame = caller

    def _at(self, address: int) -> int | None:
        """Return the word at an address, None where the core has none."""
        segment = self._containing(address)
        if segment is None or address % self._word:
            return None
        behind = address - segment.start
        position = segment.offset + behind
        if behind + self._word > min(segment.size_in_file, len(self._payload) - segment.offset):
            return None
        return self._payload.word(position, self._word)

    def _is_code(self, address: int) -> bool:
        segment = self._containing(address - 1)  # a call may be its function's last instruction
        return segment is not None and segment.is_executable

    def _containing(self, address: int) -> Segment | None:
        at = bisect_right(self._starts, address) - 1
        if at < 0:
            return None
        segment = self._segments[at]
        return segment if address - segment.start < segment.size else None
