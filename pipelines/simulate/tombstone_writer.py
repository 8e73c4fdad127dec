"""Android tombstones as debuggerd writes them since Android 12, as text.

They name no installation and no version of the application: those stand in a sidecar, as
applications send them that collect their own tombstones.
"""

import base64
from datetime import timedelta
from random import Random

from pipelines.simulate.crash import Crash, RawFile, collector_annotations, module_of
from pipelines.simulate.leftovers import log_lines

_BANNER = " ".join(["***"] * 16)
PACKAGE = "org.meridian.browser"
_SIGNALS = {
    "access": "signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0000000000000018",
    "abort": "signal 6 (SIGABRT), code -1 (SI_QUEUE), fault addr --------",
    "trap": "signal 5 (SIGTRAP), code 1 (TRAP_BRKPT), fault addr 0x0000007f1c2d3e40",
}


def write_tombstone(crash: Crash, random: Random) -> RawFile:
    """Return a crash as a tombstone and its sidecar."""
    text = "\n".join([*_header(crash, random), *_backtrace(crash, random), *_rest(crash), ""])
    return RawFile(text.encode(), ".txt", collector_annotations(crash))


def fingerprint(crash: Crash) -> str:
    """Return the fingerprint of the system's build (Android Compatibility Definition, 3.2.2)."""
    system = crash.install.system
    return f"google/shiba/shiba:{system.version}/{system.build}/12650793:user/release-keys"


def process_name(crash: Crash, random: Random) -> str:
    """Return the name of the process: the package's, and behind a colon which one of it."""
    if not crash.process_type:
        return PACKAGE
    return f"{PACKAGE}:{crash.process_type}{random.randint(0, 9)}"


def _header(crash: Crash, random: Random) -> list[str]:
    happened = crash.received_at + timedelta(hours=1)
    process_id = random.randint(2000, 30000)
    process = process_name(crash, random)
    lines = [
        _BANNER,
        f"Build fingerprint: '{fingerprint(crash)}'",
        "Revision: 'MP1.0'",
        "ABI: 'arm64'",
        f"Timestamp: {happened:%Y-%m-%d %H:%M:%S.%f}000+0100",
        f"Process uptime: {crash.uptime_s}s",
        f"Cmdline: {process}",
        f"pid: {process_id}, tid: {process_id + 17}, name: RenderThread  >>> {process} <<<",
        f"uid: {10000 + random.randint(80, 400)}",
        _SIGNALS[crash.fault.kind],
    ]
    if crash.fault.kind == "abort":
        lines.append(f"Abort message: '{crash.message}'")
    registers = [f"x{number:<2} {random.getrandbits(40):016x}" for number in range(12)]
    return lines + ["    " + "  ".join(registers[at : at + 4]) for at in range(0, 12, 4)]


def _backtrace(crash: Crash, random: Random) -> list[str]:
    salt = base64.urlsafe_b64encode(random.randbytes(16)).decode()
    folder = f"/data/app/~~{salt}/{PACKAGE}-{salt[::-1]}/lib/arm64/"
    lines = ["", f"{len(crash.fault.frames)} total frames", "backtrace:"]
    for index, frame in enumerate(crash.fault.frames):
        library = module_of(frame, "Android")
        path = (
            folder + library if frame.own else f"/apex/com.android.runtime/lib64/bionic/{library}"
        )
        place = f"({frame.function}+{frame.offset % 193})"
        lines.append(f"      #{index:02} pc {frame.offset:016x}  {path} {place}")
    return lines


def _rest(crash: Crash) -> list[str]:
    """Return memory, open files and logs, which hold what nobody meant to send."""
    persona = crash.persona
    time = f"{crash.received_at:%m-%d %H:%M:%S}.000"
    written = f"{persona.mail_address:<32}"
    logged = log_lines(crash)[:-1]  # what a user told the makers is in no phone's log
    memory = []
    for at in range(0, 32, 16):
        words = [written[at + part : at + part + 8].encode()[::-1].hex() for part in (0, 8)]
        memory.append(f"    0000007f1c2d3e{at:02x} {' '.join(words)}  {written[at : at + 16]}")
    return [
        "",
        "memory near x1 ([anon:scudo:primary]):",
        *memory,
        "",
        "open files:",
        "    fd 0: /dev/null (unowned)",
        f"    fd 71: /data/user/0/{PACKAGE}/files/{persona.document_name} (unowned)",
        "",
        "--------- tail end of log main",
        *(f"{time}  4001  4017 {_log_line(line)}" for line in logged),
    ]


def _log_line(line: str) -> str:
    """Return a line of a log as Android writes it: its priority, and the tag in a column."""
    tag, _, told = line.partition(": ")
    return f"{'I' if tag == 'Account' else 'D'} {tag:<8}: {told}"
