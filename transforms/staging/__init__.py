"""The staging area: scrubbed records of periods that are not released yet, encrypted at rest.

It is restricted: its records hold keyed hashes of installations. Each file is encrypted under a key
derived from the run's key for its period, and goes when its period is released.
"""

from transforms.staging.batches import (
    Batch,
    InputStates,
    batch_file,
    check_releasable,
    commit,
    committed,
    note_unread,
    settle,
    staged_files,
    staged_periods,
    take_unread,
)
from transforms.staging.encryption import StagingError
from transforms.staging.joining import join_batches
from transforms.staging.records import RECORDS_FORM, Staged, staged_bytes, staged_records

__all__ = [
    "RECORDS_FORM",
    "Batch",
    "InputStates",
    "Staged",
    "StagingError",
    "batch_file",
    "check_releasable",
    "commit",
    "committed",
    "join_batches",
    "note_unread",
    "settle",
    "staged_bytes",
    "staged_files",
    "staged_periods",
    "staged_records",
    "take_unread",
]
