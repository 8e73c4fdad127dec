"""What a run needs, loaded once, so that processes made from here start at once."""

from pipelines.batch import Run, run_batch
from pipelines.options import split_arguments
from transforms.scrub import load_scrubber

load_scrubber()


def run_to_the_end(run: Run) -> None:
    """Do a run, in a process of its own."""
    run_batch(run, split_arguments([])[1])
