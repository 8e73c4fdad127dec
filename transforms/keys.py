"""The key of a run: where it comes from, and which keys are refused.

A key is 32 random bytes or more, written as hexadecimal digits or Base64. It is held outside of the
data: in a file or in Google Secret Manager, where workers read it themselves, so that it is in no
job's description; or in the environment.
"""

import base64
import binascii
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SMALLEST_KEY_BYTES = 32
_FEWEST_DIFFERENT_BYTES = 16
"""32 random bytes have 30 different ones on average; fewer than 16 happens once in 10^15 draws."""


class KeyProblemError(ValueError):
    """A key that is missing, unreadable or too weak; one line that never shows it."""


@dataclass(frozen=True, slots=True)
class KeySource:
    """A key, or the file or the secret that holds it; the `repr` does not show the key."""

    material: bytes = field(default=b"", repr=False)
    file: str = ""
    secret: str = ""

    def load(self) -> bytes:
        """Return the key.

        Raises:
            KeyProblemError: the file or the secret cannot be read, or its key is too weak.
        """
        if self.file:
            return _key_in_file(self.file)
        return _secret_key(self.secret) if self.secret else self.material


def parse_key(text: bytes) -> bytes:
    """Return the key that a text holds: hexadecimal digits or Base64, with white space around.

    Raises:
        KeyProblemError: it is neither, too short, or could be guessed.
    """
    key = _decoded(text.strip())
    if key is None:
        raise KeyProblemError("is neither hexadecimal digits nor Base64")
    if len(key) < SMALLEST_KEY_BYTES:
        raise KeyProblemError(f"is too short: it needs {SMALLEST_KEY_BYTES} random bytes")
    if len(set(key)) < _FEWEST_DIFFERENT_BYTES or _is_text(key):
        raise KeyProblemError("could be guessed: it needs to be random bytes")
    return key


def _is_text(key: bytes) -> bool:
    """Tell whether somebody typed it: random bytes are all printable once in 10^13 draws."""
    return key.isascii() and key.decode("ascii").isprintable()


def _decoded(text: bytes) -> bytes | None:
    try:
        return bytes.fromhex(text.decode("ascii"))
    except ValueError:
        pass
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


@cache
def _key_in_file(path: str) -> bytes:
    try:
        return parse_key(Path(path).read_bytes())
    except OSError as error:
        raise KeyProblemError(f"cannot be read: {error.strerror}") from None


@cache
def _secret_key(name: str) -> bytes:
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError
    from google.cloud.secretmanager import SecretManagerServiceClient

    try:
        response = SecretManagerServiceClient().access_secret_version(name=name, timeout=30)
    except (GoogleAPIError, GoogleAuthError) as error:
        raise KeyProblemError(
            f"cannot be read from Secret Manager ({type(error).__name__})"
        ) from None
    return parse_key(response.payload.data)
