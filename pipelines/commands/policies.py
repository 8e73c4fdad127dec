"""Commands about privacy policies."""

import click

from pipelines.errors import say, usage_errors


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
