"""Commands that run the pipeline: once, again and again, and on a stream."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pipelines.commands.options import (
    KEY_FILE_OPTION,
    KEY_SECRET_OPTION,
    NLP_OPTION,
    POLICY_OPTION,
)
from pipelines.errors import (
    CommandError,
    NothingReadableError,
    PublishFailedError,
    leave_interrupted,
    of_storage,
    quiet_libraries,
    usage_errors,
)
from pipelines.log import TEXT, Log

if TYPE_CHECKING:
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.batch import Run
    from pipelines.prepare import Request
    from pipelines.summary import Tallies

_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")


def _run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every command has that runs the pipeline.

    The command gets them as `request`, which takes the rest of a `Request`, and as `log`.
    """

    @wraps(command)
    def collected(
        output: str,
        policy: str,
        nlp: str | None,
        key_file: str | None,
        key_secret: str | None,
        log_format: str,
        **rest: Any,
    ) -> None:
        from pipelines.memory import give_back_freed_memory
        from pipelines.prepare import Request

        give_back_freed_memory()
        log = Log(as_json=log_format == "json")

        request = partial(
            Request,
            output=output,
            policy=policy,
            nlp=nlp,
            key_file=key_file,
            key_secret=key_secret,
        )
        with log.errors():
            command(request=request, log=log, **rest)

    with_options: Callable[..., None] = collected
    for option in reversed(
        (
            click.option(
                "--output",
                required=True,
                metavar="DIR",
                help="Where to publish: a folder, gs://...",
            ),
            POLICY_OPTION,
            NLP_OPTION,
            KEY_FILE_OPTION,
            KEY_SECRET_OPTION,
            click.option(
                "--log-format",
                type=click.Choice(["text", "json"]),
                default="text",
                show_default=True,
                help="Lines to read, or one JSON object a line on stderr.",
            ),
        )
    ):
        with_options = option(with_options)
    return with_options


@click.command(context_settings={"ignore_unknown_options": True})
@_INPUTS
@_run_options
@click.option(
    "--staging",
    metavar="DIR",
    help="Read only what is new, and keep records of open periods here, encrypted; needs a key. "
    "Files of a release wait here too.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Treat this UTC day as today: only periods that ended before it are released.",
)
def run(
    inputs: tuple[str, ...],
    request: "Callable[..., Request]",
    log: Log,
    staging: str | None,
    as_of: datetime | None,
) -> None:
    """Read raw dumps and publish anonymized tables.

    INPUT is a file, a folder, a glob or gs://... Any Beam option may follow, such as
    --runner=DataflowRunner --project=P --region=R. The key may also be in CRASHVEIL_KEY; without
    one, one is derived from the input's listing.
    """
    day = as_of.date() if as_of else None
    run_request(request(inputs, staging=staging, as_of=day), log)


def run_request(request: "Request", log: Log = TEXT) -> None:
    """Run the pipeline with progress and a summary; an error is one line and a status."""
    from pipelines.engine import EngineError
    from pipelines.options import OptionError, is_local, is_template
    from pipelines.prepare import PrepareError, prepare
    from pipelines.summary import render_summary
    from transforms.publish import PublishError
    from transforms.staging import StagingError

    try:
        with usage_errors(PrepareError):
            batch, options = prepare(request, os.environ)
        _quiet_libraries_but_for_one_warning(log)
        if is_local(options):
            tallies = _with_progress(batch, request, options, log)
        else:
            tallies = _do(batch, request, options)
    except OptionError as error:
        raise CommandError(str(error)) from None
    except (PublishError, EngineError, StagingError) as error:
        raise PublishFailedError(str(error)) from None
    except OSError as error:
        raise PublishFailedError(of_storage(error).message) from None
    if is_template(options):
        log.tell("template", "the job is described where --template_location says; it did not run")
        return
    text = render_summary(tallies, batch.policy, request.output)
    log.tell("summary", text, {"counters": tallies.document()})
    if tallies.nothing_readable and not request.staging:
        raise NothingReadableError(
            "nothing in the input was readable as a crash report; "
            "the kinds above say why, crashveil inspect FILE shows it for one file"
        )


def _quiet_libraries_but_for_one_warning(log: Log) -> None:
    """Keep libraries from logging, and say what would be missed: that scrubbing is slow here."""
    from transforms.scrub import slowness

    if told := slowness():
        log.tell("slow", f"crashveil: warning: {told}", severity="WARNING", err=True)
    quiet_libraries()


