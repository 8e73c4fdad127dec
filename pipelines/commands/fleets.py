"""Commands that make a fleet to try things with."""

from pathlib import Path

import click

from pipelines.commands.options import LocalFolder
from pipelines.commands.running import run_request
from pipelines.errors import CommandError, say, usage_errors


@click.command()
@click.option("--reports", type=click.IntRange(min=1), required=True, help="Reports to write.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bytes.")
@click.option("--output", required=True, type=LocalFolder("write it to one"), metavar="DIR")
def simulate(reports: int, seed: int, output: Path) -> None:
    """Write a believable fleet of raw dumps in all formats that crashveil reads.

    Personal data is planted where it occurs in life; every planted value is listed in
    canaries.jsonl beside DIR, where no other fleet may have its list.
    """
    from pipelines.simulate import CANARIES

    _simulate(reports, seed, output)
    say(f"{reports} reports in {output}; planted values in {output.parent}/{CANARIES}")


def _simulate(reports: int, seed: int, output: Path) -> None:
    from pipelines.progress import show_count
    from pipelines.simulate import SimulateError
    from pipelines.simulate import simulate as simulate_fleet

    with usage_errors(SimulateError), show_count("simulating", reports) as advance:
        simulate_fleet(reports, seed, output, advance)


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


@click.command()
@click.option(
    "--directory",
    type=LocalFolder("write it to one"),
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
    run_request(Request((str(raw),), str(published), "default"))
    for title, sql in (
        ("Top crashes by version and operating system", _DEMO_SQL),
        ("Top signatures", _DEMO_SIGNATURES_SQL),
    ):
        say(f"\n{title}")
        say(run_query(published, sql, "table"), nl=False)
    say(f'\nAsk more: crashveil query {published} "select * from releases"')  # noqa: S608 - shown, not run


def _remove_earlier_demo(directory: Path) -> None:
    import shutil

    from pipelines.simulate import CANARIES

    made_by_demo = {"raw", "published", CANARIES}
    if directory.exists() and {entry.name for entry in directory.iterdir()} - made_by_demo:
        raise CommandError(f"{directory}: holds files that are not a demo's; name another folder")
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
