"""Releases of Windows and Windows Server, by the numbers that they tell of themselves.

https://learn.microsoft.com/windows/win32/sysinfo/operating-system-version, and for Server
https://learn.microsoft.com/windows/release-health/windows-server-release-info
"""

import re
from typing import Final

_VERSION: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}")
_NUMBERS_AFTER_VERSION: Final = re.compile(r"[ .-]{1,2}([0-9]{1,6}(?:\.[0-9]{1,6})?)")
_FIRST_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_RELEASES: Final = {
    "5.0": "2000",
    "5.1": "XP",
    "5.2": "XP",
    "6.0": "Vista",
    "6.1": "7",
    "6.2": "8",
    "6.3": "8.1",
}
_FIRST_WINDOWS_11_BUILD: Final = 22000
_SERVER_BUILDS: Final = {
    3790: "2003", 6001: "2008", 6002: "2008", 6003: "2008", 7600: "2008 R2", 7601: "2008 R2",
    9200: "2012", 9600: "2012 R2", 14393: "2016", 17763: "2019", 20348: "2022", 25398: "23H2",
    26100: "2025",
}  # fmt: skip


def windows_release(version: str, build: str, whole: str) -> tuple[str, str | None, str | None]:
    """Return the system's name, its public version, and its build.

    `version` is its number (`10.0.22631`) or edition (`11`), `build` what is told beside it, and
    `whole` all that names it, by which Windows Server is told.
    """
    name = "Windows Server" if "server" in whole.casefold() else "Windows"
    number = _VERSION.search(version)
    if number is None:
        return name, None, build or None
    parts = number.group().split(".")
    if len(parts) == 1 or parts == ["8", "1"]:  # an edition
        release = ".".join(parts)
    else:
        release = _RELEASES.get(".".join(parts[:2]), parts[0])
    if not build:
        follows = _NUMBERS_AFTER_VERSION.match(version, number.end())
        build = ".".join([*parts[2:], *([follows.group(1)] if follows else [])])
    first = _FIRST_NUMBER.match(build.rpartition("10.0.")[2])
    built = int(first.group()) if first else 0
    if name == "Windows Server":
        release = _SERVER_BUILDS.get(built, release)
    elif release == "10" and built >= _FIRST_WINDOWS_11_BUILD:
        release = "11"
    return name, release, build or None
