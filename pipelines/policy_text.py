"""What a policy says, as text to read: its values, and what each of them does."""

from collections.abc import Iterator

import yaml
from pydantic import BaseModel

from schemas.policy import Policy


def as_yaml(policy: Policy) -> str:
    """Return a policy with all its values, those it leaves to the default too, as YAML."""
    return yaml.safe_dump(policy.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def explained(policy: Policy) -> str:
    """Return each field of a policy with its value and its effect, one to a paragraph."""
    return "\n".join(_paragraphs(policy))


def _paragraphs(model: BaseModel, prefix: str = "") -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield f"{prefix}{name}\n    {field.description}"
            yield from _paragraphs(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name} = {_shown(value)}\n    {field.description}"


def _shown(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case tuple():
            return f"{len(value)} entries"
        case _:
            return str(value)
