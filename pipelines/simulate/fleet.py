"""Who has what: products, versions, systems and installations, a few common and many rare.

Nothing here is personal. The numbers are chosen so that with a threshold of 10 installations a day
more than half of the crashes of 20,000 reports lie in cells that may be released, while the tail
of rare versions and systems may not.
"""

from dataclasses import dataclass
from random import Random

from pipelines.simulate.chance import Weighted, happens, random_uuid, zipf

_REPORTS_PER_INSTALL = 3
_INSTALL_EXPONENT, _INSTALL_SHIFT = 0.8, 10.0
_RARE = 0.06
"""Probability that an installation has a version that hardly anybody else has."""

_FLOOD_VERSION = "7.9.0-dev.3"
"""The version that one installation alone has, which crashes all the time."""

_WINDOWS_KERNELS = {"11": "10.0", "10": "10.0", "8.1": "6.3", "7": "6.1"}


@dataclass(frozen=True, slots=True)
class OsRelease:
    """An operating system in the words of its vendor, such as Windows 11 build 26100."""

    name: str
    version: str
    build: str

    @property
    def windows_kernel(self) -> str:
        """The number by which this release of Windows calls itself, such as 10.0."""
        return _WINDOWS_KERNELS[self.version]

    @property
    def windows_number(self) -> str:
        """The same with the build, such as 10.0.26100."""
        return f"{self.windows_kernel}.{self.build}"


@dataclass(frozen=True, slots=True)
class Platform:
    """One way in which a product is shipped, and the formats in which its crashes arrive.

    `language` is `native` or the language of a managed program.
    """

    formats: Weighted[str]
    product: str
    language: str
    systems: Weighted[OsRelease]
    architectures: Weighted[str]
    process_types: Weighted[str]


@dataclass(frozen=True, slots=True)
class Install:
    """One installation: what it runs, and the id that its reporter made for it."""

    install_id: str
    platform: Platform
    version: str
    channel: str
    system: OsRelease
    architecture: str


_WINDOWS = Weighted(
    [
        (OsRelease("Windows", "11", "26100"), 0.62),
        (OsRelease("Windows", "10", "19045"), 0.34),
        (OsRelease("Windows", "8.1", "9600"), 0.02),
        (OsRelease("Windows", "7", "7601"), 0.02),
    ]
)
_LINUX = Weighted(
    [
        (OsRelease("Ubuntu", "24.04", "6.8.0-51-generic"), 0.70),
        (OsRelease("Ubuntu", "22.04", "5.15.0-130-generic"), 0.15),
        (OsRelease("Debian", "12", "6.1.0-28-amd64"), 0.06),
        (OsRelease("Fedora", "41", "6.12.7-200.fc41.x86_64"), 0.05),
        (OsRelease("Linux Mint", "22", "6.8.0-50-generic"), 0.03),
        (OsRelease("Alpine Linux", "3.21", "6.12.6-0-lts"), 0.01),
    ]
)
_MACOS = Weighted(
    [
        (OsRelease("macOS", "15.2", "24C101"), 0.68),
        (OsRelease("macOS", "14.7.2", "23H311"), 0.20),
        (OsRelease("macOS", "13.7.2", "22H313"), 0.06),
        (OsRelease("macOS", "12.7.6", "21H1320"), 0.04),
        (OsRelease("macOS", "11.7.10", "20G1427"), 0.02),
    ]
)
_IOS = Weighted(
    [
        (OsRelease("iOS", "18.2", "22C152"), 0.75),
        (OsRelease("iOS", "17.7.2", "21H221"), 0.15),
        (OsRelease("iOS", "16.7.10", "20H350"), 0.06),
        (OsRelease("iOS", "15.8.3", "19H386"), 0.04),
    ]
)
_ANDROID = Weighted(
    [
        (OsRelease("Android", "15", "AP4A.250105.002"), 0.45),
        (OsRelease("Android", "14", "UP1A.231005.007"), 0.38),
        (OsRelease("Android", "13", "TQ3A.230901.001"), 0.08),
        (OsRelease("Android", "12", "SP1A.210812.016"), 0.05),
        (OsRelease("Android", "9", "PQ3A.190801.002"), 0.03),
        (OsRelease("Android", "8.1.0", "OPM8.190605.005"), 0.01),
    ]
)
_MOSTLY_X86_64 = Weighted([("x86_64", 0.96), ("arm64", 0.04)])
_MOSTLY_ARM64 = Weighted([("arm64", 0.93), ("x86_64", 0.07)])
_ARM64 = Weighted([("arm64", 1.0)])
_DESKTOP_PROCESSES = Weighted(
    [("browser", 0.46), ("renderer", 0.40), ("gpu-process", 0.09), ("utility", 0.05)]
)
_ANDROID_PROCESSES = Weighted([("", 0.6), ("sandboxed_process", 0.4)])
_ONE_PROCESS = Weighted([("", 1.0)])
_ELECTRON_PROCESSES = Weighted([("browser", 0.3), ("renderer", 0.7)])

BROWSER, NOTES = "Meridian", "atlas-notes"


def _only(
    format_name: str,
    product: str,
    language: str,
    systems: Weighted[OsRelease],
    architectures: Weighted[str],
    process_types: Weighted[str],
) -> Platform:
    """Return a platform whose crashes all arrive in one format."""
    formats = Weighted([(format_name, 1.0)])
    return Platform(formats, product, language, systems, architectures, process_types)


