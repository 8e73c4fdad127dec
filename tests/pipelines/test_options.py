"""Which Beam options pass, and which runner is taken."""

import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions, StandardOptions

from pipelines.options import FlinkJobOptions, OptionError, is_local, split_arguments


def test_the_local_runner_is_taken_when_none_is_named() -> None:
    inputs, options = split_arguments([])
    assert inputs == []
    assert options.view_as(StandardOptions).runner == "FnApiRunner"
    assert is_local(options)


def test_a_named_runner_and_its_options_pass() -> None:
    _, options = split_arguments(["--runner=DataflowRunner", "--project=p", "--region=r"])
    assert options.view_as(GoogleCloudOptions).project == "p"
    assert not is_local(options)


@pytest.mark.parametrize("argument", ["--polcy=default", "--k", "--outputs=x"])
def test_an_option_that_beam_does_not_know_is_named(argument: str) -> None:
    with pytest.raises(OptionError, match=argument):
        split_arguments([argument])


def test_a_wrong_value_of_a_beam_option_is_an_error_in_one_line() -> None:
    with pytest.raises(OptionError, match="direct_num_workers"):
        split_arguments(["--direct_num_workers=many"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["raw", "more", "--runner", "DirectRunner", "--streaming"],
        ["--runner=DirectRunner", "raw", "more"],
        ["raw", "--direct_num_workers", "2", "more"],
        ["raw", "more", "--job_name", "more"],
        ["--job_name", "raw", "raw", "more"],
    ],
)
def test_inputs_are_told_from_options_and_their_values(arguments: list[str]) -> None:
    inputs, _ = split_arguments(arguments)
    assert inputs == ["raw", "more"]


@pytest.mark.parametrize(
    ("arguments", "milliseconds"),
    [
        (["--runner=PortableRunner"], None),
        (["--runner=PortableRunner", "--streaming"], 10_000),
        (["--runner=PortableRunner", "--streaming", "--checkpointing_interval=60000"], 60_000),
        (["--runner=DataflowRunner", "--streaming"], None),
        (["--streaming"], None),
    ],
)
def test_a_stream_whose_messages_we_acknowledge_has_checkpoints(
    arguments: list[str], milliseconds: int | None
) -> None:
    _, options = split_arguments(arguments)
    flink = options.view_as(FlinkJobOptions)
    assert flink.checkpointing_interval == milliseconds
    assert bool(flink.finish_bundle_before_checkpointing) == (milliseconds is not None)
