"""Uploads of minidumps as Breakpad and Crashpad send them: the body of a form (RFC 7578)."""

from random import Random

from pipelines.simulate.crash import Crash, RawFile
from pipelines.simulate.minidump_crashpad import sidecar_of
from pipelines.simulate.minidump_writer import write_minidump

_DUMP = "upload_file_minidump"


def write_multipart_upload(crash: Crash, random: Random) -> RawFile:
    """Return a crash as the body of its upload: the reporter's fields, then the minidump."""
    boundary = f"---MultipartBoundary-{random.getrandbits(128):032x}---"
    body = b"".join(
        _part(boundary, f'name="{name}"', value.encode())
        for name, value in sidecar_of(crash).items()
    )
    name = f'name="{_DUMP}"; filename="{crash.report_id}.dmp"\r\nContent-Type: application/x-dmp'
    body += _part(boundary, name, write_minidump(crash, random).payload)
    return RawFile(body + f"--{boundary}--\r\n".encode(), ".upload")


def _part(boundary: str, headers: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {headers}\r\n\r\n"
    return head.encode() + content + b"\r\n"
