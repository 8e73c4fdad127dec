"""Minidumps as Crashpad and Breakpad write them, small but whole.

Layouts are those of Microsoft's minidumpapiset.h and Breakpad's minidump_format.h. About half of
the dumps carry Crashpad's stream of annotations; the others have a sidecar.
"""

import struct
from collections.abc import Sequence
from random import Random

from pipelines.simulate.chance import happens
from pipelines.simulate.crash import Crash, RawFile, module_of
from pipelines.simulate.memory import (
    CALL_BYTES,
    HEAP_ADDRESS,
    STACK_ADDRESS,
    frame_pointer,
    heap_memory,
    stack_memory,
)
from pipelines.simulate.minidump_crashpad import crashpad_info, sidecar_of
from pipelines.simulate.minidump_layout import MinidumpLayout
from pipelines.simulate.minidump_modules import module_list
from pipelines.simulate.modules import loaded_modules

_THREAD_LIST, _MODULE_LIST, _MEMORY_LIST, _EXCEPTION, _SYSTEM_INFO, _MISC_INFO = 3, 4, 5, 6, 7, 15
_LINUX_LSB_RELEASE, _LINUX_COMMAND_LINE, _LINUX_ENVIRONMENT = 0x47670005, 0x47670006, 0x47670007
_CRASHPAD_INFO = 0x43500001
_WITH_CRASHPAD = 0.5

_WINDOWS_PLATFORM, _MACOS_PLATFORM, _LINUX_PLATFORM = 2, 0x8101, 0x8201
_PROCESSORS = {"x86_64": 9, "arm64": 12}
_MISC_PROCESS_ID, _MISC_PROCESS_TIMES = 1, 2

# Exception code and flags: an NTSTATUS; a signal and its si_code; a Mach exception and its code.
_CODES = {
    "Windows": {"access": (0xC0000005, 0), "abort": (0xC0000409, 1), "trap": (0x80000003, 0)},
    "macOS": {"access": (1, 1), "abort": (5, 0x10003), "trap": (6, 1)},
    "Linux": {"access": (11, 1), "abort": (6, 0xFFFFFFFA), "trap": (5, 1)},
}
_AMD64_CONTEXT_BYTES, _ARM64_CONTEXT_BYTES = 1232, 912


def write_minidump(crash: Crash, random: Random) -> RawFile:
    """Return a crash as a minidump, and its sidecar where it has no annotations of its own."""
    layout = MinidumpLayout()
    layout.stream(_SYSTEM_INFO, _system_info(layout, crash))
    modules = loaded_modules(crash)
    bases = {module.name: module.base for module in modules}
    system = crash.install.system.name
    calls = [bases[module_of(frame, system)] + frame.offset for frame in crash.fault.frames]
    thread_id = random.randint(1000, 60000)
    _write_threads(layout, crash, calls, thread_id, random)
    layout.stream(_MODULE_LIST, module_list(layout, modules, crash))
    layout.stream(_MISC_INFO, _misc_info(crash, thread_id))
    if system not in {"Windows", "macOS"}:
        _write_linux_streams(layout, crash)
    crashed_at = int(crash.received_at.timestamp())
    if happens(random, _WITH_CRASHPAD):
        layout.stream(_CRASHPAD_INFO, crashpad_info(layout, crash))
        return RawFile(layout.finished(crashed_at), ".dmp")
    return RawFile(layout.finished(crashed_at), ".dmp", sidecar_of(crash))


def _system_info(layout: MinidumpLayout, crash: Crash) -> bytes:
    system = crash.install.system
    if system.name == "Windows":
        numbers = [int(part) for part in system.windows_number.split(".")]
        platform, remark = _WINDOWS_PLATFORM, ""
    elif system.name == "macOS":
        numbers = [*(int(part) for part in system.version.split(".")), 0][:3]
        platform, remark = _MACOS_PLATFORM, system.build
    else:
        numbers = [0, 0, 0]
        machine = "aarch64" if crash.install.architecture == "arm64" else "x86_64"
        platform, remark = _LINUX_PLATFORM, f"Linux {system.build} #1 SMP {machine}"
    head = struct.pack("<HHHBB", _PROCESSORS[crash.install.architecture], 6, 0x9E0A, 8, 1)
    rest = struct.pack("<IIIII", *numbers, platform, layout.string(remark))
    return head + rest + struct.pack("<HH", 0, 0) + b"GenuineIntel" + bytes(12)


