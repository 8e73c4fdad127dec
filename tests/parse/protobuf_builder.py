"""Writes messages of Protocol Buffers, field by field, for tests of what reads them."""


def varint(value: int) -> bytes:
    """Return a number as the wire has it: seven bits a byte, a negative one in 64 bits."""
    value &= (1 << 64) - 1
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


def tag(number: int, wire_type: int) -> bytes:
    """Return what stands before a field's value."""
    return varint(number << 3 | wire_type)


def message(*fields: tuple[int, int | str | bytes]) -> bytes:
    """Return a message of numbers as varints, and of strings and messages."""
    return b"".join(_field(number, value) for number, value in fields)


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return tag(number, 0) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return tag(number, 2) + varint(len(content)) + content


def tombstone_frame(offset: int, function: str, file: str) -> bytes:
    """Return one `BacktraceFrame` of debuggerd's `tombstone.proto`."""
    return message(
        (1, offset), (2, 0x7F00_0000_0000 + offset), (4, function), (5, 28), (6, file), (8, "aabb")
    )


def tombstone_thread(number: int, *frames: bytes) -> bytes:
    """Return an entry of `threads`: a thread with a register, frames, and a dump of memory."""
    register = message((1, "x0"), (2, 0xDEADBEEF))
    memory = message((1, "x0"), (4, b"jane.doe@example.org\0"))
    thread = message(
        (1, number), (2, "worker"), (3, register), *[(4, frame) for frame in frames], (5, memory)
    )
    return message((1, number), (2, thread))


TOMBSTONE_FRAMES = (
    tombstone_frame(0x522D4, "abort", "/apex/com.android.runtime/lib64/bionic/libc.so"),
    tombstone_frame(0x1238, "game::Run(int)", "/data/app/~~Q==/base.apk!libgame.so"),
    tombstone_frame(0xDEAD0, "", "<anonymous:7f00000000>"),
    tombstone_frame(0x2000, "a.Main.run", "/memfd:jit-cache (deleted)"),
)
TOMBSTONE_FIELDS: tuple[tuple[int, int | str | bytes], ...] = (
    (1, 1),
    (2, "google/oriole/oriole:14/UP1A.231005.007/10754064:user/release-keys"),
    (3, "MP1.0"),
    (4, "2024-05-06 07:08:09.123456789+0200"),
    (5, 4001),
    (6, 4017),
    (7, 10234),
    (8, "u:r:untrusted_app:s0"),
    (9, "org.example.game:remote"),
    (10, message((1, 6), (2, "SIGABRT"), (3, -1), (4, "SI_QUEUE"))),
    (14, "assertion failed: width > 0"),
    (15, message((1, "null pointer dereference"))),
    (16, tombstone_thread(4001, tombstone_frame(0xA1B2C, "other", "/system/lib64/libother.so"))),
    (16, tombstone_thread(4017, *TOMBSTONE_FRAMES)),
    (17, message((1, 0x7000), (2, 0x8000), (7, "/data/user/0/jane/app.apk"))),
    (18, message((1, "main"), (2, message((6, "*** *** *** *** *** *** *** ***"))))),
    (20, 23),
)
TOMBSTONE = message(*TOMBSTONE_FIELDS)
