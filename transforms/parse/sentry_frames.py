"""Frames of Sentry events: oldest first there, innermost first here, addresses made offsets."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.records import Frame
from transforms.parse.json_reader import integer, mapping, text
from transforms.parse.normalise import module_name, without_query

_MAX_IMAGES = 50_000
_NOT_A_NAME = frozenset({"?", "<redacted>", "<unknown>", "<anonymous>", "(null)"})


@dataclass(frozen=True, slots=True)
class _Image:
    start: int
    size: int
    name: str | None = field(repr=False)


class _Images:
    """The loaded images, found by address."""

    def __init__(self, images: Sequence[Any]) -> None:
        self.listed = [_image(mapping(image)) for image in images[:_MAX_IMAGES]]
        self._sorted = sorted(filter(None, self.listed), key=lambda image: image.start)
        self._starts = [image.start for image in self._sorted]

    def containing(self, address: int) -> _Image | None:
        at = bisect_right(self._starts, address) - 1
        if at < 0:
            return None
        image = self._sorted[at]
        return image if address - image.start < image.size else None


def frames_of(stack: Sequence[Any], images: Sequence[Any], max_frames: int) -> tuple[Frame, ...]:
    """Return the innermost frames of a Sentry stack, innermost first.

    `stack` and `images` are the JSON arrays `stacktrace.frames` and `debug_meta.images`.
    """
    innermost = stack[-max_frames:]
    loaded = _Images(images)
    return tuple(_frame(mapping(frame), loaded) for frame in reversed(innermost))


def _image(image: Mapping[str, Any]) -> _Image | None:
    start, size = integer(image.get("image_addr")), integer(image.get("image_size"))
    if start is None:
        return None
    name = module_name(text(image.get("code_file")) or text(image.get("name")))
    return _Image(start, size or 0, name)


def _frame(frame: Mapping[str, Any], images: _Images) -> Frame:
    image, offset = _located(frame, images)
    function = text(frame.get("function"))
    package = module_name(_assembly(text(frame.get("package"))))
    in_app = frame.get("in_app")
    file = text(frame.get("filename")) or text(frame.get("abs_path"))
    return Frame(
        module=package or (image.name if image else None) or _assembly(text(frame.get("module"))),
        function=None if function in _NOT_A_NAME else function,
        file=file and without_query(file),
        line=integer(frame.get("lineno")) or None,
        offset=offset,
        in_app=in_app if isinstance(in_app, bool) else None,
    )


def _assembly(module: str | None) -> str | None:
    """Return a module's name without the version and keys that .NET puts behind an assembly's."""
    return module.partition(", Version=")[0] if module else None


def _located(frame: Mapping[str, Any], images: _Images) -> tuple[_Image | None, int | None]:
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
    image = images.containing(address)
    if start is None and image is not None:
        start = image.start
    offset = address - start if start is not None and start <= address else None
    return image, offset
