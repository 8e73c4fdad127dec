"""Beam's own options: which are known, and which runner is taken when none is named."""

import contextlib
import io
from argparse import ArgumentParser
from collections.abc import Sequence

from apache_beam.options.pipeline_options import (
    DirectOptions,
    FlinkRunnerOptions,
    GoogleCloudOptions,
    JobServerOptions,
    PipelineOptions,
    PortableOptions,
    PrismRunnerOptions,
    ProfilingOptions,
    SetupOptions,
    SparkRunnerOptions,
    StandardOptions,
    _BeamArgumentParser,
)

LOCAL_RUNNER = "FnApiRunner"
"""Beam's in-process direct runner."""

LOCAL_STREAM_RUNNER = "BundleBasedDirectRunner"
"""The in-process runner that can read Pub/Sub."""

_LOCAL_RUNNERS = {LOCAL_RUNNER, LOCAL_STREAM_RUNNER}
_SWITCHES = {"DirectRunner", "SwitchingDirectRunner"}
"""Beam's names for whichever local runner fits. It would first try to download another one."""

_DATAFLOW = "DataflowRunner"
_JOB_SERVER_OF = {
    "FlinkRunner": "flink_job_server_jar",
    "SparkRunner": "spark_job_server_jar",
    "KafkaStreamsRunner": "kafka_streams_job_server_jar",
    "PrismRunner": "prism_location",
}
"""Runners that start a job server, and the option that says where it is; else they download it."""

_JOB_SERVER_OPTIONS = (
    PortableOptions,
    JobServerOptions,
    FlinkRunnerOptions,
    SparkRunnerOptions,
    PrismRunnerOptions,
)
_CHECKPOINTING_INTERVAL = 10_000
"""Milliseconds; without checkpoints Flink keeps nothing, and no message could be acknowledged."""


class FlinkJobOptions(PipelineOptions):
    """What a stream needs of Flink's job server, and Beam's own classes do not name."""

    @classmethod
    def _add_argparse_args(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--checkpointing_interval", type=int)
        parser.add_argument(
            "--finish_bundle_before_checkpointing", action="store_true", default=None
        )


class OptionError(ValueError):
    """An option that is not known, or that its engine does not take; one line that names it."""


def split_arguments(arguments: Sequence[str]) -> tuple[list[str], PipelineOptions]:
    """Return what is no option (the inputs), and Beam's options, of a command line's rest.

    Options may be written `--name=value` or `--name value`.

    Raises:
        OptionError: an option that Beam does not know, or a value it does not take.
    """
    parser = _BeamArgumentParser(allow_abbrev=False, exit_on_error=False)
    for options_class in PipelineOptions.__subclasses__():
        if hasattr(options_class, "_add_argparse_args"):
            options_class._add_argparse_args(parser)  # noqa: SLF001 - Beam has no public way
    given = [_Argument(each) for each in arguments]
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            _, unknown = parser.parse_known_args(given)
    except (Exception, SystemExit) as error:
        named = " ".join(argument for argument in arguments if argument.startswith("-"))
        raise OptionError(f"a Beam option has a value that it does not take: {named}") from error
    for argument in unknown:
        if argument.startswith("-"):
            raise OptionError(f"no such option: {argument} (see --help; Beam's own options pass)")
    inputs = set(map(id, unknown))
    known = [str(each) for each in given if id(each) not in inputs]
    return [str(each) for each in unknown], _with_defaults(known)


class _Argument(str):
    """An argument that is told from another of the same text: an option's value, and an input."""


def _with_defaults(arguments: list[str]) -> PipelineOptions:
    options = PipelineOptions(arguments)
    standard = options.view_as(StandardOptions)
    standard.runner = _full_name(standard.runner)
    if standard.runner is None or _runner(options) in _SWITCHES:
        standard.runner = LOCAL_STREAM_RUNNER if standard.streaming else LOCAL_RUNNER
    if standard.streaming and has_job_server(options):
        _checkpoint(options.view_as(FlinkJobOptions))
    options.view_as(SetupOptions).save_main_session = False
    return options


def _full_name(runner: str | None) -> str | None:
    """Return a runner's name as Beam has it: it takes `flink` for `FlinkRunner`."""
    names = {name.lower(): name for name in StandardOptions.KNOWN_RUNNER_NAMES}
    said = (runner or "").lower()
    return names.get(said) or names.get(f"{said}runner") or runner


def check_engine(options: PipelineOptions) -> None:
    """Refuse options that their engine does not take, or would tell of only in mid-run.

    Raises:
        OptionError: a number is negative; an option is another engine's; or a job server would be
            downloaded, since none is named.
    """
    for name, value in options.get_all_options(drop_default=True).items():
        if isinstance(value, int | float) and value < 0:
            raise OptionError(f"--{name}={value}: is a number below 0")
    runner = _runner(options)
    if is_template(options) and runner != _DATAFLOW:
        raise OptionError(f"--template_location: {runner} has no templates, {_DATAFLOW} has")
    for kind in _JOB_SERVER_OPTIONS if is_local(options) else (DirectOptions,):
        for name in _given(kind, options):
            raise OptionError(f"--{name}: is nothing that {runner} takes; --runner names another")
    _check_job_server(runner, options)
    profiling = _given(ProfilingOptions, options)
    if {"profile_cpu", "profile_memory"} & set(profiling) and "profile_location" not in profiling:
        raise OptionError("--profile_cpu, --profile_memory: need --profile_location=FOLDER")


def _check_job_server(runner: str, options: PipelineOptions) -> None:
    place = _JOB_SERVER_OF.get(runner)
    if place and not {place, "job_endpoint"} & set(options.get_all_options(drop_default=True)):
        raise OptionError(
            f"--runner={runner}: name its job server, which is not downloaded: --{place}=PATH, or "
            "--job_endpoint=HOST:PORT of one that runs"
        )


def _given(kind: type[PipelineOptions], options: PipelineOptions) -> list[str]:
    """Return the names of a kind's options that are given, with another value than by default."""
    return list(options.view_as(kind).get_all_options(drop_default=True, current_only=True))


def _checkpoint(flink: FlinkJobOptions) -> None:
    """Have Flink take checkpoints, for which it ends bundles.

    Otherwise it keeps what a bundle yields at its end until the step's next bundle, and a step that
    has no other one, as the one that starts the pullers, never hands it on.
    """
    flink.finish_bundle_before_checkpointing = True
    if flink.checkpointing_interval is None:
        flink.checkpointing_interval = _CHECKPOINTING_INTERVAL


def is_template(options: PipelineOptions) -> bool:
    """Tell whether the pipeline is only to be written down, as a launcher of templates wants it."""
    return options.view_as(GoogleCloudOptions).template_location is not None


def is_local(options: PipelineOptions) -> bool:
    """Tell whether the pipeline runs in this machine's memory, so that progress can be shown."""
    return _runner(options) in _LOCAL_RUNNERS


def has_job_server(options: PipelineOptions) -> bool:
    """Tell whether the runner hands the pipeline to a job server, as Flink's and Prism's do.

    The others read Pub/Sub in a way of their own; on these crashveil does.
    """
    return not is_local(options) and _runner(options) != _DATAFLOW


def _runner(options: PipelineOptions) -> str:
    return str(options.view_as(StandardOptions).runner).rsplit(".", 1)[-1]