def _with_progress(
    run: "Run", request: "Request", options: "PipelineOptions", log: Log
) -> "Tallies":
    from pipelines.local_folder import local_folder
    from pipelines.progress import show_progress
    from pipelines.workers import silent_workers

    with local_folder() as folder, silent_workers():
        told = replace(run, local_folder=folder)
        try:
            return show_progress(
                lambda: _do(told, request, options), folder, run.listing.item_count, log
            )
        except KeyboardInterrupt:
            _interrupted(folder, log)


def _do(run: "Run", request: "Request", options: "PipelineOptions") -> "Tallies":
    from pipelines.batch import run_batch
    from pipelines.held_area import hold
    from pipelines.incremental import run_incrementally

    if request.staging is None:
        return run_batch(run, options)
    with hold(request.staging) as area:
        return run_incrementally(run, area, options)


@click.command(context_settings={"ignore_unknown_options": True})
@_INPUTS
@_run_options
@click.option("--staging", required=True, metavar="DIR", help="As for run: needs a key.")
@click.option(
    "--every",
    type=click.IntRange(min=1),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Time from the end of one round to the next.",
)
def watch(
    inputs: tuple[str, ...],
    request: "Callable[..., Request]",
    log: Log,
    staging: str,
    every: int,
) -> None:
    """Run again and again over an input that grows, until it is told to stop (Ctrl-C, SIGTERM).

    Each round reads what is new and releases the periods that are over. A round that fails is tried
    again later and later. One line a round tells how it went.
    """
    from pipelines.prepare import PrepareError
    from pipelines.watch import watch_input
    from transforms.staging import StagingError

    _quiet_libraries_but_for_one_warning(log)
    try:
        with usage_errors(PrepareError):
            watch_input(request(inputs, staging=staging), every, os.environ, log)
    except StagingError as error:
        raise PublishFailedError(str(error)) from None


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, metavar="[BEAM OPTIONS]")
@click.option(
    "--subscription",
    required=True,
    metavar="NAME",
    help="Pub/Sub: projects/P/subscriptions/S. A message is a dump, or tells of a new object.",
)
@_run_options
@click.option(
    "--lateness",
    type=click.IntRange(min=0),
    default=6,
    show_default=True,
    metavar="HOURS",
    help="Time from a period's end to its release; what is published after it is only counted.",
)
@click.option(
    "--staging",
    metavar="DIR",
    help="Where files wait until they are released; otherwise in the output.",
)
def stream(
    arguments: tuple[str, ...],
    subscription: str,
    request: "Callable[..., Request]",
    log: Log,
    lateness: int,
    staging: str | None,
) -> None:
    """Read dumps as they are published, and release each period once, when it is over.

    Without --runner it runs in this process, to be tried out: what is not released when it ends is
    lost. On one machine, use watch; for a stream that lasts, name an engine.
    """
    from pipelines.engine import EngineError
    from pipelines.options import OptionError, is_local, is_template
    from pipelines.prepare import PrepareError, prepare_stream
    from pipelines.stream import run_stream
    from transforms.publish import PublishError
    from transforms.staging import StagingError

    asked, late = request(arguments, staging=staging), timedelta(hours=lateness)
    try:
        with usage_errors(PrepareError):
            prepared, options = prepare_stream(asked, subscription, late, os.environ)
        _quiet_libraries_but_for_one_warning(log)
        if is_local(options):
            warning = "open periods are held in memory, and lost when this ends"
            log.tell("started", warning, severity="WARNING", err=True)
        tallies = run_stream(prepared, options)
    except OptionError as error:
        raise CommandError(str(error)) from None
    except (PublishError, EngineError, StagingError) as error:
        raise PublishFailedError(str(error)) from None
    if is_template(options):
        log.tell("template", "the job is described where --template_location says; it did not run")
    else:
        log.tell("ended", "the stream has ended", {"counters": tallies.document()})


def _interrupted(folder: Path, log: Log) -> NoReturn:
    """Leave at once: the pipeline runs in a thread that cannot be asked to stop.

    Publishing is safe against this: a release counts only once its manifest is there.
    """
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    told = "crashveil: interrupted; run the same command again to finish"
    log.tell("interrupted", told, severity="WARNING", err=True)
    leave_interrupted()
