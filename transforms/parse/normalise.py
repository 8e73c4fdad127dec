"""One vocabulary for systems and processors, and one form of files' names, whoever wrote them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from transforms.parse.windows_release import windows_release

_MAX_CHARS = 128  # longer than any name of an operating system; the rest cannot be one
_MAX_PATH_CHARS = 1024
_OF_A_SYSTEM = re.compile(
    r"(?:.{0,512}?/RuntimeRoot|/private/preboot/Cryptexes/\w{1,16}|/System/Volumes/Preboot/.{0,128}?)?"
    r"/(?:System/(?:Library|iOSSupport|DriverKit)/|usr/lib/(?:.{0,256}\.dylib|dyld)$|Library/Apple/)"
    r"|/(?:system|system_ext|apex|vendor|product|odm)/(?!(?:priv-)?app/)"
)


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """An operating system as tables show it, such as `Windows`, `11` with build `22631.3593`."""

    name: str | None = field(default=None, repr=False)
    version: str | None = field(default=None, repr=False)
    build: str | None = field(default=None, repr=False)


_NAMES = {
    "android": "Android",
    "apple tvos": "tvOS",
    "bridge os": "bridgeOS",
    "bridgeos": "bridgeOS",
    "chrome os": "ChromeOS",
    "chromeos": "ChromeOS",
    "chromium os": "ChromeOS",
    "darwin": "Darwin",
    "gnu/linux": "Linux",
    "ios": "iOS",
    "ipados": "iPadOS",
    "iphone os": "iOS",
    "iphone": "iOS",
    "linux": "Linux",
    "mac os": "macOS",
    "mac os x": "macOS",
    "mac": "macOS",
    "macos": "macOS",
    "macosx": "macOS",
    "microsoft windows": "Windows",
    "microsoft windows nt": "Windows",
    "nintendo switch": "Nintendo Switch",
    "os x": "macOS",
    "osx": "macOS",
    "tvos": "tvOS",
    "visionos": "visionOS",
    "watch os": "watchOS",
    "watchos": "watchOS",
    "win32": "Windows",
    "windows": "Windows",
    "windows nt": "Windows",
    "windows_nt": "Windows",
    "xros": "visionOS",
    # /etc/os-release and LSB names of Linux distributions
    "alma linux": "AlmaLinux",
    "almalinux": "AlmaLinux",
    "alpine": "Alpine Linux",
    "alpine linux": "Alpine Linux",
    "amazon linux": "Amazon Linux",
    "amzn": "Amazon Linux",
    "arch": "Arch Linux",
    "arch linux": "Arch Linux",
    "centos": "CentOS",
    "centos linux": "CentOS",
    "centos stream": "CentOS Stream",
    "debian": "Debian",
    "debian gnu/linux": "Debian",
    "elementary os": "elementary OS",
    "fedora": "Fedora",
    "fedora linux": "Fedora",
    "freebsd": "FreeBSD",
    "fuchsia": "Fuchsia",
    "gentoo": "Gentoo",
    "kali": "Kali Linux",
    "kali gnu/linux": "Kali Linux",
    "kde neon": "KDE neon",
    "linux mint": "Linux Mint",
    "linuxmint": "Linux Mint",
    "manjaro": "Manjaro Linux",
    "manjaro linux": "Manjaro Linux",
    "manjarolinux": "Manjaro Linux",
    "netbsd": "NetBSD",
    "nixos": "NixOS",
    "openbsd": "OpenBSD",
    "opensuse": "openSUSE",
    "opensuse leap": "openSUSE Leap",
    "opensuse tumbleweed": "openSUSE Tumbleweed",
    "oracle linux": "Oracle Linux",
    "oracle linux server": "Oracle Linux",
    "pop": "Pop!_OS",
    "pop!_os": "Pop!_OS",
    "raspbian": "Raspbian",
    "raspbian gnu/linux": "Raspbian",
    "red hat enterprise linux": "Red Hat Enterprise Linux",
    "rhel": "Red Hat Enterprise Linux",
    "rocky": "Rocky Linux",
    "rocky linux": "Rocky Linux",
    "solaris": "Solaris",
    "steamos": "SteamOS",
    "ubuntu": "Ubuntu",
    "zorin os": "Zorin OS",
}

_APPLE = frozenset({"bridgeOS", "iOS", "iPadOS", "macOS", "tvOS", "visionOS", "watchOS"})

# Two numbers are a release of these; what follows is an update that is installed in between.
_TWO_NUMBERS = frozenset({"Ubuntu", "Linux Mint", "Alpine Linux", "Pop!_OS", "KDE neon", "NixOS"})

_ARCHITECTURES = {
    "aarch64": "arm64",
    "amd64": "x86_64",
    "arm": "arm",
    "arm-64": "arm64",
    "arm64": "arm64",
    "arm64-v8a": "arm64",
    "arm64_32": "arm64_32",
    "arm64e": "arm64",
    "arm64ec": "arm64",
    "armeabi": "arm",
    "armeabi-v7a": "arm",
    "armhf": "arm",
    "armv5": "arm",
    "armv6": "arm",
    "armv6l": "arm",
    "armv7": "arm",
    "armv7-a": "arm",
    "armv7a": "arm",
    "armv7f": "arm",
    "armv7k": "arm",
    "armv7l": "arm",
    "armv7s": "arm",
    "armv8": "arm64",
    "armv8l": "arm",
    "i386": "x86",
    "i486": "x86",
    "i586": "x86",
    "i686": "x86",
    "ia32": "x86",
    "ia64": "ia64",
    "intel 64": "x86_64",
    "loong64": "loongarch64",
    "loongarch64": "loongarch64",
    "mips": "mips",
    "mips64": "mips64",
    "mips64el": "mips64",
    "mipsel": "mips",
    "ppc": "ppc",
    "ppc64": "ppc64",
    "ppc64el": "ppc64",
    "ppc64le": "ppc64",
    "riscv": "riscv",
    "riscv32": "riscv32",
    "riscv64": "riscv64",
    "s390": "s390",
    "s390x": "s390x",
    "sparc": "sparc",
    "sparc64": "sparc64",
    "sparcv9": "sparc64",
    "wasm": "wasm32",
    "wasm32": "wasm32",
    "wasm64": "wasm64",
    "x64": "x86_64",
    "x86": "x86",
    "x86-64": "x86_64",
    "x86-64h": "x86_64",
    "x86_64": "x86_64",
    "x86_64h": "x86_64",
}

_BUILD_IN_PARENTHESES = re.compile(r"\((?:build )?([0-9A-Za-z.]{1,32})\)", re.IGNORECASE)
_VERSION = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}")
_APPLE_BUILD = re.compile(r" ([0-9]{1,3}[A-Z][0-9]{1,5}[a-z]?)$")
_NO_VERSION = "0.0.0 "  # what Breakpad writes in front of a kernel's name and release
_KERNEL_RELEASE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){1,3}[-+.~_0-9A-Za-z]{0,64}")


def operating_system(
    name: str | None, version: str | None, build: str | None = None
) -> OperatingSystem:
    """Return the one name and the public version of an operating system, its build apart.

    The version may hold more than a number (`15.2.1 (19C63)`), and the name may hold the version
    (`iPhone OS 15.2.1 (19C63)`). A name that is not known is kept as it is.
    """
    texts = (name, version, build)
    return _operating_system(*((text or "")[:_MAX_CHARS].strip() for text in texts))


@lru_cache(maxsize=1024)
def _operating_system(name: str, version: str, build: str) -> OperatingSystem:
    """Tell what `operating_system` does; a fleet has few systems."""
    known, rest = _known_name(name)
    if known is None:
        return _unknown(name, version, build)
    text = version or rest
    if known == "Windows":
        return OperatingSystem(*windows_release(text, build, f"{name} {version}"))
    if known in {"Linux", "Darwin"}:
        return _kernel(known, text, build)
    number = _VERSION.search(text)
    in_parentheses = _BUILD_IN_PARENTHESES.search(text)
    if not build and in_parentheses and any(map(str.isdigit, in_parentheses.group(1))):
        build = in_parentheses.group(1)
    behind = _APPLE_BUILD.search(text) if known in _APPLE else None
    if not build and behind is not None:
        build = behind.group(1)
    public = _public_version(known, number.group()) if number else None
    return OperatingSystem(known, public, build or None)


def android_from_fingerprint(fingerprint: str) -> OperatingSystem:
    """Return the Android version and build id that `ro.build.fingerprint` names.

    Its form is `brand/product/device:version/build id/incremental:type/keys`, see the Android
    Compatibility Definition, 3.2.2.
    """
    parts = fingerprint[: 4 * _MAX_CHARS].strip().strip("'").split(":")
    release = parts[1].split("/") if len(parts) > 1 else []
    version = release[0] if release else None
    return operating_system("Android", version, release[1] if len(release) > 1 else None)


def architecture(raw: str | None) -> str | None:
    """Return the processor's name in the one vocabulary, None for one that is not known."""
    if raw is None:
        return None
    name = raw[:_MAX_CHARS].strip().strip("'").casefold()
    # Apple's text reports add a remark: `X86-64 (Native)`, `ARM-64 (Translated)`.
    return _ARCHITECTURES.get(name.partition(" (")[0].strip())


