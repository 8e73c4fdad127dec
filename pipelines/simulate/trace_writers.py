"""Uncaught errors as languages print them to a log, with the lines of the program before them."""

from random import Random

from pipelines.simulate.crash import Crash, RawFile, collector_annotations, module_of
from pipelines.simulate.leftovers import log_lines


def write_python_traceback(crash: Crash, random: Random) -> RawFile:
    """Return a crash as CPython prints it: the outermost call first."""
    lines = ["Traceback (most recent call last):"]
    for frame in reversed(crash.fault.frames):
        path = f"{crash.home}/.venv/lib/python3.12/site-packages/{frame.file}"
        lines.append(f'  File "{path}", line {frame.line}, in {frame.function}')
        lines.append(f"    return {frame.function}(request, {random.randrange(100)})")
    return _log(crash, [*lines, f"{crash.fault.kind}: {crash.message}"])


def write_javascript_trace(crash: Crash, random: Random) -> RawFile:
    """Return a crash as V8 prints it."""
    lines = [f"{crash.fault.kind}: {crash.message}"]
    lines += [
        f"    at {frame.function} ({frame.file}:{frame.line}:{random.randrange(1, 80)})"
        for frame in crash.fault.frames
    ]
    return _log(crash, [*lines, "", "Node.js v22.12.0"])


def write_dotnet_trace(crash: Crash, random: Random) -> RawFile:
    """Return a crash as .NET's runtime prints it."""
    lines = [f"Unhandled exception. {crash.fault.kind}: {crash.message}"]
    for frame in crash.fault.frames:
        place = f" in {crash.home}\\source\\repos\\atlas\\{frame.file}:line {frame.line}"
        method = f"{frame.component}.{frame.function}"
        lines.append(f"   at {method}(String p{random.randrange(9)}){place}")
    return _log(crash, lines)


def write_go_panic(crash: Crash, random: Random) -> RawFile:
    """Return a crash as Go's runtime prints it."""
    lines = [f"panic: {crash.message}", "", "goroutine 1 [running]:"]
    for frame in crash.fault.frames:
        lines.append(f"{frame.component}.{frame.function}(0x{random.getrandbits(36):x})")
        lines.append(f"\t{crash.home}/go/src/{frame.file}:{frame.line} +0x{frame.line:x}")
    return _log(crash, [*lines, "exit status 2"])


def write_rust_panic(crash: Crash, random: Random) -> RawFile:
    """Return a crash as the hook of Rust's standard library prints it (since 1.73)."""
    top = crash.fault.frames[0]
    lines = [
        f"thread 'main' panicked at {top.file}:{top.line}:{random.randrange(1, 80)}:",
        crash.message,
        "stack backtrace:",
    ]
    for number, frame in enumerate(crash.fault.frames):
        lines.append(f"{number:>4}: {frame.component}::{frame.function}")
        lines.append(f"             at {crash.home}/atlas/{frame.file}:{frame.line}:9")
    return _log(crash, lines)


def write_ruby_trace(crash: Crash, random: Random) -> RawFile:
    """Return a crash as Ruby prints it: up to 3.3 with a backtick before the method's name."""
    tick = random.choice("`'")
    first, *others = (
        f"{crash.home}/atlas/{frame.file}:{frame.line}:in {tick}{frame.function}'"
        for frame in crash.fault.frames
    )
    lines = [f"{first}: {crash.message} ({crash.fault.kind})"]
    return _log(crash, lines + [f"\tfrom {place}" for place in others])


_SANITIZER_ERRORS = {
    "access": "SEGV on unknown address 0x000000000018 (pc 0x55d7 bp 0x7ffc sp 0x7ffc T0)",
    "abort": "heap-use-after-free on address 0x602000000010 at pc 0x55d7 bp 0x7ffc sp 0x7ffc",
    "trap": "stack-buffer-overflow on address 0x7ffc00000010 at pc 0x55d7 bp 0x7ffc sp 0x7ffc",
}


def write_sanitizer_report(crash: Crash, random: Random) -> RawFile:
    """Return a crash as AddressSanitizer prints it, in a build for tests."""
    process = random.randrange(1000, 60000)
    lines = [
        "=" * 65,
        f"=={process}==ERROR: AddressSanitizer: {_SANITIZER_ERRORS[crash.fault.kind]}",
        f"READ of size {random.choice((1, 4, 8))} at 0x602000000010 thread T0",
    ]
    for number, frame in enumerate(crash.fault.frames):
        place = f"    #{number} 0x{random.getrandbits(46):012x} in {frame.function}"
        module = f"{crash.home}/meridian/{module_of(frame, crash.install.system.name)}"
        if frame.file:
            lines.append(f"{place} {crash.home}/meridian/{frame.file}:{frame.line}:7")
        else:
            lines.append(f"{place} ({module}+0x{frame.offset:x}) (BuildId: {frame.offset:040x})")
    return _log(crash, [*lines, "", f"=={process}==ABORTING"])


def write_hs_err(crash: Crash, random: Random) -> RawFile:
    """Return a crash as HotSpot's fatal error log, in the midst of Java's frames."""
    install, system = crash.install, crash.install.system
    machine = "linux-aarch64" if install.architecture == "arm64" else "linux-amd64"
    process = random.randrange(1000, 60000)
    place = "C  [libc.so.6+0x9d4f4]  memcpy+0x54"
    lines = [
        "#",
        "# A fatal error has been detected by the Java Runtime Environment:",
        "#",
        f"#  SIGSEGV (0xb) at pc=0x{random.getrandbits(46):016x}, pid={process}, tid={process + 1}",
        "#",
        "# JRE version: OpenJDK Runtime Environment (21.0.5+11) (build 21.0.5+11-LTS)",
        f"# Java VM: OpenJDK 64-Bit Server VM (21.0.5+11-LTS, mixed mode, g1 gc, {machine})",
        "# Problematic frame:",
        f"# {place}",
        "#",
        "",
        "---------------  S U M M A R Y ------------",
        "",
        f"Command Line: -Duser.name={crash.persona.user_name} {crash.home}/atlas-notes.jar",
        "",
        f"Time: {crash.received_at:%a %b %e %H:%M:%S %Y}"
        f" UTC elapsed time: {crash.uptime_s} seconds",
        "",
        "---------------  T H R E A D  ---------------",
        "",
        "Native frames: (J=compiled Java code, j=interpreted, Vv=VM code, C=native code)",
        place,
        *(f"j  {frame.component}.{frame.function}()V+11" for frame in crash.fault.frames),
        "v  ~StubRoutines::call_stub",
        "",
        "siginfo: si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000000018",
        "",
        f"java_command: {crash.home}/atlas-notes.jar",
        "",
        "Environment Variables:",
        *log_lines(crash),
        "",
        "OS:",
        f"DISTRIB_ID={system.name}",
        f'DISTRIB_DESCRIPTION="{system.name} {system.version}"',
        f"uname: Linux {system.build}",
        "",
    ]
    return RawFile("\n".join(lines).encode(), ".hs_err", collector_annotations(crash))


def _log(crash: Crash, trace: list[str]) -> RawFile:
    """Return the end of a program's log; who sent it stands in a sidecar."""
    text = "\n".join([*log_lines(crash), *trace, ""])
    return RawFile(text.encode(), ".log", collector_annotations(crash))