# One format has most of the reports of a platform; what else arrives are other collectors' forms.
_OF_WINDOWS = Weighted(
    [
        ("minidump", 0.90),
        ("multipart_upload", 0.03),
        ("windows_wer", 0.02),
        ("stackwalk_json", 0.01),
        ("socorro_raw", 0.01),
        ("socorro_processed", 0.01),
        ("crash_ping", 0.01),
        ("generic", 0.01),
    ]
)
_OF_LINUX = Weighted(
    [
        ("minidump", 0.79),
        ("sanitizer", 0.01),
        ("sentry_envelope", 0.05),
        ("apport", 0.04),
        ("coredump_json", 0.04),
        ("abrt_ureport", 0.03),
        ("elf_core", 0.04),
    ]
)
_OF_MACOS = Weighted([("apple_ips", 0.92), ("apple_crash", 0.08)])
_OF_IOS = Weighted(
    [("apple_ips", 0.85), ("apple_ips_text", 0.04), ("plcrash", 0.04), ("kscrash", 0.07)]
)
_OF_ANDROID = Weighted([("tombstone", 0.86), ("tombstone_proto", 0.09), ("anr", 0.05)])
_OF_JAVA = Weighted([("sentry", 0.92), ("logcat", 0.04), ("bugsnag", 0.04)])
_OF_DOTNET = Weighted([("sentry", 0.96), ("exceptionless", 0.04)])

_WINDOWS_BROWSER = Platform(
    _OF_WINDOWS, BROWSER, "native", _WINDOWS, _MOSTLY_X86_64, _DESKTOP_PROCESSES
)
_PLATFORMS = Weighted(
    [
        (_WINDOWS_BROWSER, 0.24),
        (Platform(_OF_LINUX, BROWSER, "native", _LINUX, _MOSTLY_X86_64, _DESKTOP_PROCESSES), 0.07),
        (_only("minidump", BROWSER, "native", _MACOS, _MOSTLY_ARM64, _DESKTOP_PROCESSES), 0.06),
        (Platform(_OF_MACOS, BROWSER, "native", _MACOS, _MOSTLY_ARM64, _ONE_PROCESS), 0.10),
        (Platform(_OF_IOS, BROWSER, "native", _IOS, _ARM64, _ONE_PROCESS), 0.09),
        (Platform(_OF_ANDROID, BROWSER, "native", _ANDROID, _ARM64, _ANDROID_PROCESSES), 0.17),
        (Platform(_OF_JAVA, NOTES, "java", _ANDROID, _ARM64, _ONE_PROCESS), 0.10),
        (Platform(_OF_DOTNET, NOTES, "csharp", _WINDOWS, _MOSTLY_X86_64, _ONE_PROCESS), 0.06),
        (_only("sentry", NOTES, "python", _LINUX, _MOSTLY_X86_64, _ONE_PROCESS), 0.05),
        (_only("sentry", NOTES, "javascript", _MACOS, _MOSTLY_ARM64, _ELECTRON_PROCESSES), 0.06),
        # Those that run it on servers of their own send what stands in a log.
        (_only("hs_err", NOTES, "java", _LINUX, _MOSTLY_X86_64, _ONE_PROCESS), 0.003),
        (_only("dotnet", NOTES, "csharp", _WINDOWS, _MOSTLY_X86_64, _ONE_PROCESS), 0.003),
        (_only("python", NOTES, "python", _LINUX, _MOSTLY_X86_64, _ONE_PROCESS), 0.003),
        (_only("javascript", NOTES, "javascript", _LINUX, _MOSTLY_X86_64, _ONE_PROCESS), 0.003),
        (_only("go", NOTES, "go", _LINUX, _MOSTLY_X86_64, _ONE_PROCESS), 0.003),
        (_only("rust", NOTES, "rust", _LINUX, _MOSTLY_X86_64, _ONE_PROCESS), 0.003),
        (_only("ruby", NOTES, "ruby", _LINUX, _MOSTLY_X86_64, _ONE_PROCESS), 0.003),
    ]
)
_VERSIONS = {
    BROWSER: Weighted(
        [
            (("7.4.2", "stable"), 0.68),
            (("7.4.1", "stable"), 0.16),
            (("7.5.0", "beta"), 0.08),
            (("7.3.8", "stable"), 0.04),
            (("7.2.11", "extended"), 0.03),
            (("7.6.0", "nightly"), 0.01),
        ]
    ),
    NOTES: Weighted(
        [
            (("3.12.0", "production"), 0.70),
            (("3.11.4", "production"), 0.16),
            (("3.13.0", "beta"), 0.08),
            (("3.10.9", "production"), 0.04),
            (("3.9.2", "production"), 0.02),
        ]
    ),
}


class Fleet:
    """All installations, from which the one that crashes next is chosen."""

    def __init__(self, reports: int, random: Random) -> None:
        count = max(1, reports // _REPORTS_PER_INSTALL)
        installs = [install_of(_PLATFORMS.choose(random), random) for _ in range(count)]
        self._by_frequency = zipf(installs, _INSTALL_EXPONENT, _INSTALL_SHIFT)
        self.flooding = Install(
            random_uuid(random),
            _WINDOWS_BROWSER,
            _FLOOD_VERSION,
            "dev",
            _WINDOWS.items[0],
            "x86_64",
        )

    def next_to_crash(self, random: Random) -> Install:
        """Return an installation; few of them crash often, most hardly ever."""
        return self._by_frequency.choose(random)


def platforms_of(format_name: str) -> list[Platform]:
    """Return the platforms some of whose crashes arrive in a format."""
    return [each for each in _PLATFORMS.items if format_name in each.formats.items]


def install_of(platform: Platform, random: Random) -> Install:
    """Return an installation of a platform."""
    version, channel = _VERSIONS[platform.product].choose(random)
    if happens(random, _RARE):
        version, channel = f"{version[0]}.{random.randrange(3)}.{random.randrange(60)}", "stable"
    return Install(
        random_uuid(random),
        platform,
        version,
        channel,
        platform.systems.choose(random),
        platform.architectures.choose(random),
    )
