"""The command line: thin commands over the library. Errors are one line; statuses are documented.

Exit statuses: 0 done; 2 wrong usage, option, policy or input name; 3 nothing at all was readable;
4 publishing failed or was refused; 5 verify found something wrong; 130 interrupted.
"""

import io
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

import click

from pipelines.verify import verify

if TYPE_CHECKING:
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.batch import Run
    from pipelines.prepare import Request
    from pipelines.summary import Tallies


class CommandError(click.ClickException):
    """An error that ends the command: one line on stderr, and the documented status."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line to stderr."""
        click.echo(f"crashveil: error: {self.message}", err=True, file=file)


class NothingReadableError(CommandError):
    """Not one report could be read."""

    exit_code = 3


class PublishFailedError(CommandError):
    """Nothing was published: it was refused, or could not be written or finished."""

    exit_code = 4


_INTERRUPTED = 130


@contextmanager
def _usage_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Turn the library's own one-line errors into a usage error."""
    try:
        yield
    except kinds as error:
        raise CommandError(str(error)) from None


def main() -> None:
    """Run the command line; an interruption anywhere ends it with its own status."""
    try:
        status = commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("crashveil: interrupted", err=True)
        status = _INTERRUPTED
    sys.exit(status if isinstance(status, int) else 0)


@click.group("crashveil", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="crashveil")
def commands() -> None:
    """Raw crash dumps in, anonymized Parquet out.

    Exit statuses: 0 done; 2 wrong usage, policy or input; 3 nothing was readable;
    4 publishing failed or was refused; 5 verify found something wrong; 130 interrupted.
    """


_POLICY = click.option(
    "--policy",
    default="default",
    show_default=True,
    metavar="FILE|NAME",
    help="A shipped policy (default, development) or a YAML file.",
)


_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")


