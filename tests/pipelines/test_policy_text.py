"""Policies as text: every field is told with its value and effect, and YAML gives the same back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import commands
from pipelines.policy_text import as_yaml, explained
from schemas.policy import Limits, Policy, load_policy, parse_policy, policy_names
from schemas.records import CrashReport, RawReport
from tests.keys import HEX_KEY, KEY
from transforms.aggregate import Pseudonyms
from transforms.exclude import exclusion
from transforms.parse import parse_payload


@pytest.mark.parametrize("name", policy_names())
def test_a_shown_policy_is_the_same_policy(name: str) -> None:
    policy = load_policy(name)
    assert parse_policy(as_yaml(policy), name) == policy


@pytest.mark.parametrize("name", policy_names())
def test_every_field_is_explained(name: str) -> None:
    text = explained(load_policy(name))
    for model, prefix in ((Policy, ""), (Limits, "limits.")):
        for field, about in model.model_fields.items():
            assert f"{prefix}{field}" in text
            assert about.description
            assert about.description in text


def test_the_commands_print_policies_and_refuse_wrong_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert "k: 10" in runner.invoke(commands, ["policy", "show"]).output
    assert "k = 10\n    P1:" in runner.invoke(commands, ["policy", "explain"]).output
    assert "can be used" in runner.invoke(commands, ["policy", "check", "default"]).output
    Path("models.yaml").write_text("name: models\nnlp: spacy:xx_no_such_model\n")
    without = runner.invoke(commands, ["policy", "check", "models.yaml"])
    assert without.exit_code == 2
    assert "xx_no_such_model" in without.output
    wrong = runner.invoke(commands, ["policy", "check", "no such policy"])
    assert wrong.exit_code == 2
    assert "no such policy" in wrong.output


def test_objections_are_made_of_installation_ids_and_list_those_installations(
    tmp_path: Path,
) -> None:
    (tmp_path / "key").write_text(HEX_KEY)
    command = ["policy", "objections", "--key-file", str(tmp_path / "key")]
    ids = "\ufeff6F9619FF8B86D011B42D00C04FC964FF\n\nInst-03\n"
    told = CliRunner().invoke(commands, command, input=ids.encode())
    assert told.exit_code == 0
    policy = parse_policy(f"name: mine\nobjections:\n{told.stdout}", "mine")
    assert len(policy.objections) == 2
    pseudonyms = Pseudonyms(KEY.load())
    for install_id, reason in (
        ("6f9619ff-8b86-d011-b42d-00c04fc964ff", "objection"),
        ("inst-03", "objection"),
        ("inst-04", None),
    ):
        event = json.dumps({"format": "crashveil/1", "reason": "R", "install_id": install_id})
        (report,) = parse_payload(RawReport("a.json", event.encode()), Limits())
        assert isinstance(report, CrashReport)
        assert exclusion(report, policy, pseudonyms) == reason


@pytest.mark.parametrize(
    ("arguments", "ids", "told"),
    [
        ([], "inst-03\n", "needs the key of the runs"),
        (["--key-file", "no-such-file"], "inst-03\n", "cannot be read"),
        (["--key-file", "key"], "inst-03\nunknown\n", "line 2: counts as no installation id"),
    ],
)
def test_objections_that_cannot_be_made_are_told_in_a_line(
    arguments: list[str], ids: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("key").write_text(HEX_KEY)
    done = CliRunner().invoke(commands, ["policy", "objections", *arguments], input=ids)
    assert done.exit_code == 2
    assert told in done.output
