"""Compressed files and archives: what they hold, within limits, one member at a time.

Read are gzip (RFC 1952), Zstandard (RFC 8878), ZIP (its methods stored and deflate) and tar (POSIX
ustar, with GNU's and pax's long names), in one another. Names only tell which members stand beside
each other: nothing is written, and no link is followed.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import IO

import pyarrow as pa

from schemas.records import FailureKind
from transforms.parse.gzip_reader import GZIP, PIECE_BYTES, gunzipped_pieces
from transforms.parse.parser import ParseError
from transforms.parse.unpack_budget import Budget
from transforms.unpack.tar_reader import is_tar, tar_members

FORMAT = "container"

_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container: its path in it, which may name a person, and its content."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


_Packed = tuple[str, Iterable[bytes]]
"""A member's name, and its content in pieces, which are unpacked as they are taken."""
_Opener = Callable[[str, bytes, Budget], Iterator[_Packed]]


def is_container(payload: bytes) -> bool:
    """Tell whether a file is compressed or an archive, by its first bytes."""
    return _opener(payload) is not None


def unpacked(name: str, payload: bytes, budget: Budget) -> list[Member]:
    """Return the files that a container holds; those that are containers too, as they are.

    Args:
        name: the container's own name; what is only compressed has it without its suffix.
        payload: its bytes.
        budget: what may be unpacked, and is then spent.

    Raises:
        ParseError: `OVERSIZED` for more than the budget; `TRUNCATED`, `MALFORMED`; `ENCRYPTED`
            for a member that is, `UNKNOWN_FORMAT` for one packed by a method that is not read;
            `EMPTY` for none in it.
    """
    opener = _opener(payload)
    packed = opener(name, payload, budget) if opener else ()
    members = [Member(each, budget.spend(pieces)) for each, pieces in packed]
    if not members:
        raise ParseError(FailureKind.EMPTY)
    if len({member.name for member in members}) < len(members):
        raise ParseError(FailureKind.MALFORMED)  # of two sidecars one may refuse
    return members


def _opener(payload: bytes) -> _Opener | None:
    if payload.startswith(GZIP):
        return _gunzipped
    if payload.startswith(_ZSTANDARD):
        return _unzstandarded
    if payload.startswith(_ZIP):
        return _unzipped
    return _untarred if is_tar(payload) else None


def _gunzipped(name: str, payload: bytes, _: Budget) -> Iterator[_Packed]:
    yield _uncompressed_name(name), gunzipped_pieces(payload)


def _unzstandarded(name: str, payload: bytes, _: Budget) -> Iterator[_Packed]:
    yield _uncompressed_name(name), _unzstandarded_pieces(payload)


def _unzstandarded_pieces(payload: bytes) -> Iterator[bytes]:
    try:
        with pa.CompressedInputStream(pa.BufferReader(payload), "zstd") as stream:
            yield from _pieces(stream)
    except OSError as error:
        truncated = str(error).startswith("Truncated")
        kind = FailureKind.TRUNCATED if truncated else FailureKind.MALFORMED
        raise ParseError(kind) from None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(partial(stream.read, PIECE_BYTES), b"")


def _uncompressed_name(name: str) -> str:
    for suffix, instead in ((".tgz", ".tar"), (".gz", ""), (".zst", "")):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] + instead
    return name


def _unzipped(_: str, payload: bytes, _budget: Budget) -> Iterator[_Packed]:
    if payload.count(_ZIP_ENTRY) > _MOST_ZIP_ENTRIES:
        raise ParseError(FailureKind.OVERSIZED)
    with _told_of_zip(payload), zipfile.ZipFile(io.BytesIO(payload)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield entry.filename, _unzipped_pieces(archive, entry, payload)


_MOST_ZIP_ENTRIES = 100_000
"""The standard library reads a whole directory before any entry: 100,000 take half a second."""


def _unzipped_pieces(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, payload: bytes
) -> Iterator[bytes]:
    if entry.flag_bits & _ENCRYPTED:
        raise ParseError(FailureKind.ENCRYPTED)
    if entry.compress_type not in _METHODS:
        raise ParseError(FailureKind.UNKNOWN_FORMAT)
    with _told_of_zip(payload), archive.open(entry) as stream:
        yield from _pieces(stream)


@contextmanager
def _told_of_zip(payload: bytes) -> Iterator[None]:
    """Tell what the standard library cannot read in an archive.

    Raises:
        ParseError: `TRUNCATED` for an archive without directory, which stands at the end and goes
            first when a file is cut; else `MALFORMED`.
    """
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError):
        whole = _ZIP_ENTRY in payload
        kind = FailureKind.MALFORMED if whole else FailureKind.TRUNCATED
        raise ParseError(kind) from None


def _untarred(_: str, payload: bytes, budget: Budget) -> Iterator[_Packed]:
    for name, content in tar_members(payload, budget.bytes_allowed):
        yield name, [content]
