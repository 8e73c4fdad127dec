"""Where a run's key is named: an option, or the environment."""

from collections.abc import Mapping
from pathlib import Path

from transforms.keys import KeyProblemError, KeySource, parse_key

ENVIRONMENT_VARIABLE = "CRASHVEIL_KEY"


def find_key(
    key_file: str | None, key_secret: str | None, environment: Mapping[str, str]
) -> KeySource | None:
    """Return the key that a file, a secret or the environment holds, None when none is named.

    Args:
        key_file: path of a file with a key.
        key_secret: `projects/…/secrets/…/versions/…` in Google Secret Manager; it is read once
            here, so that a wrong name shows before the run.
        environment: may hold CRASHVEIL_KEY.

    Raises:
        KeyProblemError: several are named, or the one that is cannot be read or is too weak.
    """
    named = {
        "--key-file": key_file,
        "--key-secret": key_secret,
        ENVIRONMENT_VARIABLE: environment.get(ENVIRONMENT_VARIABLE),
    }
    given = {name: value for name, value in named.items() if value}
    if len(given) > 1:
        raise KeyProblemError(f"the key is named more than once: {', '.join(given)}")
    try:
        if key_file:
            return KeySource(parse_key(_read(key_file)))
        if key_secret:
            source = KeySource(secret=key_secret)
            source.load()
            return source
        if given:
            return KeySource(parse_key(given[ENVIRONMENT_VARIABLE].encode()))
    except KeyProblemError as error:
        raise KeyProblemError(f"the key of {next(iter(given))} {error}") from None
    return None


def _read(key_file: str) -> bytes:
    try:
        return Path(key_file).read_bytes()
    except OSError as error:
        raise KeyProblemError(f"cannot be read: {error.strerror}") from None
