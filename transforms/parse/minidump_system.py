"""The system of a minidump: its operating system, processor, and how long the process ran."""

import re
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

from transforms.parse.minidump_streams import Minidump, Stream
from transforms.parse.normalise import OperatingSystem, operating_system

_MISC_INFO_PROCESS_TIMES: Final = 0x2
_MAX_LSB_BYTES: Final = 4_096


class Platform(IntEnum):
    """MINIDUMP_SYSTEM_INFO.PlatformId, Breakpad's `MDOSPlatform` beyond Windows' own."""

    WIN32_WINDOWS = 1
    WINDOWS = 2
    UNIX = 0x8000
    MACOS = 0x8101
    IOS = 0x8102
    LINUX = 0x8201
    SOLARIS = 0x8202
    ANDROID = 0x8203
    PS3 = 0x8204
    NACL = 0x8205
    FUCHSIA = 0x8206


_NAMES: Final = {
    Platform.WIN32_WINDOWS: "Windows",
    Platform.WINDOWS: "Windows",
    Platform.MACOS: "macOS",
    Platform.IOS: "iOS",
    Platform.LINUX: "Linux",
    Platform.SOLARIS: "Solaris",
    Platform.ANDROID: "Android",
    Platform.FUCHSIA: "Fuchsia",
}

ARCHITECTURES: Final = {
    0: "x86",
    1: "mips",
    3: "ppc",
    5: "arm",
    6: "ia64",
    9: "x86_64",
    12: "arm64",
    0x8001: "sparc",
    0x8002: "ppc64",
    0x8003: "arm64",
    0x8004: "mips64",
    0x8005: "riscv32",
    0x8006: "riscv64",
}
"""MINIDUMP_SYSTEM_INFO.ProcessorArchitecture; 0x8003 is what Breakpad wrote before 12 was."""


def processor(minidump: Minidump) -> str | None:
    """Return the name of the processor, None when the minidump does not tell a known one."""
    system = minidump.stream(Stream.SYSTEM_INFO)
    return None if system is None else ARCHITECTURES.get(minidump.reader.u16(system.offset))


def platform(minidump: Minidump) -> Platform | None:
    """Return the kind of operating system, None when the minidump does not tell a known one."""
    system = minidump.stream(Stream.SYSTEM_INFO)
    if system is None:
        return None
    number = minidump.reader.u32(system.offset + 20)
    return Platform(number) if number in set(Platform) else None


def system_of(minidump: Minidump) -> OperatingSystem:
    """Return the operating system: Linux by its distribution where the minidump names it."""
    system, kind = minidump.stream(Stream.SYSTEM_INFO), platform(minidump)
    if system is None or kind is None:
        return OperatingSystem()
    reader = minidump.reader
    numbers = [reader.u32(system.offset + 8 + 4 * number) for number in range(3)]
    service_pack = minidump.string(reader.u32(system.offset + 24)) or ""
    version = ".".join(map(str, numbers)) if any(numbers) else ""
    if kind in {Platform.LINUX, Platform.ANDROID, Platform.UNIX}:
        return _distribution(minidump) or _unix(kind, version, service_pack)
    if kind in {Platform.MACOS, Platform.IOS}:
        return operating_system(_NAMES[kind], version, service_pack or None)
    return operating_system(_NAMES.get(kind), version)


def _unix(kind: Platform, version: str, uname: str) -> OperatingSystem:
    """Read Breakpad's service pack of Linux: `Linux 6.5.0-14-generic #14 SMP … x86_64`.

    Android's is the build's fingerprint, and its numbers are the kernel's.
    """
    if kind is Platform.ANDROID:
        fingerprint = re.search(r":(\d{1,3}(?:\.\d{1,3}){0,2})/([\w.-]{1,64})/", uname)
        told = fingerprint.groups() if fingerprint else (None, None)
        return operating_system("Android", told[0], told[1])
    kernel = re.match(r"(?:Linux )?(\d{1,5}(?:\.\d{1,5}){1,3}\S{0,64})", uname)
    return operating_system("Linux", kernel[1] if kernel else version)


def _distribution(minidump: Minidump) -> OperatingSystem | None:
    """Return what /etc/lsb-release or /etc/os-release says; Breakpad copies one of them."""
    stream = minidump.stream(Stream.LINUX_LSB_RELEASE)
    if stream is None:
        return None
    size = min(stream.size, _MAX_LSB_BYTES, len(minidump.reader) - stream.offset)
    text = minidump.reader.take(stream.offset, max(size, 0)).decode("utf-8", "replace")
    pairs = (line.partition("=") for line in text.replace("\0", "\n").splitlines())
    told = {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}
    name = told.get("DISTRIB_ID") or told.get("NAME") or told.get("ID")
    version = told.get("DISTRIB_RELEASE") or told.get("VERSION_ID")
    return operating_system(name, version) if name else None


def uptime_seconds(minidump: Minidump) -> float | None:
    """Return how long the process ran when the minidump was written, None when it is not told."""
    misc = minidump.stream(Stream.MISC_INFO)
    if misc is None or minidump.written_at is None:
        return None
    reader = minidump.reader
    if not reader.u32(misc.offset + 4) & _MISC_INFO_PROCESS_TIMES:
        return None
    started_at = datetime.fromtimestamp(reader.u32(misc.offset + 12), UTC)
    if started_at.timestamp() == 0 or started_at > minidump.written_at:
        return None
    return (minidump.written_at - started_at).total_seconds()
