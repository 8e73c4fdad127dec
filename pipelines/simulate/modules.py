"""The modules of a simulated process: where they are loaded, and the paths of their files."""

from dataclasses import dataclass

from pipelines.simulate.crash import Crash, library_name, system_library

_FIRST_BASE = {"Windows": 0x7FF6_A000_0000, "macOS": 0x1_0400_0000, "iOS": 0x1_0200_0000}
_LINUX_BASE = 0x7F5A_1000_0000
_BASE_SPACING = 0x0200_0000
IMAGE_BYTES = 0x0020_0000
_COMPONENTS = ("core", "net", "renderer", "storage", "gpu")


@dataclass(frozen=True, slots=True)
class Module:
    """A loaded module; `base` is its address, `path` the full path of its file."""

    name: str
    path: str
    base: int


def loaded_modules(crash: Crash) -> list[Module]:
    """Return the process's modules, the executable first; the product's lie in the home folder."""
    system = crash.install.system.name
    own = [crash.install.platform.product + (".exe" if system == "Windows" else "")]
    own += [library_name(component, system) for component in _COMPONENTS]
    theirs = [system_library(component, system) for component in ("kernel", "runtime")]
    folder, system_folder = _folders(crash)
    paths = [folder + name for name in own] + [system_folder + name for name in theirs]
    base = _FIRST_BASE.get(system, _LINUX_BASE)
    return [
        Module(name, path, base + index * _BASE_SPACING)
        for index, (name, path) in enumerate(zip(own + theirs, paths, strict=True))
    ]


def _folders(crash: Crash) -> tuple[str, str]:
    product, version = crash.install.platform.product, crash.install.version
    system = crash.install.system.name
    if system == "Windows":
        own = f"{crash.home}\\AppData\\Local\\{product}\\{version}\\"
        return own, "C:\\Windows\\System32\\"
    if system == "macOS":
        return f"{crash.home}/Applications/{product}.app/Contents/MacOS/", "/usr/lib/system/"
    if system == "iOS":
        return f"/private/var/containers/Bundle/Application/{product}.app/", "/usr/lib/system/"
    return f"{crash.home}/.local/lib/{product.lower()}/", "/usr/lib/"
