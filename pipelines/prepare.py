"""From a command line's words to a run: everything that can be refused before anything is read."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from pipelines.batch import Run
from pipelines.inputs import (
    EmptyInputError,
    InputError,
    UnlistedInputError,
    find_items,
    is_absent,
    is_folder,
    real_path,
)
from pipelines.keys import find_key
from pipelines.options import OptionError, check_engine, is_local, split_arguments
from pipelines.stream import Stream
from pipelines.workers import may_spread
from schemas.policy import Policy, PolicyError, load_policy, with_model
from transforms.cloud_storage import SCHEME
from transforms.keys import KeyProblemError, KeySource
from transforms.os_errors import why
from transforms.ptransforms import told_as_staging
from transforms.publish import PublishError
from transforms.read import Listing
from transforms.release import Cost, MissingExtraError, loss_of_period, yearly_epsilon
from transforms.scrub import ModelError, check_model
from transforms.staging import StagingError
from transforms.storage import is_remote

_EARLIEST = date(1970, 1, 1)
_SUBSCRIPTION = re.compile(r"projects/[^/\s]+/subscriptions/[^/\s]+")


class PrepareError(ValueError):
    """A run that cannot begin; one line that says what to change."""


class NothingThereError(PrepareError):
    """An input in which there is no file, or not yet."""


class UnlistedError(PrepareError):
    """An input that cannot be listed now; another time it may be."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a command line asks for, in its own words.

    `arguments` are the inputs, with Beam's options among them; `as_of` is the day that counts as
    today, None for the clock's (UTC); `nlp` is a language model in place of the policy's. With
    `may_be_empty` inputs that match no file yet are no error while another one matches any.
    """

    arguments: Sequence[str]
    output: str
    policy: str
    key_file: str | None = None
    key_secret: str | None = None
    staging: str | None = None
    as_of: date | None = None
    nlp: str | None = None
    may_be_empty: bool = False


def prepare(request: Request, environment: Mapping[str, str]) -> tuple[Run, PipelineOptions]:
    """Return the run, with its input listed, and the engine's options.

    Raises:
        NothingThereError: an input matches no file.
        UnlistedError: an input cannot be listed, or none of them is there.
        PrepareError: an argument, option, policy, key or output cannot be used.
        PublishError, StagingError: nothing can be written to the output, or to the staging area.
    """
    names, options, run = _settings(request, environment)
    if options.view_as(StandardOptions).streaming:
        raise PrepareError("--streaming: files have an end; crashveil stream reads messages")
    if not names:
        raise PrepareError("no INPUT given (see crashveil run --help)")
    written = _written_folders(request)
    if {_place(name) for name in names} & {_place(folder) for folder in written}:
        raise PrepareError("INPUT is the folder of --output or --staging, which are not read")
    try:
        items = find_items(names, written, may_be_empty=request.may_be_empty)
    except EmptyInputError as error:
        raise NothingThereError(str(error)) from None
    except UnlistedInputError as error:
        raise UnlistedError(str(error)) from None
    except InputError as error:
        raise PrepareError(str(error)) from None
    spreads = may_spread(options, request.arguments)
    return replace(run, listing=Listing(items), spreads=spreads), options


def check_request(request: Request, environment: Mapping[str, str]) -> None:
    """Refuse a request that cannot be used, before anything is written for it.

    Raises:
        PrepareError: as for a batch run.
    """
    with suppress(PublishError, StagingError):  # what cannot be written now may be another time
        _settings(request, environment)


def absent_inputs(request: Request) -> list[str]:
    """Return the inputs of a request that are not there, not even as an empty folder.

    Raises:
        PrepareError: an option cannot be used.
    """
    try:
        names, _ = split_arguments(request.arguments)
    except OptionError as error:
        raise PrepareError(str(error)) from None
    return [name for name in names if is_absent(name)]


def prepare_stream(
    request: Request, subscription: str, lateness: timedelta, environment: Mapping[str, str]
) -> tuple[Stream, PipelineOptions]:
    """Return the streaming run, and the engine's options.

    Raises:
        PrepareError: an argument, option, policy, key, output or the subscription cannot be used.
        PublishError, StagingError: as for a batch run.
    """
    streaming = replace(request, arguments=(*request.arguments, "--streaming"))
    names, options, run = _settings(streaming, environment)
    if names:
        raise PrepareError(f"a stream takes no INPUT but its subscription: {names[0]}")
    if not _SUBSCRIPTION.fullmatch(subscription):
        raise PrepareError("--subscription: is written projects/PROJECT/subscriptions/NAME")
    if run.key is None:
        raise PrepareError("a stream needs a key (--key-file, --key-secret or CRASHVEIL_KEY)")
    return Stream(replace(run, staging=request.staging), subscription, lateness), options


def _settings(
    request: Request, environment: Mapping[str, str]
) -> tuple[list[str], PipelineOptions, Run]:
    """Return the names of inputs, the engine's options, and a run that has no listing yet."""
    try:
        names, options = split_arguments(request.arguments)
        check_engine(options)
        policy = with_model(load_policy(request.policy), request.nlp)
        check_model(policy.nlp)
        key = find_key(request.key_file, request.key_secret, environment)
    except (PolicyError, ModelError, OptionError, KeyProblemError) as error:
        raise PrepareError(str(error)) from None
    _check(request, policy, key)
    _check_noise(policy)
    today = datetime.now(UTC).date()
    as_of = request.as_of or today
    if as_of < _EARLIEST:
        raise PrepareError(
            f"--as-of {as_of}: no crash is as old as that: name a day from {_EARLIEST}"
        )
    if as_of > today:
        raise PrepareError(
            f"--as-of {as_of}: is not here yet (UTC), and only periods that are over are "
            "released (P6)"
        )
    if is_local(options):  # elsewhere it is others that write
        _try_writing(request)
    return names, options, Run(Listing(), request.output, policy, as_of, key)


