"""Stacks as minidump-stackwalk writes them, on their own or within Mozilla's reports.

The form is rust-minidump's `minidump-processor/json-schema.md`. Crash pings hold a shorter form of
it, in which a frame names its module by number (Firefox's `crash-ping.rst`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from schemas.records import Frame
from transforms.parse.json_reader import integer, mapping, sequence, text
from transforms.parse.normalise import OperatingSystem, module_name, operating_system

_MAX_MODULES: Final = 10_000
_LONGEST_NUMBER: Final = 18
_REPOSITORIES: Final = frozenset({"git", "hg", "s3"})
_PARTS_OF_SOURCE: Final = 4
_MISSING: Final = frozenset({"", "No crash"})


def reason_of(dump: Mapping[str, Any]) -> str | None:
    """Return what ended the process, such as `SIGSEGV / SEGV_MAPERR`."""
    reason = text(mapping(dump.get("crash_info")).get("type"))
    return None if reason in _MISSING else reason


def message_of(dump: Mapping[str, Any]) -> str | None:
    """Return the assertion that failed, where the minidump noted one."""
    return text(mapping(dump.get("crash_info")).get("assertion"))


def system_of(dump: Mapping[str, Any]) -> OperatingSystem:
    """Return the operating system: Linux by its distribution where it is told."""
    system, release = mapping(dump.get("system_info")), mapping(dump.get("lsb_release"))
    if text(release.get("id")):
        return operating_system(text(release.get("id")), text(release.get("release")))
    name = text(system.get("os"))
    if name is None or name.startswith("0x"):  # the number of a system that it does not know
        return operating_system(None, None)
    return operating_system(name, text(system.get("os_ver")))


def main_module(dump: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the executable's name, without its ending, and its version."""
    modules = sequence(dump.get("modules"))
    number = integer(dump.get("main_module"))
    if number is None or not 0 <= number < len(modules):
        return None, None
    module = mapping(modules[number])
    name = module_name(text(module.get("filename")))
    return (name.removesuffix(".exe") if name else None), text(module.get("version"))


def frames_of(dump: Mapping[str, Any], limit: int) -> tuple[Frame, ...]:
    """Return at most `limit` frames of the crashing thread, innermost first.

    Inlined functions stand before the frame that they were inlined into.
    """
    modules = [mapping(module) for module in sequence(dump.get("modules"))[:_MAX_MODULES]]
    frames = (
        each
        for entry in _crashing_frames(dump)[:limit]
        for each in _with_inlines(mapping(entry), modules)
    )
    return tuple(islice(frames, limit))


def _crashing_frames(dump: Mapping[str, Any]) -> Sequence[Any]:
    crashing = mapping(dump.get("crashing_thread"))
    own = sequence(crashing.get("frames"))
    threads = sequence(dump.get("threads"))
    told = (mapping(dump.get("crash_info")).get("crashing_thread"), crashing.get("threads_index"),
            crashing.get("thread_index"))  # fmt: skip
    number = next((index for index in map(integer, told) if index is not None), None)
    if number is None or not 0 <= number < len(threads):
        return own
    # The crashing thread of old reports is cut after ten frames; the list of threads has all.
    listed = sequence(mapping(threads[number]).get("frames"))
    return listed if len(listed) >= len(own) else own


def _with_inlines(
    frame: Mapping[str, Any], modules: Sequence[Mapping[str, Any]]
) -> Iterator[Frame]:
    module, offset = _place(frame, modules)
    for inlined in map(mapping, sequence(frame.get("inlines"))):
        yield Frame(
            module=module,
            function=text(inlined.get("function")),
            file=_source_file(text(inlined.get("file"))),
            line=integer(inlined.get("line")),
        )
    yield Frame(
        module=module,
        function=text(frame.get("function")),
        file=_source_file(text(frame.get("file"))),
        line=integer(frame.get("line")),
        offset=offset,
    )


def _source_file(file: str | None) -> str | None:
    """Return the path of a file that is told by its repository: `hg:example.org/a:b/c.cpp:1f2e`.

    The form is that of Breakpad's symbols as Mozilla makes them; the revision differs from build to
    build.
    """
    parts = (file or "").split(":")
    return parts[2] if len(parts) == _PARTS_OF_SOURCE and parts[0] in _REPOSITORIES else file


def _place(
    frame: Mapping[str, Any], modules: Sequence[Mapping[str, Any]]
) -> tuple[str | None, int | None]:
    """Return a frame's module and its offset in it, never its absolute address."""
    number = integer(frame.get("module_index"))
    if number is not None and 0 <= number < len(modules):
        module, base = modules[number], _number(modules[number].get("base_addr"))
        address = _number(frame.get("ip"))
        offset = address - base if address is not None and base is not None else None
        return module_name(text(module.get("filename"))), _positive(offset)
    name = text(frame.get("module"))
    if name is not None:
        return module_name(name), _number(frame.get("module_offset"))
    unloaded = sequence(frame.get("unloaded_modules"))
    # Where several had been loaded at the place, none of them is known to be the frame's.
    place = mapping(unloaded[0]) if len(unloaded) == 1 else {}
    offsets = sequence(place.get("offsets"))
    offset = _number(offsets[0]) if len(offsets) == 1 else None
    return module_name(text(place.get("module"))), offset


def _number(value: object) -> int | None:
    """Return a number that is written in hexadecimal, such as `0x1f`."""
    written = text(value)
    if written is None or len(written) > _LONGEST_NUMBER:
        return None
    try:
        return _positive(int(written, 16))
    except ValueError:
        return None


def _positive(number: int | None) -> int | None:
    return number if number is not None and number >= 0 else None
