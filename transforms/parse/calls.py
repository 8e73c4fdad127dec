"""Where a call stands, given the address that it returns to."""

from typing import Final

_CALL_BYTES: Final = {"arm": 2, "arm64": 4}


def call_bytes(arch: str | None) -> int:
    """Return how far an address within the call lies before the one to return to.

    That of where it goes on may be another line's, or another function's. On ARM it is a whole
    instruction; on x86, where they differ in length, the call's last byte.
    """
    return _CALL_BYTES.get(arch or "", 1)
