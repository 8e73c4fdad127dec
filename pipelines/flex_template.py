"""Dataflow Flex Templates: their metadata, made from the commands' own options, and their start.

A template's parameters are the options of a command, `-` written `_`; `input` is its argument.
`python -m pipelines.flex_template batch` prints the metadata as JSON.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from pipelines.cli import commands, main
from schemas.policy import MODEL_PATTERN, NAME_PATTERN

_COMMANDS = {"batch": "run", "stream": "stream"}

_NEEDS_A_LOCAL_PROCESS = frozenset({("run", "staging"), ("stream", "arguments")}) | {
    (command, name) for command in _COMMANDS.values() for name in ("key_file", "log_format")
}
"""What no template has: a launcher has no files, and ends before the job does, where an incremental
run would go on."""

_PATTERNS = {
    "input": r"gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]/.*",
    "output": r"gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/.*)?",
    "staging": r"gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]/.+",
    "policy": rf"{NAME_PATTERN}|/.+\.yaml",
    "nlp": MODEL_PATTERN,
    "key_secret": r"projects/[^/]+/secrets/[^/]+/versions/[^/]+",
    "subscription": r"projects/[^/]+/subscriptions/[^/]+",
    "lateness": r"\d{1,4}",
    "as_of": r"\d{4}-\d{2}-\d{2}",
}
"""What a parameter's whole value must match. An option without a line here takes any text."""


def metadata(template: str) -> dict[str, Any]:
    """Return a template's metadata as Dataflow's `ParameterMetadata` has it.

    Source: Dataflow API v1b3, TemplateMetadata and ParameterMetadata.

    Raises:
        KeyError: no such template.
    """
    command = commands.commands[_COMMANDS[template]]
    return {
        "name": f"crashveil {template}",
        "description": (command.help or "").partition("\n")[0],
        "streaming": template == "stream",
        "parameters": [_parameter(each) for each in _parameters_of(command)],
    }


def template_of(arguments: Sequence[str]) -> str:
    """Return the template that a launcher's arguments are for: one image serves both."""
    return "stream" if any(each.startswith("--subscription=") for each in arguments) else "batch"


def command_line(template: str, arguments: Sequence[str]) -> list[str]:
    """Return a launcher's arguments as the command takes them; Beam's options stay as they are.

    A value that is empty counts as not given: consoles send empty fields.
    """
    command = commands.commands[_COMMANDS[template]]
    own = {_name(each): each for each in _parameters_of(command)}
    line = [_COMMANDS[template]]
    for argument in arguments:
        name, _, value = argument.removeprefix("--").partition("=")
        parameter = own.get(name)
        if parameter is None:
            line.append(argument)
        elif value and isinstance(parameter, click.Argument):
            line.append(value)
        elif value:
            line.append(f"{parameter.opts[0]}={value}")
    return line


def launch() -> None:
    """Run the command as the launcher of Flex Templates asks for it."""
    arguments = sys.argv[1:]
    sys.argv = ["crashveil", *command_line(template_of(arguments), arguments)]
    main()


def _parameters_of(command: click.Command) -> list[click.Parameter]:
    return [
        each for each in command.params if (command.name, each.name) not in _NEEDS_A_LOCAL_PROCESS
    ]


def _name(parameter: click.Parameter) -> str:
    return "input" if isinstance(parameter, click.Argument) else str(parameter.name)


def _parameter(parameter: click.Parameter) -> dict[str, Any]:
    name = _name(parameter)
    said: dict[str, Any] = {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "helpText": getattr(parameter, "help", None) or "Where the raw dumps are: gs://...",
        "isOptional": not parameter.required,
        "paramType": "TEXT",
    }
    if name in _PATTERNS:
        said["regexes"] = [f"^({_PATTERNS[name]})$"]
    if isinstance(parameter.default, str | int):
        said["defaultValue"] = str(parameter.default)
    return said


if __name__ == "__main__":
    click.echo(json.dumps(metadata(sys.argv[1]), indent=2))
