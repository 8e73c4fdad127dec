"""Frames of a fatal error log of the JVM, as `frame::print_on_error` in HotSpot writes them."""

import re
from collections.abc import Iterable

from schemas.records import Frame
from transforms.parse.java_trace import class_and_method, is_of_platform

_SECTIONS = ("Native frames:", "Java frames:")
_NATIVE = re.compile(
    r"[CVA] {1,4}\[(?P<module>[^\]]{1,512})\+0x(?P<offset>[0-9a-f]{1,16})\]"
    r"(?: {1,4}(?P<function>\S.*))?$"
)
_FUNCTION_OFFSET = re.compile(r"\+0x[0-9a-f]{1,16}$")
_SOURCE = re.compile(r"\s{1,4}\((?P<file>[^\s():]{1,256}):(?P<line>[0-9]{1,9})\)$")
_JAVA = re.compile(
    r"[jJ] {1,4}(?:[0-9]{1,9}%? {0,4}!? {1,4})?(?:(?:[Cc][12]|jvmci) {1,4})?"
    r"(?P<method>[^\s(]{1,1024})\("
)
_STUB = re.compile(r"v {1,4}~(?P<name>[^\s]{1,256})")
_ADDRESS = re.compile(r"[CVAv] {1,4}0x[0-9a-f]{1,16}$")


def read_frames(lines: Iterable[str], most: int) -> tuple[list[Frame], bool]:
    """Return the frames under the heading before these lines, and whether all are there."""
    frames: list[Frame] = []
    for line in lines:
        frame = jvm_frame(line)
        if frame is None:
            return frames, not line.startswith("...<more frames>")
        frames.append(frame)
        if len(frames) == most:
            break
    return frames, True


def begins_frames(line: str) -> bool:
    """Tell the heading of a stack."""
    return line.startswith(_SECTIONS)


def jvm_frame(line: str) -> Frame | None:
    """Return the frame of a line such as `V  [libjvm.so+0x9e62f8]  Compile::Code_Gen()+0x224`."""
    native, java, stub = _NATIVE.match(line), _JAVA.match(line), _STUB.match(line)
    if native is not None:
        return _native_frame(native)
    if java is not None:
        module, function = class_and_method(java.group("method"))
        return Frame(module, function, in_app=False if is_of_platform(module) else None)
    if stub is not None:
        return Frame(function=stub.group("name"))
    return Frame() if _ADDRESS.match(line) else None


def _native_frame(found: re.Match[str]) -> Frame:
    function = found.group("function") or ""
    source = _SOURCE.search(function[-512:])
    if source is not None:
        function = function.removesuffix(source.group())
    return Frame(
        module=found.group("module"),
        function=_FUNCTION_OFFSET.sub("", function.rstrip()) or None,
        file=source.group("file") if source else None,
        line=int(source.group("line")) if source else None,
        offset=int(found.group("offset"), 16),
    )
