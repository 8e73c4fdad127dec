"""Policies as text: every field is told with its value and effect, and YAML gives the same back."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import commands
from pipelines.policy_text import as_yaml, explained
from schemas.policy import Limits, Policy, load_policy, parse_policy, policy_names


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
