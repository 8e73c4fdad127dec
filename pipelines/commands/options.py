"""Options that several commands have."""

import click

POLICY_OPTION = click.option(
    "--policy",
    default="default",
    show_default=True,
    metavar="FILE|NAME",
    help="A shipped policy (default, small-fleet, dp, development) or a YAML file.",
)