def _run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every command has that runs the pipeline."""
    for option in reversed(
        (
            click.option(
                "--output",
                required=True,
                metavar="DIR",
                help="Where to publish: a folder, gs://...",
            ),
            _POLICY,
            click.option(
                "--key-file",
                metavar="FILE",
                help="The key, 32 random bytes or more in hexadecimal or Base64.",
            ),
            click.option(
                "--key-secret",
                metavar="NAME",
                help="The key's name in Secret Manager: projects/P/secrets/S/versions/V.",
            ),
        )
    ):
        command = option(command)
    return command


@commands.command(context_settings={"ignore_unknown_options": True})
@_INPUTS
@_run_options
@click.option(
    "--staging",
    metavar="DIR",
    help="Read only what is new, and keep records of open periods here, encrypted; needs a key.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Treat this UTC day as today: only periods that ended before it are released.",
)
def run(
    inputs: tuple[str, ...],
    output: str,
    policy: str,
    key_file: str | None,
    key_secret: str | None,
    staging: str | None,
    as_of: datetime | None,
) -> None:
    """Read raw dumps and publish anonymized tables.

    INPUT is a file, a folder, a glob or gs://... Any Beam option may follow, such as
    --runner=DataflowRunner --project=P --region=R. The key may also be in CRASHVEIL_KEY; without
    one, one is derived from the input's listing.
    """
    from pipelines.prepare import Request

    day = as_of.date() if as_of else None
    _run(Request(inputs, output, policy, key_file, key_secret, staging, day))


def _run(request: "Request") -> None:
    from pipelines.engine import EngineError
    from pipelines.options import OptionError, is_local
    from pipelines.prepare import PrepareError, prepare
    from pipelines.progress import show_progress
    from pipelines.summary import render_summary
    from transforms.publish import PublishError
    from transforms.staging import StagingError

    with _usage_errors(PrepareError):
        batch, options = prepare(request, os.environ)
    if is_local(options):
        _quiet_libraries()
    with tempfile.TemporaryDirectory(prefix="crashveil-progress-") as folder:
        told = replace(batch, progress_folder=folder if is_local(options) else None)
        try:
            tallies = show_progress(
                lambda: _do(told, request, options), Path(folder), len(batch.items)
            )
        except OptionError as error:
            raise CommandError(str(error)) from None
        except (PublishError, EngineError, StagingError) as error:
            raise PublishFailedError(str(error)) from None
        except KeyboardInterrupt:
            _interrupted(folder)
    click.echo(render_summary(tallies, batch.policy, request.output))
    if tallies.nothing_readable and not request.staging:
        raise NothingReadableError(
            "nothing in the input was readable as a crash report; "
            "the kinds above say why, crashveil inspect FILE shows it for one file"
        )


def _do(run: "Run", request: "Request", options: "PipelineOptions") -> "Tallies":
    from pipelines.batch import run_batch
    from pipelines.incremental import run_incrementally

    if request.staging is None:
        return run_batch(run, options)
    return run_incrementally(run, request.staging, options)


@commands.command(context_settings={"ignore_unknown_options": True})
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
    output: str,
    policy: str,
    key_file: str | None,
    key_secret: str | None,
    staging: str,
    every: int,
) -> None:
    """Run again and again over an input that grows, until it is told to stop (Ctrl-C, SIGTERM).

    Each round reads what is new and releases the periods that are over. A round that fails is tried
    again later and later. One line a round tells how it went.
    """
    from pipelines.prepare import PrepareError, Request
    from pipelines.watch import WatchError, watch_input

    _quiet_libraries()
    request = Request(inputs, output, policy, key_file, key_secret, staging, None)
    with _usage_errors(PrepareError, WatchError):
        watch_input(request, every, os.environ, click.echo)


@commands.command(context_settings={"ignore_unknown_options": True})
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
def stream(
    arguments: tuple[str, ...],
    subscription: str,
    output: str,
    policy: str,
    key_file: str | None,
    key_secret: str | None,
    lateness: int,
) -> None:
    """Read dumps as they are published, and release each period once, when it is over.

    Without --runner it runs in this process, to be tried out: what is not released when it ends is
    lost. On one machine, use watch; for a stream that lasts, name an engine.
    """
    from pipelines.engine import EngineError
    from pipelines.options import is_local
    from pipelines.prepare import PrepareError, Request, prepare_stream
    from pipelines.stream import run_stream
    from transforms.publish import PublishError

    request = Request(arguments, output, policy, key_file, key_secret)
    with _usage_errors(PrepareError):
        prepared, options = prepare_stream(
            request, subscription, timedelta(hours=lateness), os.environ
        )
    if is_local(options):
        _quiet_libraries()
        click.echo("open periods are held in memory, and lost when this ends", err=True)
    try:
        run_stream(prepared, options)
    except (PublishError, EngineError) as error:
        raise PublishFailedError(str(error)) from None


def _interrupted(progress_folder: str) -> None:
    """Leave at once: the pipeline runs in a thread that cannot be asked to stop.

    Publishing is safe against this: a release counts only once its manifest is there.
    """
    import shutil

    shutil.rmtree(progress_folder, ignore_errors=True)
    click.echo("crashveil: interrupted; run the same command again to finish", err=True)
    sys.stdout.flush()
    os._exit(_INTERRUPTED)


@commands.group()
def policy() -> None:
    """Show, check and explain privacy policies. NAME is a shipped profile or a YAML file."""


@policy.command()
@click.argument("name", default="default")
def show(name: str) -> None:
    """Print a policy with all its values, as YAML to start one of your own from."""
    from pipelines.policy_text import as_yaml
    from schemas.policy import PolicyError, load_policy

    with _usage_errors(PolicyError):
        click.echo(as_yaml(load_policy(name)), nl=False)


@policy.command()
@click.argument("name")
def check(name: str) -> None:
    """Tell whether a policy can be used; an error names the field and what it takes."""
    from schemas.policy import PolicyError, load_policy

    with _usage_errors(PolicyError):
        click.echo(f"policy {load_policy(name).name}: can be used")


@policy.command()
@click.argument("name", default="default")
def explain(name: str) -> None:
    """Print what each field of a policy does, beside its value."""
    from pipelines.policy_text import explained
    from schemas.policy import PolicyError, load_policy

    with _usage_errors(PolicyError):
        click.echo(explained(load_policy(name)))


@commands.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_POLICY
def inspect(files: tuple[str, ...], policy: str) -> None:
    """Show what the pipeline sees of single files: one JSON line a report, scrubbed."""
    from pipelines.inputs import InputError, find_items
    from pipelines.inspection import inspect_item
    from schemas.policy import PolicyError, load_policy
    from transforms.scrub import load_scrubber

    with _usage_errors(PolicyError, InputError):
        limits = load_policy(policy).limits
        items = find_items(files)
    scrubber = load_scrubber()
    readable = 0
    for item in items:
        for line in inspect_item(item, limits, scrubber):
            readable += line["status"] == "ok"
            click.echo(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace"))
    if not readable:
        raise NothingReadableError("none of the files was readable as a crash report")


@commands.command()
@click.option("--plain", is_flag=True, help="Lines are plain text, not JSON.")
def scrub(plain: bool) -> None:
    """Scrub lines from stdin: {"text": ...} in, scrubbed text and findings out, line for line."""
    from pipelines.scrub_filter import ScrubLineError, scrub_lines
    from transforms.scrub import load_scrubber

    lines = io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace", newline="\n")
    with _usage_errors(ScrubLineError):
        for line in scrub_lines(lines, load_scrubber(), plain=plain):
            click.echo(line)


@commands.command()
@click.option("--reports", type=click.IntRange(min=1), required=True, help="Reports to write.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bytes.")
@click.option("--output", required=True, type=click.Path(path_type=Path), metavar="DIR")
def simulate(reports: int, seed: int, output: Path) -> None:
    """Write a believable fleet of raw dumps in all formats that crashveil reads.

    Personal data is planted where it occurs in life; every planted value is listed in
    canaries.jsonl beside DIR.
    """
    _simulate(reports, seed, output)
    click.echo(f"{reports} reports in {output}; planted values in {output.parent}/canaries.jsonl")


def _simulate(reports: int, seed: int, output: Path) -> None:
    from pipelines.progress import show_count
    from pipelines.simulate import SimulateError
    from pipelines.simulate import simulate as simulate_fleet

    with _usage_errors(SimulateError), show_count("simulating", reports) as advance:
        simulate_fleet(reports, seed, output, advance)


@commands.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("sql", metavar="SQL")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
def query(directory: Path, sql: str, output_format: Literal["table", "csv", "json"]) -> None:
    """Ask the published tables in SQL (DuckDB); each table is a view, with a period column."""
    from pipelines.query import QueryError, run_query

    with _usage_errors(QueryError):
        click.echo(run_query(directory, sql, output_format), nl=False)


_DEMO_REPORTS = 20_000
_DEMO_SQL = """
select product, version, os_name, os_version,
       sum(crash_count)::bigint as crashes, sum(install_count)::bigint as install_days
