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
        key_file: path of a file with a key, which workers find by the same path; or of a pipe,
            which can be read but once.
        key_secret: `projects/…/secrets/…/versions/…` in Google Secret Manager.
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
            source = _tried(KeySource(file=str(Path(key_file).absolute())))
            return source if Path(key_file).is_file() else KeySource(source.load())
        if key_secret:
            return _tried(KeySource(secret=key_secret))
        if given:
            return KeySource(parse_key(given[ENVIRONMENT_VARIABLE].encode()))
    except KeyProblemError as error:
        raise KeyProblemError(f"the key of {next(iter(given))} {error}") from None
    return None


def _tried(source: KeySource) -> KeySource:
    """Read a key once, so that a wrong name shows before the run."""
    source.load()
    return source
