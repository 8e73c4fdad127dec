"""From a command line's words to a run: everything that can be refused before anything is read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.batch import Run
from pipelines.inputs import InputError, find_items
from pipelines.options import OptionError, split_arguments
from schemas.policy import Policy, PolicyError, load_policy
from transforms.keys import KeySource
from transforms.storage import is_remote


class PrepareError(ValueError):
    """A run that cannot begin; one line that says what to change."""


def prepare(
    arguments: Sequence[str],
    output: str,
    policy_name: str,
    as_of: date | None,
    key: KeySource | None,
) -> tuple[Run, PipelineOptions]:
    """Return the run, with its input listed, and the engine's options.

    Args:
        arguments: the inputs, and Beam's options among them.
        output: a folder or `gs://`.
        policy_name: a shipped profile or a file.
        as_of: the day that counts as today, None for the clock's (UTC).
        key: None when none is given.

    Raises:
        PrepareError: an argument, option, policy, input or output cannot be used.
    """
    try:
        names, options = split_arguments(arguments)
        policy = load_policy(policy_name)
        _check(names, output, policy, key)
        items = find_items(names, exclude=None if is_remote(output) else Path(output).resolve())
    except (PolicyError, InputError, OptionError) as error:
        raise PrepareError(str(error)) from None
    return Run(tuple(items), output, policy, as_of or datetime.now(UTC).date(), key), options


def _check(names: Sequence[str], output: str, policy: Policy, key: KeySource | None) -> None:
    if not output.strip():
        raise PrepareError("--output: names no folder")
    if not names:
        raise PrepareError("no INPUT given (see crashveil run --help)")
    if not policy.anonymous and is_remote(output):
        raise PrepareError(
            f"policy {policy.name} is not anonymous: its output may go to a local folder only"
        )
    if policy.objections and key is None:
        raise PrepareError(
            f"policy {policy.name}: field objections: needs the key that made the hashes"
        )
    if not is_remote(output) and Path(output).exists() and not Path(output).is_dir():
        raise PrepareError(f"output {output}: is a file; name a folder")
