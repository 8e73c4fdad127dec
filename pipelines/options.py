"""Beam's own options: which are known, and which runner is taken when none is named."""

import contextlib
import io
from argparse import ArgumentParser
from collections.abc import Sequence

from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
    _BeamArgumentParser,
)

LOCAL_RUNNER = "FnApiRunner"
"""Beam's in-process direct runner. `DirectRunner` is a switch that would first try a download."""

LOCAL_STREAM_RUNNER = "BundleBasedDirectRunner"
"""The in-process runner that can read Pub/Sub."""

_LOCAL_RUNNERS = {LOCAL_RUNNER, LOCAL_STREAM_RUNNER, "DirectRunner"}
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
    """An option that neither crashveil nor Beam knows; one line that names it."""


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
    if standard.runner is None:
        standard.runner = LOCAL_STREAM_RUNNER if standard.streaming else LOCAL_RUNNER
    if standard.streaming and not reads_pubsub(options):
        _checkpoint(options.view_as(FlinkJobOptions))
    options.view_as(SetupOptions).save_main_session = False
    return options


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


def reads_pubsub(options: PipelineOptions) -> bool:
    """Tell whether the runner reads Pub/Sub in a way of its own; on others crashveil does."""
    return is_local(options) or _runner(options) == "DataflowRunner"


def _runner(options: PipelineOptions) -> str:
    return str(options.view_as(StandardOptions).runner).rsplit(".", 1)[-1]
