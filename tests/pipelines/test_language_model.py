"""A run with a language model: a planted name that no pattern finds, through the real command."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from click.testing import CliRunner, Result

from pipelines.cli import commands
from tests.leaks import everything_below

NAME = "Zorblax Quimby"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows one person by heart."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    language = spacy.blank("en")
    language.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": NAME}])  # type: ignore[attr-defined]  # a ruler
    language.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crashes of twelve installations whose message holds the name, in its prose alone."""
    folder = tmp_path_factory.mktemp("raw")
    events = [
        {
            "event_id": f"{number:032x}",
            "timestamp": 1_767_607_200,
            "user": {"id": f"install-{number}"},
            "release": "shop@1.0",
            "contexts": {"os": {"name": "Android", "version": "15"}},
            "exception": {
                "values": [
                    {
                        "type": "PaymentError",
                        "value": f"the cart of {NAME} is empty",
                        "stacktrace": {"frames": [{"function": "pay", "lineno": 7}]},
                    }
                ]
            },
        }
        for number in range(12)
    ]
    (folder / "events.ndjson").write_text("\n".join(map(json.dumps, events)))
    return folder


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    """The commands turn logging off, which their own processes do not outlive."""
    yield
    logging.disable(logging.NOTSET)


def run(raw: Path, output: Path, *options: str) -> Result:
    arguments = ["run", str(raw), "--output", str(output), *options]
    return CliRunner().invoke(commands, arguments)


def test_a_name_is_published_without_a_model_and_not_with_one(
    raw: Path, model: Path, tmp_path: Path
) -> None:
    without, with_one = tmp_path / "without", tmp_path / "with"
    assert run(raw, without).exit_code == 0
    assert run(raw, with_one, "--nlp", f"spacy:{model}").exit_code == 0
    assert NAME.encode() in everything_below(without)
    published = everything_below(with_one)
    assert NAME.encode() not in published
    assert b"the cart of <PERSON> is empty" in published


def test_the_footer_and_the_ledger_name_the_model_and_not_its_folder(
    raw: Path, model: Path, tmp_path: Path
) -> None:
    assert run(raw, tmp_path / "out", "--nlp", f"spacy:{model}").exit_code == 0
    published = everything_below(tmp_path / "out")
    assert b"spacy:tiny" in published
    assert str(model.parent).encode() not in published
    verified = CliRunner().invoke(commands, ["verify", str(tmp_path / "out")])
    assert verified.exit_code == 0, verified.output


def test_a_policy_may_name_the_model_and_the_option_comes_before_it(
    raw: Path, model: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(json.dumps({"name": "trial", "nlp": f"spacy:{model}"}))
    for folder, options in (("named", []), ("overruled", ["--nlp", "no_op"])):
        done = run(raw, tmp_path / folder, "--policy", str(policy), *options)
        assert done.exit_code == 0, done.output
    assert NAME.encode() not in everything_below(tmp_path / "named")
    assert NAME.encode() in everything_below(tmp_path / "overruled")


@pytest.mark.parametrize(
    ("model", "advice"),
    [
        ("spacy:en_core_web_zz", "python -m spacy download"),
        ("flair:x", "--nlp flair:x: is written"),
    ],
)
@pytest.mark.parametrize("command", ["run", "watch", "stream", "scrub", "inspect"])
def test_a_model_that_is_not_here_ends_every_command_with_one_line_and_status_2(
    command: str, model: str, advice: str, raw: Path, tmp_path: Path
) -> None:
    arguments = {
        "run": [str(raw), "--output", str(tmp_path / "out")],
        "watch": [str(raw), "--output", str(tmp_path / "out"), "--staging", str(tmp_path / "s")],
        "stream": ["--subscription", "projects/p/subscriptions/s", "--output", str(tmp_path)],
        "scrub": [],
        "inspect": [str(raw / "events.ndjson")],
    }[command]
    done = CliRunner().invoke(commands, [command, *arguments, "--nlp", model], input="")
    assert done.exit_code == 2
    assert advice in done.stderr
    assert done.stderr.count("\n") == 1
