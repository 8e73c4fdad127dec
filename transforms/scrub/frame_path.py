"""What of the path of a frame's module or file tells the code, and not whose disk it is on."""

import re

_BETWEEN_PARTS = re.compile(r"[/\\]+")
_SHORT_PATH = 4
"""Separators of a path that may be somebody's home folder, and no more."""
_SERVER_AND_SHARE = 3
"""Parts of `\\\\server\\share`, the empty one before the server included."""
_CODE_FILE = re.compile(
    r"\.(?:[cm]?[jt]sx?|vue|svelte|x?html?|php|aspx?|jspx?|css|map|wasm|(?:js|main)?bundle|hbc|py|rb|go|rs|ktx?|java|scala"
    r"|class|jar|swift|mm?|cc?|cpp|cxx|hh?|hpp|dart|cs|fs|vb|lua|pl|dll|exe|so|dylib|node|asar)$",
    re.IGNORECASE,
)


def last_part(path: str | None) -> str | None:
    """Return the last part of a POSIX or Windows path.

    Of a URL only the name of a file of code counts: else it is a page, whose address may tell of
    the user. Of a server on a network neither its name nor its share's counts.
    """
    if path is None or ("/" not in path and "\\" not in path):
        return path
    is_url = "://" in path
    if is_url:
        path = path.split("://", 1)[1].split("?", 1)[0].split("#", 1)[0]
    parts = _BETWEEN_PARTS.split(path.rstrip("/\\"))
    if is_url:
        return parts[-1] if len(parts) > 1 and _CODE_FILE.search(parts[-1]) else None
    return None if path.startswith("\\\\") and len(parts) <= _SERVER_AND_SHARE else parts[-1]


def may_be_a_home(path: str) -> bool:
    """Tell whether a path is so short that its last part could be a home folder's."""
    return "://" not in path and len(_BETWEEN_PARTS.findall(path)) <= _SHORT_PATH
