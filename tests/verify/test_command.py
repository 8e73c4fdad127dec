"""`crashveil verify` as it is called: exit statuses, lines, JSON."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import commands
from tests.verify import tampering
from tests.verify.tampering import SIGNATURES, VERSIONS


def verify(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["verify", *map(str, arguments)])


def tree_head(output: Path) -> str:
    head: str = json.loads(verify(output, "--json").stdout)["tree_head"]
    return head


def test_what_the_pipeline_published_is_verified_and_what_was_looked_at_is_told(
    output: Path,
) -> None:
    done = verify(output)
    assert done.exit_code == 0
    assert "2 periods, 8 Parquet files" in done.stdout
    assert "test, k = 10" in done.stdout
    assert done.stdout.splitlines()[-1].split() == ["result", "verified"]


def test_a_finding_is_one_line_with_its_check_and_file_and_the_status_is_5(output: Path) -> None:
    tampering.set_values(output, VERSIONS, install_count=9)
    done = verify(output)
    assert done.exit_code == 5
    assert done.stdout.splitlines()[0] == (
        "floor       crashes_by_version_os/period=2026-01-05/part-0.parquet: "
        "row 1: 9 installations, k is 10"
    )
    assert "NOT verified" in done.stdout


def test_json_says_the_same(output: Path) -> None:
    tampering.set_values(output, VERSIONS, install_count=9)
    done = verify(output, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 5
    assert not told["verified"]
    assert told["findings"] == [
        {
            "check": "floor",
            "file": "crashes_by_version_os/period=2026-01-05/part-0.parquet",
            "what": "row 1: 9 installations, k is 10",
        }
    ]
    assert told["checked"]["periods"] == 2


def test_a_log_that_has_grown_from_a_tree_head_is_verified(output: Path) -> None:
    log = tampering.read_log(output)
    tampering.write_log(output, log[:1])
    earlier = tree_head(output)
    tampering.write_log(output, log)
    assert verify(output, "--tree-head", earlier.upper()).exit_code == 0
    assert verify(output, "--tree-head", tree_head(output)).exit_code == 0
    assert verify(output, "--tree-head", "0" * 64).exit_code == 5


def test_planted_values_are_read_one_a_line_or_as_simulate_writes_them(
    output: Path, tmp_path: Path
) -> None:
    tampering.set_values(output, SIGNATURES, message_template="by wilhelmine")
    canaries = tmp_path / "canaries"
    for line, status in (
        ("Wilhelmine", 5),
        ('{"value": "wilhelmine"}', 5),
        ('"Wilhelmine"', 5),
        ("Adelheid", 0),
        ("{Adelheid", 0),
    ):
        canaries.write_text(f"nobody else\n\n{line}\n")
        done = verify(output, "--canaries", canaries)
        assert done.exit_code == status
        assert ("the canary of line 3" in done.stdout) == (status == 5)
        assert "wilhelmine" not in done.stdout.lower()


def test_a_byte_order_mark_hides_no_planted_value(output: Path, tmp_path: Path) -> None:
    tampering.set_values(output, SIGNATURES, message_template="by wilhelmine")
    (tmp_path / "canaries").write_text("wilhelmine\n", "utf-8-sig")
    assert verify(output, "--canaries", tmp_path / "canaries").exit_code == 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no value to look for"),
        (" \n\n", "holds no value to look for"),
        ('Adelheid\n{"text": "wilhelmine"}', "line 2: a JSON object needs a text as its `value`"),
        ('{"value": 7}', "line 1: a JSON object needs a text as its `value`"),
    ],
)
def test_planted_values_that_would_not_be_looked_for_are_wrong_usage(
    text: str, told: str, output: Path, tmp_path: Path
) -> None:
    (tmp_path / "canaries").write_text(text)
    done = verify(output, "--canaries", tmp_path / "canaries")
    assert done.exit_code == 2
    assert told in done.stderr
    assert "wilhelmine" not in done.output


def test_an_output_that_is_not_anonymous_is_told_to_be_so(output: Path) -> None:
    tampering.change_footers(output, anonymous="false", k="2")
    done = verify(output)
    assert "NOT anonymous" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["no-such-folder"], "no folder is there"),
        (["."], "nothing is published here"),
        ([".", "--tree-head", "abc"], "64 hexadecimal digits"),
        ([".", "--canaries", "no-such-file"], "cannot be read"),
        ([], "DIR"),
    ],
    ids=["no folder", "nothing published", "tree head", "canaries", "no argument"],
)
def test_wrong_usage_is_told_in_a_line(
    arguments: list[str], word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = verify(*arguments)
    assert done.exit_code == 2
    assert word in done.stderr
    assert "Traceback" not in done.output


def test_that_reports_count_as_installations_is_told(output: Path) -> None:
    tampering.change_footers(output, reports_without_install_are_distinct="true")
    done = verify(output)
    assert done.exit_code == 0
    assert "reports without an installation count as one each" in done.stdout
