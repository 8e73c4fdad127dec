"""The privacy policy: what it may say, its defaults, and how one is loaded.

A policy is YAML. `crashveil run --policy NAME` takes one of the profiles that ship in
`schemas/policies/`, `--policy FILE` one of your own.
"""

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

MEBIBYTE = 1024 * 1024
DAYS_PER_YEAR = 365

SMALLEST_ANONYMOUS_K = 5
"""Apple Analytics' floor, the lowest of the large publishers'."""
_MOST_WITH_NOISE = 5
"""Of a bound on an installation: noise grows with it, at 5 a row needs about 550 installations."""

NAME_PATTERN = r"[a-z][a-z0-9-]{0,31}"
"""What a policy's name matches, from its first to its last character."""


class PolicyError(ValueError):
    """A policy that cannot be used; the message names the field and what it takes."""


class Limits(BaseModel):
    """Bounds on what one hostile or broken file may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    max_file_bytes: Annotated[int, Field(ge=1)] = Field(
        default=64 * MEBIBYTE, description="A larger file is rejected as oversized, unread."
    )
    max_frames: Annotated[int, Field(ge=1, le=1024)] = Field(
        default=100, description="Frames kept of the crashing thread; deeper ones are cut."
    )
    max_text_chars: Annotated[int, Field(ge=64)] = Field(
        default=4096, description="Characters kept of one string; the rest is cut."
    )
    max_reports_per_file: Annotated[int, Field(ge=1)] = Field(
        default=100_000, description="Reports read from one NDJSON file; the rest is rejected."
    )
    max_scrub_cache_bytes: Annotated[int, Field(ge=0)] = Field(
        default=128 * MEBIBYTE,
        description="Memory in which a worker keeps texts that it has scrubbed; 0 keeps none.",
    )


class Noise(BaseModel):
    """A differentially private release (P3): what one installation's contribution may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    epsilon: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = Field(
        description="P3: how much one installation may change what is released of a period, all "
        "tables together; smaller is more private, and needs more installations a row."
    )
    delta: Annotated[float, Field(gt=0, le=1e-6)] = Field(
        description="P3: the probability with which that may fail, all tables together; far less "
        "than one in the number of installations."
    )
    yearly_epsilon: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = Field(
        description="P3: the same for all periods of any 365 days. A release that would go over "
        "it is refused."
    )
    yearly_delta: Annotated[float, Field(gt=0, le=1e-4)] = Field(
        description="P3: the probability with which yearly_epsilon may fail; more than the delta "
        "of all periods of a year together."
    )


NO_MODEL = "no_op"
"""Presidio's name for the engine that has no language model."""

ENGINE_PATTERN = r"(spacy|stanza|transformers|gliner)"
MODEL_PATTERN = rf"{NO_MODEL}|{ENGINE_PATTERN}:[A-Za-z0-9_./\\@: -]+"
"""What a language model matches, from its first to its last character: it may be a path."""

