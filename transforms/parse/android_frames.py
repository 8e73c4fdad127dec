"""Native frames as debuggerd, ART and the tools that symbolize them write them."""

import re

from schemas.records import Frame
from transforms.parse.normalise import in_app_by_path, module_name

_FRAME = re.compile(r"#(?P<index>[0-9]{1,4}) {1,2}(?:pc|eip) (?P<pc>[0-9a-fA-F]{1,16})(?P<rest>.*)")
_SYMBOLIZED = re.compile(r"#[0-9]{1,4} {1,2}0x[0-9a-fA-F]{1,16} (?P<rest>.*)")
_SOURCE = re.compile(r"(?P<file>[^:]{1,512}):(?P<line>[0-9]{1,9})(?::[0-9]{1,9})?$")
_MODULE_OFFSET = re.compile(r"\+0x(?P<offset>[0-9a-fA-F]{1,16})$")
_FUNCTION_OFFSET = re.compile(r"\+[0-9]{1,12}$")
_NO_FILE = ("<anonymous", "<unknown>", "[anon", "???", "(")


def native_frame(line: str) -> Frame | None:
    """Return the frame of a line such as `#00 pc 0004e1d4  /system/lib/libc.so (abort+164)`."""
    line = line.lstrip()
    found = _FRAME.match(line)
    if found is None:
        return _symbolized_frame(line)
    rest = found.group("rest").strip()
    rest = rest.partition(" (BuildId: ")[0]
    path, opened, function = rest.partition(" (")
    while opened and function.startswith(("offset 0x", "deleted)", "deleted:")):
        _, opened, function = function.partition(" (")
    name = _FUNCTION_OFFSET.sub("", function.removesuffix(")"))
    return frame_in_file(path, name, int(found.group("pc"), 16))


def frame_in_file(path: str, function: str | None, offset: int) -> Frame:
    """Return the frame at an offset into a file, which may be memory without a file behind it."""
    module = module_name(None if path.startswith(_NO_FILE) else path.partition(" (")[0])
    return Frame(
        module=module,
        function=function or None,
        # Without a file behind it, the number is an absolute address.
        offset=offset if module else None,
        in_app=in_app_by_path(path),
    )


def _symbolized_frame(line: str) -> Frame | None:
    """Return the frame of a line that a symbolizer rewrote, as `#0 0x412dc in tgkill tgkill.S:9`.

    Its address may be absolute and is left out.
    """
    found = _SYMBOLIZED.match(line)
    if found is None:
        return None
    rest = found.group("rest").strip()
    if not rest.startswith("in "):
        offset = _MODULE_OFFSET.search(rest)
        path = rest[: offset.start()] if offset else rest.partition(" ")[0]
        return Frame(module_name(path), offset=int(offset.group("offset"), 16) if offset else None)
    function, _, last = rest.removeprefix("in ").rpartition(" ")
    source = _SOURCE.match(last)
    if source is None:
        return Frame(function=rest.removeprefix("in ") or None)
    return Frame(None, function, source.group("file"), int(source.group("line")))
