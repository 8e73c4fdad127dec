"""The Terraform's parts fit together, and what it says of crashveil is so."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import hcl2
import pytest

from pipelines.options import split_arguments
from pipelines.prepare import Request
from schemas.records import TallyName
from tests.deploy.terraform import FOLDER, bare, everything
from tools.bigquery_schemas import DOCUMENT, schemas_text

MODULES = sorted(path for path in (FOLDER / "modules").iterdir())


@cache
def parsed(folder: Path) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for path in sorted(folder.glob("*.tf")):
        for name, blocks in hcl2.loads(path.read_text("utf-8")).items():
            if isinstance(blocks, list):
                found.setdefault(name, []).extend(blocks)
    return found


def named(blocks: list[Any]) -> dict[str, Any]:
    return {bare(name): body for block in blocks for name, body in block.items() if name[0] == '"'}


@pytest.mark.parametrize("folder", [FOLDER, *MODULES], ids=lambda folder: folder.name)
def test_every_variable_is_declared_and_used(folder: Path) -> None:
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.tf"))
    assert set(re.findall(r"\bvar\.(\w+)", text)) == set(named(parsed(folder)["variable"]))


def test_modules_get_what_they_ask_for_and_nothing_else() -> None:
    own = {"source", "depends_on", "count"}
    for name, call in named(parsed(FOLDER)["module"]).items():
        variables = named(parsed(FOLDER / "modules" / name)["variable"])
        given = {key for key in call if not key.startswith("__")} - own
        assert given == set(variables), name


def test_what_is_taken_of_a_module_is_among_its_outputs() -> None:
    text = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.tf"))
    taken = set(re.findall(r"module\.(\w+)(?:\[\*\])?\.(\w+)", text))
    assert len(taken) > 10
    for module, output in taken:
        assert output in named(parsed(FOLDER / "modules" / module)["output"]), module


def test_alerts_ask_for_counters_that_there_are() -> None:
    text = (FOLDER / "modules" / "alerts" / "main.tf").read_text("utf-8")
    asked = {
        *re.findall(r'metric_name = starts_with\(\\"(\w+)/', text),
        *re.findall(r'counted = "(\w+)/', text),
        *re.findall(r'of = "(\w+)/', text),
    }
    assert asked == {"cells_withheld", "reports_late", "reports_rejected", "reports_read"}
    assert asked <= {str(name) for name in TallyName}


def test_every_alert_is_in_the_runbook() -> None:
    """The runbook's table of alerts has the titles that arrive by mail."""
    text = (FOLDER / "modules" / "alerts" / "main.tf").read_text("utf-8")
    titles = {
        *re.findall(r'^    "([^"]+)" *= \{$', text, re.MULTILINE),
        *re.findall(r'display_name += "\$\{var\.prefix\}: ([^"$]+)"', text),
        *(f"many {each}" for each in re.findall(r'"([^"]+)" += \{ counted', text)),
    } - {"on call", "many "}
    assert len(titles) > 7
    runbook = (FOLDER.parents[1] / "docs" / "operations.md").read_text("utf-8")
    assert [title for title in sorted(titles) if f"| {title} " not in runbook] == []


def arguments_of_the_daily_job() -> list[str]:
    (job,) = (each.body for each in everything() if each.kind == "google_cloud_run_v2_job")
    container = job["template"][0]["template"][0]["containers"][0]
    assert [bare(each) for each in container["command"]] == ["crashveil"]
    return [bare(each) for each in container["args"]]


def test_the_daily_job_says_what_the_command_and_beam_understand() -> None:
    from pipelines.cli import commands

    command, *arguments = arguments_of_the_daily_job()
    context = commands.commands[command].make_context("crashveil", [*arguments])
    inputs, options = split_arguments(context.params["inputs"])
    assert [name.partition("{")[0] for name in inputs] == ["gs://$"]
    kept = options.get_all_options(drop_default=True)
    assert kept["runner"] == "DataflowRunner"
    assert kept["use_public_ips"] is False
    given = {each.partition("=")[0].removeprefix("--").replace("-", "_") for each in arguments[1:]}
    own = {"log_format", *Request.__dataclass_fields__}
    beams = {"no_use_public_ips": "use_public_ips"}
    assert {beams.get(name, name) for name in given - own} <= kept.keys()


def test_the_stream_gets_parameters_that_its_template_has() -> None:
    metadata = json.loads((FOLDER.parent / "flex" / "stream.metadata.json").read_text("utf-8"))
    known = {each["name"] for each in metadata["parameters"]}
    required = {each["name"] for each in metadata["parameters"] if not each["isOptional"]}
    (job,) = (
        each.body for each in everything() if each.kind == "google_dataflow_flex_template_job"
    )
    assert required <= set(job["parameters"]) <= known


def test_the_schemas_for_bigquery_are_fresh() -> None:
    """Write them anew with `make deploy-files`."""
    assert DOCUMENT.read_text("utf-8") == schemas_text()
