"""Names of the outputs beside a step's main one."""

TALLIES, STACKS, NAMES = "tallies", "stacks", "names"
SUMMING, LACKING = "summing", "lacking"
