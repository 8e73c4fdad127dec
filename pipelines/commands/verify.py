"""`crashveil verify`: checks a published output and tells what is wrong with it, line by line."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.options import LocalFolder
from pipelines.errors import CommandError, say

if TYPE_CHECKING:
    from transforms.verify import Report, Rules

_NOT_VERIFIED = 5


def _tree_head(_: click.Context, __: click.Parameter, value: str | None) -> str:
    if value is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise click.BadParameter("takes the 64 hexadecimal digits that verify printed earlier")
    return value or ""


@click.command()
@click.argument("directory", metavar="DIR", type=LocalFolder("copy it to one first"))
@click.option(
    "--canaries",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Values that must not be in the output: one a line, or what simulate wrote.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--tree-head",
    callback=_tree_head,
    metavar="HEX",
    help="A tree head that verify printed earlier: the ledger must have grown from it.",
)
def verify(directory: Path, canaries: Path | None, as_json: bool, tree_head: str) -> None:
    """Check a published output from its files alone: one line for each thing that is wrong.

    Exits with 5 if anything is. docs/verify.md says what each check proves.
    """
    from transforms.os_errors import why
    from transforms.scrub import load_scrubber
    from transforms.verify import CanaryError, NothingPublishedError, parse_canaries, verify_folder

    if not directory.is_dir():
        raise CommandError(f"{directory}: no folder is there")
    try:
        wanted = parse_canaries(canaries.read_text("utf-8-sig")) if canaries else None
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{canaries}: cannot be read as UTF-8 text") from None
    except CanaryError as error:
        raise CommandError(f"{canaries}: {error}") from None
    try:
        report = verify_folder(directory, load_scrubber(), wanted, tree_head)
    except NothingPublishedError as error:
        raise CommandError(f"{directory}: {error}; crashveil run publishes") from None
    except OSError as error:
        raise CommandError(f"{directory}: {why(error)}") from None
    say(as_json_text(report) if as_json else as_lines(report))
    if report.findings:
        click.get_current_context().exit(_NOT_VERIFIED)


def as_lines(report: "Report") -> str:
    """Return a report as lines to read: findings first, then what was looked at."""
    lines = [f"{each.check:<11} {each.file}: {each.what}" for each in report.findings]
    lines += [f"{'checked':<11} {_counted(report)}"]
    lines += [f"{'policy':<11} {_described(rules)}" for rules in report.rules]
    if report.tree_head:
        lines.append(f"{'tree head':<11} {report.tree_head} of {report.tree_size} entries")
    found = len(report.findings)
    lines.append(f"{'result':<11} {f'{found} findings: NOT verified' if found else 'verified'}")
    return "\n".join(lines)


def as_json_text(report: "Report") -> str:
    """Return a report as one JSON object."""
    return json.dumps(
        {
            "verified": not report.findings,
            "findings": [
                {"check": each.check, "file": each.file, "what": each.what}
                for each in report.findings
            ],
            "checked": report.checked,
            "policies": [
                {
                    "policy": each.policy,
                    "k": each.k,
                    "anonymous": each.anonymous,
                    "reports_without_install_are_distinct": each.counts_reports,
                }
                for each in report.rules
            ],
            "tree_head": report.tree_head,
            "tree_size": report.tree_size,
        },
        indent=1,
    )


def _counted(report: "Report") -> str:
    return ", ".join(f"{count:,} {what}" for what, count in report.checked.items())


def _described(rules: "Rules") -> str:
    anonymous = "" if rules.anonymous else ": NOT anonymous, as it says itself"
    noise = ", with noise" if rules.has_noise else ""
    distinct = ", reports without an installation count as one each" if rules.counts_reports else ""
    return f"{rules.policy}, k = {rules.k}{noise}{distinct}{anonymous}"
