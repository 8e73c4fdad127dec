"""Commands about privacy policies."""

import os

import click

from pipelines.commands.options import KEY_FILE_OPTION, KEY_SECRET_OPTION
from pipelines.errors import CommandError, say, stdin_lines, usage_errors


@click.group()
def policy() -> None:
    """Show, check and explain privacy policies. NAME is a shipped profile or a YAML file."""


@policy.command()
@click.argument("name", default="default")
def show(name: str) -> None:
    """Print a policy with all its values, as YAML to start one of your own from."""
    from pipelines.policy_text import as_yaml
    from schemas.policy import PolicyError, load_policy

    with usage_errors(PolicyError):
        say(as_yaml(load_policy(name)), nl=False)


@policy.command()
@click.argument("name")
def check(name: str) -> None:
    """Tell whether a policy can be used; an error names the field and what it takes."""
    from schemas.policy import NO_MODEL, PolicyError, load_policy

    with usage_errors(PolicyError):
        policy = load_policy(name)
    if policy.nlp != NO_MODEL:  # most name none, and to look for one takes a second of imports
        _check_model(policy.nlp)
    say(f"policy {policy.name}: can be used")


def _check_model(model: str) -> None:
    from transforms.scrub import ModelError, check_model

    with usage_errors(ModelError):
        check_model(model)


@policy.command()
@click.argument("name", default="default")
def explain(name: str) -> None:
    """Print what each field of a policy does, beside its value."""
    from pipelines.policy_text import explained
    from schemas.policy import PolicyError, load_policy

    with usage_errors(PolicyError):
        say(explained(load_policy(name)))


@policy.command()
@KEY_FILE_OPTION
@KEY_SECRET_OPTION
def objections(key_file: str | None, key_secret: str | None) -> None:
    """Print what stands in a policy's `objections` for installation ids from stdin, one a line.

    The key is the one of the runs; it may also be in CRASHVEIL_KEY.
    """
    from pipelines.keys import find_key
    from transforms.aggregate import Pseudonyms
    from transforms.exclude import objection
    from transforms.keys import KeyProblemError

    with usage_errors(KeyProblemError):
        source = find_key(key_file, key_secret, os.environ)
    if source is None:
        raise CommandError("needs the key of the runs: --key-file, --key-secret or CRASHVEIL_KEY")
    pseudonyms, lines = Pseudonyms(source.load()), stdin_lines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            told = objection(line.strip(), pseudonyms)
            if told is None:
                raise CommandError(f"line {number}: counts as no installation id")
            say(f'- "{told}"')
