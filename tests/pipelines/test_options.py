"""Which Beam options pass, and which runner is taken."""

import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions, StandardOptions

from pipelines.options import (
    FlinkJobOptions,
    OptionError,
    check_engine,
    has_job_server,
    is_local,
    split_arguments,
)


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


@pytest.mark.parametrize(
    ("named", "runner"),
    [
        ("DirectRunner", "FnApiRunner"),
        ("SwitchingDirectRunner", "FnApiRunner"),
        ("direct", "FnApiRunner"),
        ("fnapirunner", "FnApiRunner"),
        ("flink", "FlinkRunner"),
        ("dataflowrunner", "DataflowRunner"),
        ("a.module.OfOurs", "a.module.OfOurs"),
    ],
)
def test_a_runner_is_known_by_each_name_that_beam_takes_and_never_looked_for_elsewhere(
    named: str, runner: str
) -> None:
    _, options = split_arguments([f"--runner={named}"])
    assert options.view_as(StandardOptions).runner == runner
    assert is_local(options) == (runner == "FnApiRunner")
    assert has_job_server(options) == (runner in {"FlinkRunner", "a.module.OfOurs"})


SERVER = "--job_endpoint=localhost:1"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--template_location=/t"], "--template_location: FnApiRunner has no templates"),
        (["--runner=PortableRunner", SERVER, "--template_location=/t"], "has no templates"),
        (["--direct_num_workers=-4"], "--direct_num_workers=-4: is a number below 0"),
        (["--runner=flink", SERVER, "--parallelism=-7"], "--parallelism=-7: is a number below 0"),
        ([SERVER], "--job_endpoint: is nothing that FnApiRunner takes"),
        (["--flink_master=h:1"], "--flink_master: is nothing that FnApiRunner takes"),
        (["--runner=PrismRunner", SERVER, "--direct_num_workers=2"], "nothing that PrismRunner"),
        (["--profile_cpu"], "need --profile_location"),
        (["--runner=FlinkRunner"], "which is not downloaded: --flink_job_server_jar=PATH, or"),
        (["--runner=FlinkRunner", "--flink_submit_uber_jar"], "which is not downloaded"),
        (["--runner=SparkRunner"], "--spark_job_server_jar=PATH, or --job_endpoint=HOST:PORT"),
        (["--runner=prism"], "--runner=PrismRunner: name its job server.* --prism_location=PATH"),
    ],
)
def test_what_an_engine_does_not_take_is_refused(arguments: list[str], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        check_engine(split_arguments(arguments)[1])


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--direct_running_mode=multi_processing", "--direct_num_workers=0"],
        ["--profile_cpu", "--profile_location=/p"],
        ["--runner=DataflowRunner", "--template_location=gs://b/t", "--max_num_workers=3"],
        ["--runner=PortableRunner", SERVER, "--parallelism=4", "--environment_type=LOOPBACK"],
        ["--runner=FlinkRunner", "--flink_job_server_jar=f.jar", "--parallelism=-1"],
        ["--runner=SparkRunner", SERVER],
        ["--runner=PrismRunner", "--prism_location=prism"],
    ],
)
def test_what_an_engine_takes_passes(arguments: list[str]) -> None:
    check_engine(split_arguments(arguments)[1])
