"""The files that a process had mapped, from the note NT_FILE of an ELF core."""

from typing import Final

from transforms.parse.byte_reader import ByteReader
from transforms.parse.mappings import Mapping, Mappings
from transforms.parse.parser import ParseError

_MAX_MAPPINGS: Final = 100_000


def read_mappings(note: bytes, word: int) -> tuple[Mappings, bool]:
    """Return the mappings that a note tells, and whether that is all of them.

    Its words are of 4 or 8 bytes: a count, the page's size, then start, end and the pages before
    it in the file for each mapping; the paths follow, each ended by a zero (fs/binfmt_elf.c). An
    image's base is its latest mapping from the beginning of the file.
    """
    if not note:
        return Mappings(()), True
    reader = ByteReader(note)
    mappings: list[Mapping] = []
    bases: dict[bytes, int] = {}
    try:
        declared = reader.word(0, word)
        count = min(declared, _MAX_MAPPINGS, len(note) // (3 * word))
        paths = note[(2 + 3 * count) * word :].split(b"\0")
        for number in range(min(count, len(paths))):
            position = (2 + 3 * number) * word
            start, end, pages = (reader.word(position + part * word, word) for part in range(3))
            if pages == 0:
                bases[paths[number]] = start
            path = paths[number].decode("utf-8", "replace")
            base = bases.setdefault(paths[number], start)
            mappings.append(Mapping(start, end, min(base, start), path))
    except ParseError:
        return Mappings(mappings), False
    return Mappings(mappings), declared == len(mappings)
