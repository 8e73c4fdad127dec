"""What Android collects besides tombstones as text: their protobuf form, ANR traces, logcat.

Fields of the protobuf form are those of debuggerd's `tombstone.proto`.
"""

from datetime import timedelta
from random import Random

from pipelines.simulate.crash import Crash, RawFile, collector_annotations, module_of
from pipelines.simulate.leftovers import log_lines
from pipelines.simulate.protobuf import message
from pipelines.simulate.tombstone_writer import PACKAGE, fingerprint, process_name

_ARM64 = 1
_SIGNALS = {
    "access": (11, "SIGSEGV", 1, "SEGV_MAPERR"),
    "abort": (6, "SIGABRT", 0, "SI_USER"),
    "trap": (5, "SIGTRAP", 1, "TRAP_BRKPT"),
}


def write_tombstone_proto(crash: Crash, random: Random) -> RawFile:
    """Return a crash as a tombstone in Protocol Buffers, as Android 12 and later keep it."""
    number, name, code, code_name = _SIGNALS[crash.fault.kind]
    process = random.randint(2000, 30000)
    frames = [
        (
            4,
            message(
                (1, frame.offset), (4, frame.function), (6, _path(module_of(frame, "Android")))
            ),
        )
        for frame in crash.fault.frames
    ]
    thread = message((1, process), (2, "main"), *frames)
    fields: list[tuple[int, int | str | bytes]] = [
        (1, _ARM64),
        (2, fingerprint(crash)),
        (4, f"{crash.received_at + timedelta(hours=1):%Y-%m-%d %H:%M:%S.%f}000+0100"),
        (5, process),
        (6, process),
        (7, 10000 + random.randint(80, 400)),
        (9, process_name(crash, random)),
        (10, message((1, number), (2, name), (3, code), (4, code_name))),
        *([(14, crash.message)] if crash.fault.kind == "abort" else []),
        (16, message((1, process), (2, thread))),
        (18, message((1, "main"), *((2, message((6, line))) for line in log_lines(crash)))),
        (20, crash.uptime_s),
    ]
    return RawFile(message(*fields), ".pb", collector_annotations(crash))


def _path(library: str) -> str:
    return f"/data/app/{PACKAGE}/lib/arm64/{library}"


def write_anr(crash: Crash, random: Random) -> RawFile:
    """Return a trace of an application that no longer responds: the state of its main thread."""
    process = random.randint(2000, 30000)
    happened = crash.received_at + timedelta(hours=1)
    lines = [
        "Subject: Input dispatching timed out (Waited 5001ms for MotionEvent)",
        f"----- pid {process} at {happened:%Y-%m-%d %H:%M:%S.%f}000+0100 -----",
        f"Cmd line: {process_name(crash, random)}",
        f"Build fingerprint: '{fingerprint(crash)}'",
        "ABI: 'arm64'",
        "suspend all histogram:\tSum: 71us 99% C.I. 1us-16us Avg: 7.100us Max: 16us",
        "DALVIK THREADS (2):",
        '"Signal Catcher" daemon prio=10 tid=6 Runnable',
        "  native: #00 pc 0000000000537554  /apex/com.android.art/lib64/libart.so (DumpNative+80)",
        "",
        '"main" prio=5 tid=1 Native',
        '  | group="main" sCount=1 ucsCount=0 flags=1 obj=0x71de7db8 self=0xb400007b1bdd5380',
    ]
    for number, frame in enumerate(crash.fault.frames):
        path = _path(module_of(frame, "Android"))
        lines.append(f"  native: #{number:02} pc {frame.offset:016x}  {path} ({frame.function}+8)")
    lines += [
        "",
        f"----- end {process} -----",
        "",
        "----- Output from logcat -----",
        *log_lines(crash),
        "",
    ]
    return RawFile("\n".join(lines).encode(), ".anr", collector_annotations(crash))


def write_logcat(crash: Crash, random: Random) -> RawFile:
    """Return a crash of Java or Kotlin as it stands in the log, with the lines before it."""
    process = random.randint(2000, 30000)
    before = f"{crash.received_at:%m-%d %H:%M:%S}.000 {process:5} {process:5}"
    lines = [f"{before} I {line}" for line in log_lines(crash)]
    trace = [
        "FATAL EXCEPTION: main",
        f"Process: org.atlas.notes, PID: {process}",
        f"{crash.fault.kind}: {crash.message}",
        *(
            f"\tat {frame.component}.{frame.function}({frame.file}:{frame.line})"
            for frame in crash.fault.frames
        ),
    ]
    lines += [f"{before} E AndroidRuntime: {line}" for line in trace]
    return RawFile("\n".join([*lines, ""]).encode(), ".log", collector_annotations(crash))
