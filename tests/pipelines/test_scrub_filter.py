"""The line filter."""

import json
import re

import pytest

from pipelines.scrub_filter import ScrubLineError, scrub_lines
from transforms.scrub import Finding, Scrubber

SCRUBBER = Scrubber(
    lambda text: [Finding("MAIL", m.start(), m.end(), 0.5) for m in re.finditer(r"\w+@\w+", text)]
)


def test_json_lines_come_back_in_order_with_their_findings() -> None:
    lines = ['{"text": "hi"}\n', '{"text": "to a@b", "other": 1}\n']
    assert [json.loads(line) for line in scrub_lines(lines, SCRUBBER, plain=False)] == [
        {"text": "hi", "findings": []},
        {
            "text": "to <MAIL>",
            "findings": [{"type": "MAIL", "start": 3, "end": 6, "score": 0.5}],
        },
    ]


def test_plain_lines_come_back_one_for_one() -> None:
    assert list(scrub_lines(["a@b x\r\n", "\n", "y"], SCRUBBER, plain=True)) == [
        "<MAIL> x",
        "",
        "y",
    ]


@pytest.mark.parametrize("line", ["jane@doe", "[1]", '{"text": 3}', "{}", "[" * 100_000])
def test_a_line_of_another_kind_is_named_by_its_number_alone(line: str) -> None:
    with pytest.raises(ScrubLineError) as error:
        list(scrub_lines(['{"text": "ok"}', line], SCRUBBER, plain=False))
    assert str(error.value).startswith("line 2: ")
    assert "jane" not in str(error.value)