from crashes_by_version_os group by all
order by crashes desc, product, version, os_name, os_version limit 10
"""
_DEMO_SIGNATURES_SQL = """
select product, signature, sum(crash_count)::bigint as crashes,
       sum(install_count)::bigint as install_days, any_value(reason) as reason
from crashes_by_signature group by product, signature
order by crashes desc, product, signature limit 10
"""


@commands.command()
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the demo's dumps and tables go; an earlier demo there is replaced.",
)
def demo(directory: Path) -> None:
    """Simulate 20,000 reports, run the pipeline on them, and show the top crashes."""
    from pipelines.prepare import Request
    from pipelines.query import run_query

    _remove_earlier_demo(directory)
    raw, published = directory / "raw", directory / "published"
    _simulate(_DEMO_REPORTS, 0, raw)
    _run(Request((str(raw),), str(published), "default"))
    for title, sql in (
        ("Top crashes by version and operating system", _DEMO_SQL),
        ("Top signatures", _DEMO_SIGNATURES_SQL),
    ):
        click.echo(f"\n{title}")
        click.echo(run_query(published, sql, "table"), nl=False)
    click.echo(f'\nAsk more: crashveil query {published} "select * from releases"')  # noqa: S608 - shown, not run


def _remove_earlier_demo(directory: Path) -> None:
    import shutil

    made_by_demo = {"raw", "published", "canaries.jsonl"}
    if directory.exists() and {entry.name for entry in directory.iterdir()} - made_by_demo:
        raise CommandError(f"{directory}: holds files that are not a demo's; name another folder")
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)


commands.add_command(verify)


def _quiet_libraries() -> None:
    """Keep libraries from logging elements and tracebacks; crashveil says what went wrong."""
    logging.getLogger().addHandler(logging.NullHandler())
    logging.getLogger().setLevel(logging.CRITICAL)