Model = Annotated[str, Field(pattern=rf"^({MODEL_PATTERN})$", max_length=255)]
Objection = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Policy(BaseModel):
    """What may be released, of how many people, for how long a period."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Annotated[str, Field(pattern=rf"^{NAME_PATTERN}$")] = Field(
        description="Stands in every footer, so that a reader knows which rules applied."
    )
    anonymous: bool = Field(
        default=True,
        description="False marks the output as not anonymous, in the footer and on the screen, "
        "and allows it to go to local folders only. A k below 5 needs it to be False.",
    )
    k: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=10, description="P1: distinct installations that a released row or value needs."
    )
    max_cells_per_install: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=10,
        description="P2 (L0): rows of a table and period that one installation may add to.",
    )
    max_crashes_per_cell: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=5, description="P2 (LINF): crashes that one installation may add to one row."
    )
    reports_without_install_are_distinct: bool = Field(
        default=False,
        description="P4: True counts each report without an installation id as a person of its "
        "own; False counts all of them together as one.",
    )
    period_days: Annotated[int, Field(ge=1, le=366)] = Field(
        default=1, description="P6, P9: days in a period, the finest time that is published."
    )
    withheld_rows_end_the_run: bool = Field(
        default=False,
        description="P13: True publishes nothing when the last scan finds personal data in a row; "
        "False leaves that row out and counts it.",
    )
    noise: Noise | None = Field(
        default=None,
        description="P3: releases counts with noise instead of exact ones, and no attributes. "
        "Needs crashveil's extra dp, and small bounds on what one installation adds.",
    )
    staging_days: Annotated[int, Field(ge=1, le=3_650)] = Field(
        default=30,
        description="P15: days after the first day of a period after which its staged records are "
        "deleted, even if nothing of it could be released; more than period_days. As many days "
        "ahead, a report's date is not waited for.",
    )
    objections: Annotated[tuple[Objection, ...], Field(strict=False)] = Field(
        default=(),
        description="P14: keyed hashes of installations that objected; their reports are dropped "
        "before anything is counted. Needs a key.",
    )
    nlp: Model = Field(
        default=NO_MODEL,
        description="The language model that also reads messages and reasons for names, as "
        "spacy:MODEL, stanza:MODEL, transformers:MODEL or gliner:MODEL; no_op for none.",
    )
    limits: Limits = Field(default_factory=Limits, description="Bounds on what one file may cost.")


def policy_names() -> list[str]:
    """Return the names of the profiles that ship with crashveil, sorted."""
    return sorted(
        entry.name.removesuffix(".yaml")
        for entry in files("schemas").joinpath("policies").iterdir()
        if entry.name.endswith(".yaml")
    )


def load_policy(name_or_file: str) -> Policy:
    """Return the policy of a shipped profile's name, or of a YAML file.

    Raises:
        PolicyError: no such profile or file, not YAML, or a field that is wrong; one line.
    """
    if name_or_file in policy_names():
        text = files("schemas").joinpath("policies", f"{name_or_file}.yaml").read_text("utf-8")
    else:
        try:
            text = Path(name_or_file).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            known = ", ".join(policy_names())
            raise PolicyError(
                f"policy {name_or_file}: neither a shipped profile ({known}) nor a readable file"
            ) from error
    return parse_policy(text, name_or_file)


def with_model(policy: Policy, model: str | None) -> Policy:
    """Return a policy with another language model; None keeps its own.

    Raises:
        PolicyError: the model is not written as field `nlp` takes it.
    """
    if model is None:
        return policy
    try:
        return Policy.model_validate(policy.model_dump() | {"nlp": model})
    except ValidationError:
        raise PolicyError(
            f"--nlp {model}: is written no_op, spacy:MODEL, stanza:MODEL, transformers:MODEL or "
            "gliner:MODEL"
        ) from None


def parse_policy(text: str, origin: str) -> Policy:
    """Return the policy that a YAML text holds; `origin` names it in errors.

    Raises:
        PolicyError: the text is not a YAML mapping, or a field is wrong; one line.
    """
    try:
        document = yaml.load(text, _Loader)  # noqa: S506 - it is the safe loader
    except RecursionError:
        raise PolicyError(f"policy {origin}: is nested too deeply") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}: {getattr(error, 'problem', None)}" if mark else ""
        raise PolicyError(f"policy {origin}: not valid YAML{where}") from error
    except Exception:  # noqa: BLE001 - PyYAML checks no value of a tag; what it says shows the value
        raise PolicyError(f"policy {origin}: not valid YAML: a value is not of its type") from None
    if not isinstance(document, dict):
        raise PolicyError(f"policy {origin}: must be a YAML mapping of fields to values")
    try:
        return _checked(Policy.model_validate(document), origin)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field_name = ".".join(str(part) for part in first["loc"]) or "policy"
        raise PolicyError(f"policy {origin}: field {field_name}: {_advice(first)}") from error


class _Loader(yaml.SafeLoader):
    """Refuses a field that stands twice: which one counts would be a guess.

    It reads 1e-8 as a number, as YAML 1.2 does (10.3.2, core schema), and not as text.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping of a node whose keys are all different."""
        seen = set()
        for key, _ in node.value:
            name = str(self.construct_object(key, deep=True))
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, "the field stands twice", key.start_mark
                )
            seen.add(name)
        return dict(super().construct_mapping(node, deep))


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)[eE][-+]?\d+\Z"),
    [*"-+.0123456789"],
)


def _advice(details: ErrorDetails) -> str:
    if details["type"] == "extra_forbidden":
        models: dict[str, type[BaseModel]] = {"limits": Limits, "noise": Noise}
        model = models.get(str(details["loc"][0]), Policy)
        return f"no such field; the fields are {', '.join(model.model_fields)}"
    if details["type"] == "missing":
        return "is missing"
    if details["loc"][0] == "objections":  # somebody may have put an installation's id there
        return "takes a list of keyed hashes, each 32 hexadecimal digits; values are not shown"
    return f"{str(details['msg']).lower()}, not {details['input']!r}"


def _checked(policy: Policy, origin: str) -> Policy:
    if policy.anonymous and policy.k < SMALLEST_ANONYMOUS_K:
        raise PolicyError(
            f"policy {origin}: field k: {policy.k} is too few to be called anonymous: "
            f"take at least {SMALLEST_ANONYMOUS_K}, or set anonymous: false"
        )
    if policy.staging_days <= policy.period_days:
        raise PolicyError(
            f"policy {origin}: field staging_days: {policy.staging_days} days are over before a "
            f"period of {policy.period_days} days can be released: take more"
        )
    if policy.noise is not None:
        _check_noise(policy, policy.noise, origin)
    return policy


def _check_noise(policy: Policy, noise: Noise, origin: str) -> None:
    """Refuse noise that would drown every row, or whose promise would not hold."""
    for name in ("max_cells_per_install", "max_crashes_per_cell"):
        if getattr(policy, name) > _MOST_WITH_NOISE:
            raise PolicyError(
                f"policy {origin}: field {name}: with noise take at most {_MOST_WITH_NOISE}"
            )
    if policy.reports_without_install_are_distinct:
        raise PolicyError(
            f"policy {origin}: field reports_without_install_are_distinct: must be false with "
            "noise, which protects an installation and not each of its reports"
        )
    periods = DAYS_PER_YEAR // policy.period_days + 1
    if noise.yearly_epsilon < noise.epsilon or noise.yearly_delta <= periods * noise.delta:
        raise PolicyError(
            f"policy {origin}: field noise: a year must allow more than a period: "
            f"yearly_epsilon at least {noise.epsilon}, yearly_delta more than "
            f"{periods * noise.delta:.2g}"
        )