def _write_threads(
    layout: MinidumpLayout, crash: Crash, calls: Sequence[int], thread_id: int, random: Random
) -> None:
    """Put the crashing thread down with its stack, the exception, and the memory of both."""
    call = CALL_BYTES[crash.install.architecture]
    stack = layout.blob(stack_memory([place + call for place in calls[1:]], crash))
    heap = layout.blob(heap_memory(crash, random))
    context = layout.blob(_context(crash.install.architecture, calls))
    thread = struct.pack("<IIIIQ", thread_id, 0, 32, 0, 0x0000_0033_4455_6000)
    thread += struct.pack("<QIIII", STACK_ADDRESS, *stack, *context)
    layout.stream(_THREAD_LIST, struct.pack("<I", 1) + thread)
    memory = struct.pack("<IQIIQII", 2, HEAP_ADDRESS, *heap, STACK_ADDRESS, *stack)
    layout.stream(_MEMORY_LIST, memory)
    layout.stream(_EXCEPTION, _exception(crash, calls[0], thread_id, context))


def _exception(crash: Crash, address: int, thread_id: int, context: tuple[int, int]) -> bytes:
    system = crash.install.system.name
    code, flags = _CODES.get(system, _CODES["Linux"])[crash.fault.kind]
    if system == "Windows" and crash.fault.kind == "access":
        parameters: tuple[int, ...] = (0, 0x18)  # it read from this address
    else:
        parameters = ()
    information = struct.pack(f"<{len(parameters)}Q", *parameters).ljust(15 * 8, b"\0")
    fault_address = address if system == "Windows" else 0x18
    record = struct.pack("<IIQQII", code, flags, 0, fault_address, len(parameters), 0)
    return struct.pack("<II", thread_id, 0) + record + information + struct.pack("<II", *context)


def _context(architecture: str, calls: Sequence[int]) -> bytes:
    """Return the registers: CONTEXT of x86-64, or of ARM64 as Windows and Crashpad have it."""
    if architecture == "arm64":
        context = bytearray(_ARM64_CONTEXT_BYTES)
        struct.pack_into("<II", context, 0, 0x0040_0007, 0x6000_0000)
        link = calls[1] + CALL_BYTES[architecture] if calls[1:] else 0
        struct.pack_into(
            "<QQQQ", context, 8 + 29 * 8, frame_pointer(), link, STACK_ADDRESS, calls[0]
        )
        return bytes(context)
    context = bytearray(_AMD64_CONTEXT_BYTES)
    struct.pack_into("<II", context, 48, 0x0010_000F, 0x1F80)
    struct.pack_into("<HHHHHHI", context, 56, 0x33, 0x2B, 0x2B, 0x53, 0x2B, 0x2B, 0x10246)
    struct.pack_into("<QQ", context, 152, STACK_ADDRESS, frame_pointer())
    struct.pack_into("<Q", context, 248, calls[0])
    return bytes(context)


def _misc_info(crash: Crash, process_id: int) -> bytes:
    started = int(crash.received_at.timestamp()) - crash.uptime_s
    flags = _MISC_PROCESS_ID | _MISC_PROCESS_TIMES
    return struct.pack("<IIIIII", 24, flags, process_id, started, crash.uptime_s // 9, 3)


def _write_linux_streams(layout: MinidumpLayout, crash: Crash) -> None:
    system, persona = crash.install.system, crash.persona
    release = (
        f"DISTRIB_ID={system.name}\nDISTRIB_RELEASE={system.version}\n"
        f'DISTRIB_DESCRIPTION="{system.name} {system.version}"\n'
    )
    layout.stream(_LINUX_LSB_RELEASE, release.encode())
    command = f"{crash.home}/.local/lib/meridian/meridian\0--profile={persona.mail_address}\0"
    layout.stream(_LINUX_COMMAND_LINE, command.encode())
    environment = f"USER={persona.user_name}\0HOME={crash.home}\0HOSTNAME={persona.host_name}\0"
    layout.stream(_LINUX_ENVIRONMENT, environment.encode())