def _unknown(name: str, version: str, build: str) -> OperatingSystem:
    """Return what an unknown name and its version say, apart even when they stood together."""
    number = _VERSION.search(version or name)
    if number is not None and not version:
        name = name[: number.start()].rstrip(" -_/") or name
    return OperatingSystem(name or None, number.group() if number else None, build or None)


def _known_name(name: str) -> tuple[str | None, str]:
    """Return the known name that the text starts with, and what follows it."""
    words = name.casefold().split()
    for count in range(min(len(words), 4), 0, -1):
        known = _NAMES.get(" ".join(words[:count]).rstrip(","))
        if known is not None:
            return known, " ".join(name.split()[count:])
    return None, name


def _public_version(name: str, number: str) -> str:
    parts = number.split(".")
    if name in _TWO_NUMBERS:
        parts = parts[:2]
    if name in _APPLE:
        # Crashpad writes 12.6.0 for what Apple calls 12.6.
        parts = parts[:3]
        if parts[2:] == ["0"]:
            parts.pop()
    return ".".join(parts)


def _kernel(name: str, text: str, build: str) -> OperatingSystem:
    release = _KERNEL_RELEASE.search(text.removeprefix(_NO_VERSION))
    if release is None:
        return OperatingSystem(name, None, build or None)
    numbers = ".".join(_VERSION.findall(release.group())[0].split(".")[:3])
    return OperatingSystem(name, numbers, build or release.group())


def module_name(path: str | None) -> str | None:
    r"""Return the name of a module from its path on any system, without the folders.

    A library inside a package is named by itself: `/data/app/base.apk!libgame.so` is `libgame.so`.
    """
    if not path:
        return None
    path = path[-_MAX_PATH_CHARS:].rstrip("\\/!")
    end_of_folder = max(path.rfind("/"), path.rfind("\\"), path.rfind("!"))
    return path[end_of_folder + 1 :].strip() or None


def in_app_by_path(path: str | None) -> bool | None:
    """Return False for a module in a folder of Apple's systems or Android's, None for any other.

    No application can write there: Apple's File System Programming Guide, and the partitions of the
    Android Open Source Project (`system`, `apex`, `vendor`, ...).
    """
    return False if path is not None and _OF_A_SYSTEM.match(path) else None


def without_query(file: str) -> str:
    """Return a file's path or URL without the query and fragment that a URL may have."""
    return file.partition("#")[0].partition("?")[0] if "://" in file else file
