"""The command line: thin commands over the library. Errors are one line; statuses are documented.

Exit statuses: 0 done; 1 what is printed cannot be written, or nobody reads it; 2 wrong usage,
option, policy or input name; 3 nothing at all was readable; 4 publishing failed or was refused; 5
an output is not verified; 130 interrupted.
"""

import sys

import click

from pipelines.commands.fleets import demo, simulate
from pipelines.commands.looking import inspect, query, scrub
from pipelines.commands.policies import policy
from pipelines.commands.running import run, stream, watch
from pipelines.commands.verify import verify
from pipelines.errors import INTERRUPTED, of_storage


def main() -> None:
    """Run the command line; an interruption anywhere ends it with its own status."""
    try:
        status = commands.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        status = error.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "crashveil"
        told = error.format_message().rstrip(".")
        click.echo(f"crashveil: error: {told} (see {command} --help)", err=True)
        status = error.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except OSError as error:
        failure = of_storage(error)
        failure.show()
        status = failure.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("crashveil: interrupted", err=True)
        status = INTERRUPTED
    sys.exit(status if isinstance(status, int) else 0)


@click.group("crashveil", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="crashveil")
def commands() -> None:
    """Raw crash dumps in, anonymized Parquet out.

    Exit statuses: 0 done; 1 what is printed cannot be written, or nobody reads it; 2 wrong usage,
    policy or input; 3 nothing was readable; 4 publishing failed or was refused; 5 verify found
    something wrong; 130 interrupted.
    """


for command in (demo, inspect, policy, query, run, scrub, simulate, stream, verify, watch):
    commands.add_command(command)