def _try_writing(request: Request) -> None:
    """Find out now what would be told only after all of the input was read.

    Raises:
        PublishError, StagingError: a local folder cannot be written.
    """
    try:
        _write_nothing_that_stays(request.output)
    except OSError as error:
        told = f"--output {request.output}: cannot be written: {why(error)}"
        raise PublishError(told) from None
    if request.staging:
        with told_as_staging(request.staging):
            _write_nothing_that_stays(request.staging)


def _write_nothing_that_stays(folder: str) -> None:
    """Write to a file without a name in a local folder, or where it will be made.

    Raises:
        OSError: that cannot be done.
    """
    if is_remote(folder):
        return
    path = Path(folder).absolute()
    there = next(each for each in (path, *path.parents) if os.path.lexists(each))
    with tempfile.TemporaryFile(dir=there, buffering=0) as file:
        file.write(b"\0")


def _written_folders(request: Request) -> list[str]:
    """Return the folders that a run writes, which are no input."""
    return [each for each in (request.output, request.staging) if each]


def _place(folder: str) -> str:
    """Return where a folder is, without links, ending in a slash."""
    return f"{folder if is_remote(folder) else real_path(folder)}".rstrip("/") + "/"


def _share_a_folder(output: str, staging: str) -> bool:
    """Tell whether one of two places is within the other."""
    one, other = _place(output), _place(staging)
    return one.startswith(other) or other.startswith(one)


def _check_noise(policy: Policy) -> None:
    if policy.noise is None:
        return
    try:
        loss = loss_of_period(policy)
        yearly_epsilon((Cost(loss.epsilon, loss.delta, draws=1),), policy.noise.yearly_delta)
    except MissingExtraError as error:
        raise PrepareError(f"policy {policy.name}: {error}") from None


def _is_a_file(path: str) -> bool:
    """Tell whether there is something that is no folder."""
    return os.path.exists(path) and not is_folder(path)  # noqa: PTH110 - pathlib's raises where none may look


def _check(request: Request, policy: Policy, key: KeySource | None) -> None:
    for option, folder in (("--output", request.output), ("--staging", request.staging)):
        if folder is not None and not folder.strip():
            raise PrepareError(f"{option}: names no folder")
        if folder and is_remote(folder) and not folder.startswith(SCHEME):
            raise PrepareError(f"{option} {folder}: is neither a folder nor {SCHEME}BUCKET/...")
    if request.staging and _share_a_folder(request.output, request.staging):
        raise PrepareError(
            f"--staging {request.staging}: is restricted, and stands within --output or around it"
        )
    for folder in _written_folders(request):
        if not is_remote(folder) and _is_a_file(folder):
            raise PrepareError(f"{folder}: is a file; name a folder")
    if not policy.anonymous and is_remote(request.output):
        raise PrepareError(
            f"policy {policy.name} is not anonymous: its output may go to a local folder only"
        )
    if policy.objections and key is None:
        raise PrepareError(
            f"policy {policy.name}: field objections: needs the key that made the hashes"
        )
    if request.staging is not None and key is None:
        raise PrepareError("--staging: needs a key (--key-file, --key-secret or CRASHVEIL_KEY)")
