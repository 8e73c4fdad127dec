"""Names of the outputs beside a step's main one, and of the metrics."""

METRICS_NAMESPACE = "crashveil"
TALLIES, STACKS, SUMMING, FOOTPRINTS, CELLS = "tallies", "stacks", "summing", "footprints", "cells"
