"""What a stream needs before it begins."""

from dataclasses import replace
from datetime import timedelta

import pytest
from apache_beam.io.gcp.pubsub import ReadFromPubSub

from pipelines.options import split_arguments
from pipelines.prepare import PrepareError, Request, prepare_stream
from pipelines.stream import source
from transforms.ptransforms import PullMessages

KEY = {"CRASHVEIL_KEY": "5d0b7c92e14fa8360c9b2e6f7182d3a4905e6fbc13a7d8420e9c5b61f70a3d28"}
SUBSCRIPTION = "projects/some-project/subscriptions/pipeline"
REQUEST = Request((), "gs://published/out", "default", staging="gs://restricted/records")
SIX_HOURS = timedelta(hours=6)


def test_files_of_a_stream_wait_where_its_staging_says() -> None:
    stream, options = prepare_stream(REQUEST, SUBSCRIPTION, SIX_HOURS, KEY)
    assert (stream.run.output, stream.run.staging) == (REQUEST.output, REQUEST.staging)
    assert (stream.subscription, stream.lateness) == (SUBSCRIPTION, SIX_HOURS)
    assert options.get_all_options()["streaming"] is True


@pytest.mark.parametrize(
    ("request_", "subscription", "environment", "told"),
    [
        (REQUEST, "s", KEY, "is written projects/PROJECT/subscriptions/NAME"),
        (REQUEST, SUBSCRIPTION, {}, "needs a key"),
        (replace(REQUEST, arguments=("dumps",)), SUBSCRIPTION, KEY, "no INPUT"),
        (replace(REQUEST, staging=" "), SUBSCRIPTION, KEY, "--staging: names no folder"),
        (replace(REQUEST, staging="s3://b/c"), SUBSCRIPTION, KEY, "neither a folder nor gs://"),
    ],
)
def test_what_a_stream_cannot_begin_with_is_told(
    request_: Request, subscription: str, environment: dict[str, str], told: str
) -> None:
    with pytest.raises(PrepareError, match=told):
        prepare_stream(request_, subscription, SIX_HOURS, environment)


@pytest.mark.parametrize(
    "runner", [[], ["--runner=DirectRunner"], ["--runner=DataflowRunner", "--project=p"]]
)
def test_where_the_engine_reads_pubsub_itself_it_does(runner: list[str]) -> None:
    _, options = split_arguments(["--streaming", *runner])
    assert isinstance(source(SUBSCRIPTION, options), ReadFromPubSub)


@pytest.mark.parametrize(
    ("arguments", "pullers"),
    [
        (["--runner=PrismRunner"], 8),
        (["--runner=FlinkRunner"], 8),
        (["--runner=PortableRunner", "--parallelism=10"], 40),
    ],
)
def test_on_other_engines_messages_are_pulled_by_several_a_slot(
    arguments: list[str], pullers: int
) -> None:
    _, options = split_arguments(["--streaming", *arguments])
    assert source(SUBSCRIPTION, options) == PullMessages(SUBSCRIPTION, pullers)
