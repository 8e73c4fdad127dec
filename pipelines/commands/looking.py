"""Commands that show: what is in a report, what scrubbing leaves, what the tables say."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import click

from pipelines.commands.options import NLP_OPTION, POLICY_OPTION, LocalFolder
from pipelines.errors import NothingReadableError, leave_interrupted, say, stdin_lines, usage_errors


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@POLICY_OPTION
@NLP_OPTION
def inspect(files: tuple[str, ...], policy: str, nlp: str | None) -> None:
    """Show what the pipeline sees of single files: one JSON line a report, scrubbed."""
    from pipelines.inputs import InputError, find_items
    from pipelines.inspection import inspect_item
    from schemas.policy import PolicyError, load_policy, with_model
    from transforms.scrub import ModelError, load_scrubber

    with usage_errors(PolicyError, InputError, ModelError):
        rules = with_model(load_policy(policy), nlp)
        items = find_items(files)
        scrubber = load_scrubber(model=rules.nlp)
    readable = 0
    for item in items:
        for line in inspect_item(item, rules.limits, scrubber):
            readable += line["status"] == "ok"
            say(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace"))
    if not readable:
        raise NothingReadableError("none of the files was readable as a crash report")


@click.command()
@click.option("--plain", is_flag=True, help="Lines are plain text, not JSON.")
@click.option(
    "--explain",
    is_flag=True,
    help="Tell of each finding its place, recognizers, patterns and scores; never its value.",
)
@NLP_OPTION
def scrub(plain: bool, explain: bool, nlp: str | None) -> None:
    """Scrub lines from stdin: {"text": ...} in, scrubbed text and findings out, line for line."""
    from pipelines.scrub_filter import ScrubLineError, explain_lines, scrub_lines
    from schemas.policy import PolicyError, load_policy, with_model
    from transforms.scrub import ModelError, load_explainer, load_scrubber

    lines = stdin_lines(newline="\n")
    with usage_errors(ScrubLineError, PolicyError, ModelError):
        model = with_model(load_policy("default"), nlp).nlp
        done = (
            explain_lines(lines, load_explainer(model), plain=plain)
            if explain
            else scrub_lines(lines, load_scrubber(model=model), plain=plain)
        )
        for line in done:
            say(line)


@click.command()
@click.argument("directory", metavar="DIR", type=LocalFolder("copy it to one first"))
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

    # In a thread, since DuckDB lets no signal through while it works.
    answer = ThreadPoolExecutor(1).submit(run_query, directory, sql, output_format)
    try:
        with usage_errors(QueryError):
            say(answer.result(), nl=False)
    except KeyboardInterrupt:
        click.echo("crashveil: interrupted", err=True)
        leave_interrupted()
