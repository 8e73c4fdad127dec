"""Makes the bytes of small minidumps, after `minidumpapiset.h`, for the tests of their parser."""

import struct

HEADER_SIZE = 32


class MinidumpBuilder:
    """Collects streams and what they point to, and lays them out in one file."""

    def __init__(self, written_at: int = 1_767_607_200) -> None:
        self._written_at = written_at
        self._body = b""
        self._streams: list[tuple[int, int, int]] = []
        self._directory_room = 12 * 16

    def put(self, content: bytes) -> int:
        """Add bytes and return where they lie."""
        offset = HEADER_SIZE + self._directory_room + len(self._body)
        self._body += content + bytes(-len(content) % 8)
        return offset

    def stream(self, kind: int, content: bytes) -> None:
        """Add a stream."""
        self._streams.append((kind, len(content), self.put(content)))

    def string(self, text: str) -> int:
        """Add a MINIDUMP_STRING and return where it lies."""
        raw = text.encode("utf-16-le")
        return self.put(struct.pack("<I", len(raw)) + raw + b"\0\0")

    def utf8(self, text: str) -> int:
        """Add a MinidumpUTF8String and return where it lies."""
        return self.put(struct.pack("<I", len(text.encode())) + text.encode() + b"\0")

    def system(
        self, platform: int, processor: int, version: tuple[int, int, int], pack: str
    ) -> None:
        """Add the system info."""
        where = self.string(pack)
        self.stream(
            7,
            struct.pack("<HHHBBIIIIIHH", processor, 0, 0, 1, 1, *version, platform, where, 0, 0)
            + bytes(24),
        )

    def modules(self, *modules: tuple[str, int, int]) -> None:
        """Add the module list: path, base and size of each."""
        records = b""
        for path, base, size in modules:
            name = self.string(path)
            version = struct.pack("<13I", 0xFEEF04BD, 0, 0x00010002, 0x00030004, *[0] * 9)
            records += struct.pack("<QIIII", base, size, 0, 0, name) + version + bytes(32)
        self.stream(4, struct.pack("<I", len(modules)) + records)

    def context_x86_64(self, instruction: int, stack: int, frame: int) -> tuple[int, int]:
        """Add a context record; returns its size and where it lies."""
        context = bytearray(1232)
        for at, value in ((248, instruction), (152, stack), (160, frame)):
            struct.pack_into("<Q", context, at, value)
        return len(context), self.put(bytes(context))

    def context_arm64(self, instruction: int, stack: int, frame: int, link: int) -> tuple[int, int]:
        """Add a context record; returns its size and where it lies."""
        context = bytearray(912)
        for at, value in ((264, instruction), (256, stack), (240, frame), (248, link)):
            struct.pack_into("<Q", context, at, value)
        return len(context), self.put(bytes(context))

    def thread(self, identifier: int, stack_start: int, words: list[int]) -> None:
        """Add a thread list of one thread and its stack, in words of 64 bits."""
        stack = struct.pack(f"<{len(words)}Q", *words)
        where = self.put(stack)
        record = struct.pack("<IIIIQ", identifier, 0, 0, 0, 0)
        record += struct.pack("<QII", stack_start, len(stack), where) + struct.pack("<II", 0, 0)
        self.stream(3, struct.pack("<I", 1) + record)

    def exception(
        self, thread: int, code: int, context: tuple[int, int], flags: int = 0,
        parameters: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        """Add the exception."""
        padded = (*parameters, *[0] * (15 - len(parameters)))
        self.stream(
            6,
            struct.pack("<IIIIQQII15Q", thread, 0, code, flags, 0, 0, len(parameters), 0, *padded)
            + struct.pack("<II", *context),
        )

    def crashpad(self, report: bytes, client: bytes, simple: dict[str, str],
                 objects: dict[str, str], links: int = 1) -> None:  # fmt: skip
        """Add Crashpad's info: ids, the process's simple annotations, one module's objects.

        `links` is how many entries of the module list point to that module.
        """
        pairs = [(self.utf8(name), self.utf8(value)) for name, value in simple.items()]
        dictionary = self.put(
            struct.pack("<I", len(pairs)) + b"".join(struct.pack("<II", *pair) for pair in pairs)
        )
        entries = [(self.utf8(name), 1, 0, self.utf8(value)) for name, value in objects.items()]
        annotations = self.put(
            struct.pack("<I", len(entries)) + b"".join(struct.pack("<IHHI", *e) for e in entries)
        )
        module = self.put(struct.pack("<7I", 1, 0, 0, 0, 0, len(entries), annotations))
        link = struct.pack("<III", 0, 28, module)
        modules = self.put(struct.pack("<I", links) + links * link)
        self.stream(
            0x43500001,
            struct.pack("<I", 1) + report + client
            + struct.pack("<IIII", len(pairs), dictionary, 4 + 12 * links, modules),
        )  # fmt: skip

    def build(self) -> bytes:
        """Return the file."""
        directory = b"".join(struct.pack("<III", *stream) for stream in self._streams)
        header = struct.pack(
            "<4sIIIIIQ", b"MDMP", 0xA793, len(self._streams), HEADER_SIZE, 0, self._written_at, 0
        )
        return header + directory.ljust(self._directory_room, b"\0") + self._body


def small_minidump() -> bytes:
    """A minidump of Windows that tells an exception and nothing else."""
    made = MinidumpBuilder()
    made.system(2, 9, (10, 0, 22631), "")
    made.exception(7, 0xC0000005, (0, 0))
    return made.build()
