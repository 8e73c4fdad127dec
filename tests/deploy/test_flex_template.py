"""Flex Templates: metadata as the commands are, and a launcher's arguments as they take them."""

import json
import re
from pathlib import Path

import pytest

from pipelines.flex_template import command_line, metadata, template_of

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "flex"


@pytest.mark.parametrize("template", ["batch", "stream"])
def test_the_metadata_that_is_checked_in_is_fresh(template: str) -> None:
    """Write it anew with `make deploy-files`."""
    written = json.loads((FOLDER / f"{template}.metadata.json").read_text("utf-8"))
    assert written == metadata(template)


def test_patterns_take_what_they_should_and_no_local_path() -> None:
    said = {each["name"]: each for each in metadata("batch")["parameters"]}
    (pattern,) = said["output"]["regexes"]
    assert re.match(pattern, "gs://bucket-1/published")
    assert not re.match(pattern, "/tmp/published")  # noqa: S108 - only looked at
    assert said["input"]["isOptional"] is False
    assert "staging" not in said
    assert "key_file" not in said


def test_only_the_stream_stages_elsewhere_since_a_launcher_does_not_wait() -> None:
    said = {each["name"]: each for each in metadata("stream")["parameters"]}
    (pattern,) = said["staging"]["regexes"]
    assert re.match(pattern, "gs://bucket-1/records")
    assert not re.match(pattern, "gs://bucket-1")
    assert {"key_file", "log_format", "arguments"}.isdisjoint(said)


def test_a_launchers_arguments_become_a_command_line() -> None:
    arguments = [
        "--input=gs://raw/",
        "--output=gs://out",
        "--as_of=",
        "--key_secret=projects/p/secrets/s/versions/1",
        "--runner=DataflowRunner",
    ]
    assert template_of(arguments) == "batch"
    assert command_line("batch", arguments) == [
        "run",
        "gs://raw/",
        "--output=gs://out",
        "--key-secret=projects/p/secrets/s/versions/1",
        "--runner=DataflowRunner",
    ]


def test_the_streams_arguments_are_told_by_its_subscription() -> None:
    arguments = ["--subscription=projects/p/subscriptions/s", "--lateness=3", "--output=gs://out"]
    assert template_of(arguments) == "stream"
    assert command_line("stream", arguments) == ["stream", *arguments]
