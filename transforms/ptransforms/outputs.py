"""Names of the outputs beside a step's main one."""

TALLIES, STACKS, NAMES, UNREAD = "tallies", "stacks", "names", "unread"
SUMMING, LACKING = "summing", "lacking"
