"""Frames of Sentry events: oldest first there, innermost first here, addresses made offsets."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.records import Frame
from transforms.parse.frame_names import function_name, last_of_path, stable_name
from transforms.parse.json_reader import integer, mapping, text
from transforms.parse.modules import Module, Modules
from transforms.parse.normalise import module_name, without_query

_MAX_IMAGES = 50_000


class _Images:
    """The images of an event: as they are listed, None for one without address, and by address."""

    def __init__(self, images: Sequence[Any]) -> None:
        self.listed = [_image(mapping(image)) for image in images[:_MAX_IMAGES]]
        self.loaded = Modules([image for image in self.listed if image is not None])


def frames_of(stack: Sequence[Any], images: Sequence[Any], max_frames: int) -> tuple[Frame, ...]:
    """Return the innermost frames of a Sentry stack, innermost first.

    `stack` and `images` are the JSON arrays `stacktrace.frames` and `debug_meta.images`.
    """
    innermost = stack[-max_frames:]
    loaded = _Images(images)
    return tuple(_frame(mapping(frame), loaded) for frame in reversed(innermost))


def _image(image: Mapping[str, Any]) -> Module | None:
    start, size = integer(image.get("image_addr")), integer(image.get("image_size"))
    if start is None:
        return None
    return Module(text(image.get("code_file")) or text(image.get("name")) or "", start, size or 0)


def _frame(frame: Mapping[str, Any], images: _Images) -> Frame:
    # A frame of managed code names its class; .NET's name the assembly, and an offset into the
    # method's own code, too.
    owner = text(frame.get("module"))
    image, offset = (None, None) if owner else _located(frame, images)
    package = module_name(_assembly(text(frame.get("package")) or ""))
    in_app = frame.get("in_app")
    file = text(frame.get("filename")) or text(frame.get("abs_path"))
    return Frame(
        module=last_of_path(stable_name(_assembly(owner or "")))
        or package
        or module_name(image.path if image else None),
        function=function_name(text(frame.get("function"))),
        file=file and without_query(file),
        line=integer(frame.get("lineno")) or None,
        offset=offset,
        in_app=in_app if isinstance(in_app, bool) else None,
    )


def _assembly(module: str) -> str:
    """Return a module's name without the version and keys that .NET puts behind an assembly's."""
    return module.partition(", Version=")[0]


def _located(frame: Mapping[str, Any], images: _Images) -> tuple[Module | None, int | None]:
    """Return the image that a native frame lies in, and how far from its start."""
    address = integer(frame.get("instruction_addr"))
    if address is None:
        return None, None
    mode = text(frame.get("addr_mode")) or "abs"
    if mode.startswith("rel:"):
        index = integer(mode.removeprefix("rel:"))
        known = index is not None and 0 <= index < len(images.listed)
        return (images.listed[index] if known and index is not None else None), address
    start = integer(frame.get("image_addr"))
    image = images.loaded.containing(address)
    if start is None and image is not None:
        start = image.base
    offset = address - start if start is not None and start <= address else None
    return image, offset
