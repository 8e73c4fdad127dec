"""The gate: one hit, one error or one broken string, and the row stays inside."""

import pytest

from transforms.release import withheld


def finds_jane(text: str) -> bool:
    if text == "breaks the scan":
        raise RuntimeError(text)
    return "jane" in text


@pytest.mark.parametrize(
    ("strings", "stays_inside"),
    [
        ([], False),
        (["Paint", "draw | paint"], False),
        (["Paint", "/home/jane/paint"], True),
        (["Paint", "breaks the scan"], True),
        (["half a character: \ud83d"], True),
    ],
)
def test_a_row_is_withheld_on_a_hit_and_when_a_string_cannot_be_scanned(
    strings: list[str], stays_inside: bool
) -> None:
    assert withheld(strings, finds_jane) is stays_inside
