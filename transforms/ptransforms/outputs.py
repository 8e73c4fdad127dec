"""Names of the outputs beside a step's main one, and of the metrics."""

METRICS_NAMESPACE = "crashveil"
TALLIES, STACKS, NAMES = "tallies", "stacks", "names"
SUMMING, FOOTPRINTS, CELLS = "summing", "footprints", "cells"
