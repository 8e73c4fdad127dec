"""Compiled databases of patterns, kept where Python keeps compiled modules: in `__pycache__`.

Hyperscan executes what it reads, as Python does with what lies there: who can write one can write
the other, since they get the source's mode. So nothing is trusted that was not trusted before.
Where that folder cannot be written, nothing is kept, and each process compiles.
"""

import os
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from secrets import token_hex

_SUFFIX = ".hs"
_MOST = 8
"""Databases kept, the newest ones: two a registry, and those of earlier versions."""

_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)

_WORTHWHILE_BYTES = 1 << 20
"""What is smaller takes less than a tenth of a second to compile."""


def kept(digest: str) -> bytes | None:
    """Return the database that is kept under a digest of all that it is made of, if any."""
    try:
        return _path(digest).read_bytes()
    except OSError:
        return None


def keep(digest: str, database: bytes) -> None:
    """Keep a serialized database, if it is worth it and there is a place for it."""
    if len(database) < _WORTHWHILE_BYTES:
        return
    with suppress(OSError):
        path = _path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{token_hex(8)}")
        try:
            descriptor = os.open(unfinished, _NEW, _mode_of_source())
            with os.fdopen(descriptor, "wb") as file:
                file.write(database)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _forget_old(path.parent)


def _path(digest: str) -> Path:
    return Path(cache_from_source(__file__)).with_name(f"{digest}{_SUFFIX}")


def _mode_of_source() -> int:
    """Return who may read and write a compiled module, as Python gives it its source's mode."""
    return Path(__file__).stat().st_mode & 0o666


def _forget_old(folder: Path) -> None:
    databases = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)
    for path in databases[:-_MOST]:
        path.unlink(missing_ok=True)
