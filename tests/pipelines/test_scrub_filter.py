"""The line filter."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import commands
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


COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()", "scrub", "--plain"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_another_encoding_is_scrubbed_too(encoding: str) -> None:
    lines = "call 4111111111111111 or jane@example.org\n".encode(encoding)
    scrubbed = CliRunner().invoke(commands, ["scrub", "--plain"], input=lines).stdout
    assert "<CREDIT_CARD>" in scrubbed
    assert "<EMAIL_ADDRESS>" in scrubbed


def test_a_mark_before_json_is_no_error() -> None:
    lines = '{"text": "a"}\n'.encode("utf-8-sig")
    assert json.loads(CliRunner().invoke(commands, ["scrub"], input=lines).stdout)["text"] == "a"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_what_cannot_be_written_is_one_line_and_a_status() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            COMMAND, input=b"jane@x\n", stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr == b"crashveil: error: stdout: cannot be written: No space left on device\n"


def test_a_closed_input_is_one_line_and_a_status() -> None:
    closed = f"{shlex.join(COMMAND)} <&-"
    done = subprocess.run(["/bin/sh", "-c", closed], capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr == b"crashveil: error: there is nothing to read: stdin is closed\n"


# --explain: through the command that people call.

PLANTED = "jane.doe@example.org"


def explain(*options: str, stdin: str) -> list[str]:
    done = CliRunner().invoke(commands, ["scrub", "--explain", *options], input=stdin)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_explain_tells_place_recognizer_pattern_and_score_but_no_value() -> None:
    lines = explain("--plain", stdin=f"all well\nhi {PLANTED}, bye\n")
    assert lines == [
        "all well",
        "hi <EMAIL_ADDRESS>, bye",
        '  2:4-23 EMAIL_ADDRESS by MailAddressRecognizer, pattern "mail address", score 0.90',
    ]


def test_explain_in_json_tells_lines_and_columns_of_the_text() -> None:
    (line,) = explain(stdin=json.dumps({"text": f"one\nhi {PLANTED}"}) + "\n")
    assert PLANTED not in line
    (finding,) = json.loads(line)["findings"]
    assert finding["first"] == {"line": 2, "column": 4}
    assert finding["last"] == {"line": 2, "column": 3 + len(PLANTED)}
    (reason,) = finding["reasons"]
    assert reason["recognizer"] == "MailAddressRecognizer"
    assert reason["pattern"] == "mail address"
    assert reason["original_score"] == 0.9


def test_an_identity_of_the_report_is_told_as_what_it_is() -> None:
    document = {"text": "for Q9x7zz", "identities": {"USER_NAME": ["q9x7zz"]}}
    (line,) = explain(stdin=json.dumps(document) + "\n")
    told = json.loads(line)
    assert told["text"] == "for <USER_NAME>"
    assert [each["recognizer"] for each in told["findings"][0]["reasons"]] == [
        "identity of the report"
    ]


def test_explain_scrubs_as_scrub_does_and_tells_a_reason_for_every_finding() -> None:
    texts = [
        "login /home/jane/x from 203.0.113.77 by jane\uff20example.org",
        "C:\\Users\\jane\\a card 4539 1488 0343 6467 +49 30 901820",
        "my password is swordfish; token=abc123",
    ]
    stdin = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    plainly = CliRunner().invoke(commands, ["scrub"], input=stdin).stdout.splitlines()
    for scrubbed, explained in zip(plainly, explain(stdin=stdin), strict=True):
        findings = json.loads(explained)["findings"]
        assert json.loads(scrubbed)["text"] == json.loads(explained)["text"]
        assert len(findings) == len(json.loads(scrubbed)["findings"]) > 0
        assert all(finding["reasons"] for finding in findings)


@pytest.mark.parametrize(
    "identities",
    ["jane", ["jane"], {"NOBODY": ["jane"]}, {"USER_NAME": "jane"}, {"USER_NAME": [1]}],
)
def test_identities_of_another_kind_are_refused_without_their_values(identities: object) -> None:
    line = json.dumps({"text": "ok", "identities": identities})
    with pytest.raises(ScrubLineError) as error:
        list(scrub_lines([line], SCRUBBER, plain=False))
    assert str(error.value).startswith('line 1: "identities"')
    assert "jane" not in str(error.value)


def test_explain_tells_that_a_text_of_endless_names_is_withheld() -> None:
    names = ["ab" * count for count in range(2, 33)]
    line = json.dumps({"text": "ab" * 2_000, "identities": {"USER_NAME": names}})
    (told,) = map(json.loads, explain(stdin=line + "\n"))
    assert told["text"] == "<withheld>"
    assert [each["type"] for each in told["findings"]] == ["WITHHELD"]
    assert all(finding["reasons"] for finding in told["findings"])
