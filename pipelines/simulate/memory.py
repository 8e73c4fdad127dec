"""Memory of a crashed process: a stack of chained frames, and a heap with a user's data in it."""

import struct
from collections.abc import Sequence
from random import Random

from pipelines.simulate.chance import happens
from pipelines.simulate.crash import Crash

STACK_BYTES, HEAP_BYTES = 1536, 1792
STACK_ADDRESS, HEAP_ADDRESS = 0x7FFD_4A20_0000, 0x0000_2230_1000_0000
_FIRST_RECORD, _RECORD_SPACING = 64, 80
_RECORD_BYTES = 16
CALL_BYTES = {"x86_64": 1, "arm64": 4}
"""Where a call returns to lies so far behind an address within it."""


def frame_pointer() -> int:
    """Return the address of the innermost frame record in `stack_memory`."""
    return STACK_ADDRESS + _FIRST_RECORD


def stack_memory(return_addresses: Sequence[int], crash: Crash) -> bytes:
    """Return a stack in which each frame record holds the next one's address and the return.

    Records have the form that both the x86-64 and the arm64 calling conventions know: the saved
    frame pointer, then the return address; the last record is zero. What lies between them are
    small numbers and a user's texts, never anything that looks like an address of code.
    """
    stack = bytearray(STACK_BYTES)
    at = _FIRST_RECORD
    for address in return_addresses:
        following = at + _RECORD_SPACING
        struct.pack_into("<QQ", stack, at, STACK_ADDRESS + following, address)
        struct.pack_into("<QQ", stack, at + _RECORD_BYTES, 1, HEAP_ADDRESS + at)
        at = following
    free = at + _RECORD_BYTES
    persona = crash.persona
    texts = (persona.mail_address, persona.session_secret, crash.message, persona.phone_number)
    _write_texts(stack, free, [text.encode() for text in texts], b"\0")
    return bytes(stack)


def heap_memory(crash: Crash, random: Random) -> bytes:
    """Return a heap: the environment block of the process, then what the user worked on."""
    heap = bytearray(HEAP_BYTES)
    wide = crash.install.system.name == "Windows"
    encoding = "utf-16-le" if wide else "utf-8"
    end = b"\0\0" if wide else b"\0"
    at = _write_texts(heap, 0, [entry.encode(encoding) for entry in _environment(crash)], end)
    at += 16 - at % 16
    texts = [text.encode(encoding) for text in _user_texts(crash, random)]
    at = _write_texts(heap, at, texts, end)
    plain = [f"device_id={crash.persona.device_id}", crash.persona.json_web_token]
    _write_texts(heap, at + 16 - at % 16, [text.encode() for text in plain], b"\0")
    return bytes(heap)


def _environment(crash: Crash) -> list[str]:
    persona, home = crash.persona, crash.home
    if crash.install.system.name == "Windows":
        return [
            f"COMPUTERNAME={persona.host_name}",
            "OS=Windows_NT",
            f"SYNC_SECRET={persona.session_secret}",
            f"USERNAME={persona.user_name}",
            f"USERPROFILE={home}",
        ]
    return [
        f"HOME={home}",
        f"HOSTNAME={persona.host_name}",
        "LANG=en_US.UTF-8",
        f"GITHUB_TOKEN={persona.api_key}",
        f"USER={persona.user_name}",
    ]


def _user_texts(crash: Crash, random: Random) -> list[str]:
    """Return some of what a user's memory holds; not the same in each crash."""
    persona = crash.persona
    separator = "\\\\" if crash.install.system.name == "Windows" else "/"
    texts = (
        separator.join((crash.home, "Documents", persona.document_name)),
        f"To: {persona.person_name} <{persona.mail_address}>",
        f"ship to {persona.street_address}",
        f"card={persona.credit_card}",
        f"peer {persona.ip_address}",
        f"tel:{persona.phone_number}",
    )
    return [text for text in texts if happens(random, 0.5)]


def _write_texts(memory: bytearray, at: int, texts: list[bytes], end: bytes) -> int:
    """Write the texts that fit, one behind the other; return where the last one ends."""
    for text in texts:
        piece = text + end
        if at + len(piece) > len(memory):
            break
        memory[at : at + len(piece)] = piece
        at += len(piece)
    return at
