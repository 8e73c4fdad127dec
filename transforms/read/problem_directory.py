"""ABRT's problem directories: a crash as a folder that holds a small file for each thing known.

Element names are libreport's (`problem_data.h`). Of an allowlist of them the values become the
annotations of the one element that tells the crash; the others (`environ`, `cmdline`, `maps`,
`var_log_messages`, ...) are never read.
"""

from collections.abc import Collection, Mapping
from typing import Final

_CRASH: Final = ("core_backtrace", "backtrace", "coredump")
"""The elements that may tell the crash, the best first."""

_ANNOTATIONS: Final[Mapping[str, str]] = {
    "pkg_name": "product",
    "pkg_version": "version",
    "time": "received_at",
    "machineid": "install_id",
    "hostname": "hostname",
    "username": "username",
    "os_release": "os_release",
    "architecture": "architecture",
}
"""The annotation that each element's value becomes."""


def crash_element(names: Collection[str]) -> str | None:
    """Return the name of the element that tells the crash, of the names of a folder's files.

    None where the folder is no problem directory: each of them has a time and a type.
    """
    if "time" not in names or not {"type", "analyzer"} & set(names):
        return None
    return next((name for name in _CRASH if name in names), None)


def is_kept(name: str) -> bool:
    """Tell whether an element's value becomes an annotation."""
    return name in _ANNOTATIONS


def element_annotation(name: str, value: str) -> dict[str, str]:
    """Return the annotation that an element's value becomes.

    Of `machineid`, which lists ids by the program that made them, the first is taken.
    """
    told = value.strip()
    if name == "machineid":
        told = told.split("\n", 1)[0].rpartition("=")[2]
    return {_ANNOTATIONS[name]: told}
