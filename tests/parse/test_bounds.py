"""What a report may hold at most."""

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, Frame
from transforms.parse.bounds import within_limits


@pytest.mark.parametrize(
    ("frame", "kept"),
    [
        (Frame(line=250_000, offset=0x1234_5678), (250_000, 0x1234_5678)),
        (Frame(line=4155552671, offset=4111111111111111), (None, None)),
        (Frame(line=356938035643809, offset=-1), (None, None)),
    ],
)
def test_a_number_that_no_source_or_module_has_is_dropped(
    frame: Frame, kept: tuple[int | None, int | None]
) -> None:
    """It could be a phone number or an id, and numbers are not scanned."""
    (found,) = within_limits(CrashReport("test", frames=(frame,)), Limits()).frames
    assert (found.line, found.offset) == kept
