"""Reports as collectors pack them: gzip, Zstandard, ZIP and tar; the same bytes each time."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping

import pyarrow as pa

PACKINGS = ("gzip", "zstandard", "zip", "tar")


def packed(contents: Mapping[str, bytes], packing: str) -> dict[str, bytes]:
    """Return files by name as one of `PACKINGS` has them.

    The first file is the report, the next one its sidecar, if it has one. Compression is of one
    file, so there the sidecar stays beside it; an archive holds both.
    """
    (name, report), *sidecars = contents.items()
    stem = name.partition(".")[0]
    if packing == "gzip":
        return {f"{name}.gz": gzip.compress(report, mtime=0), **dict(sidecars)}
    if packing == "zstandard":
        return {f"{name}.zst": pa.compress(report, codec="zstd", asbytes=True), **dict(sidecars)}
    if packing == "zip":
        return {f"{stem}.zip": _zip(contents)}
    return {f"{stem}.tar": _tar(contents)}


def _zip(contents: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(_base(name)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _tar(contents: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in contents.items():
            header = tarfile.TarInfo(_base(name))
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return stream.getvalue()


def _base(name: str) -> str:
    return name.rpartition("/")[2]
