"""What a command tells as JSON: an object a line, on stderr, of counts and never of values."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import CommandError
from pipelines.log import Log
from pipelines.summary import Tallies
from schemas.records import TallyName
from tests.generic_reports import generic_report

COMMAND = str(Path(sys.executable).parent / "crashveil")
KEY = "5d0b7c92e14fa8360c9b2e6f7182d3a4905e6fbc13a7d8420e9c5b61f70a3d28"
NAME = "quentin.tarquinius"


def crashveil(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=folder,
        env=os.environ | {"CRASHVEIL_KEY": KEY},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def add_reports(folder: Path, day: int, installs: int) -> None:
    reports = [
        generic_report(day, install)
        | {"message": f"cannot open /home/{NAME}/notes for {NAME}@example.org"}
        for install in range(installs)
    ]
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / f"{day}.ndjson").write_text("\n".join(map(json.dumps, reports)))
    (folder / "in" / f"{NAME}.dmp").write_bytes(b"MDMP")


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_tells_its_counters_as_json(tmp_path: Path) -> None:
    add_reports(tmp_path, 5, 12)
    status, stdout, stderr = crashveil(
        tmp_path, "run", "in", "--output", "out", "--log-format", "json"
    )
    assert (status, stdout) == (0, "")
    told = events(stderr)
    assert [each["event"] for each in told] == ["progress"] * (len(told) - 1) + ["summary"]
    assert all(each["severity"] == "INFO" and each["time"].startswith("20") for each in told)
    counters = told[-1]["counters"]
    assert counters["reports_read"] == 13
    assert (
        counters["reports_rejected"] == {"malformed": 1}
        or sum(counters["reports_rejected"].values()) == 1
    )
    assert counters["values_redacted"]["USER_NAME"] >= 12
    assert counters["cells_released"] == {
        "crashes_by_version_os": 1,
        "crashes_by_signature": 1,
        "signatures": 1,
    }
    assert set(counters) <= {str(name) for name in TallyName}
    assert NAME not in stderr


def test_an_error_is_json_too_with_its_status(tmp_path: Path) -> None:
    status, stdout, stderr = crashveil(
        tmp_path, "run", "nowhere", "--output", "out", "--log-format=json"
    )
    assert (status, stdout) == (2, "")
    (told,) = events(stderr)
    assert (told["event"], told["severity"]) == ("error", "ERROR")
    assert "nowhere" in told["message"]


def test_an_error_for_people_is_left_to_the_command_line() -> None:
    with pytest.raises(CommandError), Log().errors():
        raise CommandError("wrong")
    with pytest.raises(SystemExit) as ended, Log(as_json=True).errors():
        raise CommandError("wrong")
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("ending", "event", "status"),
    [
        (OSError(28, "No space left on device", f"/home/{NAME}"), "error", 2),
        (KeyboardInterrupt(), "interrupted", 130),
    ],
)
def test_a_full_disk_and_an_interruption_are_json_too(
    ending: BaseException, event: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, Log(as_json=True).errors():
        raise ending
    (told,) = events(capsys.readouterr().err)
    assert (ended.value.code, told["event"]) == (status, event)
    assert NAME not in told["message"]
    with pytest.raises(type(ending)), Log().errors():
        raise ending


def test_counters_of_one_label_are_numbers_and_the_others_are_by_label() -> None:
    tallies = Tallies(
        {
            (TallyName.READ, ""): 3,
            (TallyName.REJECTED, "empty"): 1,
            (TallyName.LATE, ""): 0,
        }
    )
    assert tallies.document() == {"reports_read": 3, "reports_rejected": {"empty": 1}}
