"""The installed command on simulated fleets and on reports made to measure."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from tests.folders import tree
from tests.leaks import everything_below, leaks, read_canaries

COMMAND = str(Path(sys.executable).parent / "crashveil")
REPORTS = 2_000
DAY = 1_767_607_200  # 2026-01-05T10:00:00Z


@dataclass(frozen=True)
class Outcome:
    status: int
    stdout: str
    stderr: str


def crashveil(*arguments: str | Path, scratch: Path | None = None) -> Outcome:
    environment = dict(os.environ)
    if scratch is not None:
        environment["TMPDIR"] = str(scratch)
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=240,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Fleet:
    raw: Path
    published: Path
    scratch: Path
    canaries: Path
    outcome: Outcome


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A simulated fleet and what a run of the default policy left of it."""
    folder = tmp_path_factory.mktemp("fleet")
    raw, published, scratch = folder / "raw", folder / "published", folder / "scratch"
    scratch.mkdir()
    made = crashveil("simulate", "--reports", str(REPORTS), "--seed", "5", "--output", raw)
    assert made.status == 0, made.stderr
    outcome = crashveil("run", raw, "--output", published, scratch=scratch)
    return Fleet(raw, published, scratch, folder / "canaries.jsonl", outcome)


def test_a_run_ends_with_a_summary_and_status_0(fleet: Fleet) -> None:
    assert fleet.outcome.status == 0, fleet.outcome.stderr
    for line in ("read        2,000 reports", "rejected ", "redacted ", "released ", "look "):
        assert line in fleet.outcome.stdout
    assert "Traceback" not in fleet.outcome.stderr


def test_no_planted_value_is_anywhere_in_what_a_run_left_behind(fleet: Fleet) -> None:
    canaries = read_canaries(fleet.canaries)
    assert len(canaries) > REPORTS
    told = (fleet.outcome.stdout + fleet.outcome.stderr).encode()
    left = b"\n".join([everything_below(fleet.published), everything_below(fleet.scratch), told])
    assert leaks(left, canaries) == []
    planted = canaries[len(canaries) // 2]
    assert planted in leaks(left + planted.value.encode(), canaries)


def test_nothing_of_a_run_stays_in_the_folder_of_temporary_files(fleet: Fleet) -> None:
    assert list(fleet.scratch.iterdir()) == []


def test_every_released_row_is_shared_by_ten_installations(fleet: Fleet) -> None:
    for table in ("crashes_by_version_os", "crashes_by_signature", "signatures"):
        counts = pl.read_parquet(fleet.published / table)["install_count"]
        assert len(counts) > 0
        assert counts.min() >= 10


def test_the_same_input_gives_the_same_bytes(fleet: Fleet, tmp_path: Path) -> None:
    assert crashveil("run", fleet.raw, "--output", tmp_path / "again").status == 0
    assert tree(tmp_path / "again") == tree(fleet.published)


def test_running_again_into_the_same_folder_changes_nothing(fleet: Fleet) -> None:
    before = tree(fleet.published)
    outcome = crashveil("run", fleet.raw, "--output", fleet.published)
    assert outcome.status == 0, outcome.stderr
    assert tree(fleet.published) == before


@pytest.mark.parametrize(
    ("redirection", "status"), [("2>&-", 0), ("2>/dev/full", 0), (">/dev/full", 1), (">&-", 0)]
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_run_whose_words_nobody_can_read_publishes_the_same(
    tmp_path: Path, redirection: str, status: int
) -> None:
    write_events(tmp_path / "in" / "a.ndjson", [event(n, f"i{n}") for n in range(10)])
    command = [COMMAND, "run", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.join(command)} {redirection}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == status
    assert ("released    1 rows" in done.stdout) == redirection.startswith("2")
    last = done.stderr.splitlines()[-1:]
    wrong = ["crashveil: error: stdout: cannot be written: No space left on device"]
    assert (last == wrong) == (status == 1)
    assert pl.read_parquet(tmp_path / "out" / "crashes_by_version_os").height == 1


def test_another_release_of_a_published_period_is_refused(fleet: Fleet, tmp_path: Path) -> None:
    before = tree(fleet.published)
    policy = tmp_path / "other.yaml"
    policy.write_text("name: other\nk: 5\n")
    outcome = crashveil("run", fleet.raw, "--output", fleet.published, "--policy", policy)
    assert outcome.status == 4
    assert len(outcome.stderr.splitlines()[-1]) > 0
    assert "while running" not in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert tree(fleet.published) == before


def test_analysts_tools_read_the_folder(fleet: Fleet) -> None:
    sql = "select version, os_name, sum(crash_count) from crashes_by_version_os group by all"
    answer = crashveil("query", fleet.published, sql, "--format", "csv")
    assert answer.status == 0
    assert len(answer.stdout.splitlines()) > 2
    folder = fleet.published / "crashes_by_version_os"
    frame = pd.read_parquet(folder)
    assert set(frame.columns) >= {"version", "os_name", "crash_count", "period"}
    assert pl.read_parquet(folder).height == len(frame)
    counted = duckdb.execute(
        "select count(*) from read_parquet(?)", [f"{folder}/*/*.parquet"]
    ).fetchall()
    assert counted == [(len(frame),)]


def event(
    number: int,
    install: str | None,
    message: str = "boom",
    version: str = "1.0",
    exception: str = "KeyError",
) -> dict[str, object]:
    """A Sentry event of an own crash."""
    frames = [{"function": "run", "module": "shop.cart", "in_app": True, "lineno": 3}]
    value = {"type": exception, "value": message, "stacktrace": {"frames": frames}}
    made: dict[str, object] = {
        "event_id": f"{number:032x}",
        "timestamp": DAY,
        "platform": "python",
        "release": f"shop@{version}",
        "contexts": {"os": {"name": "Linux", "version": "6.1"}},
        "exception": {"values": [value]},
    }
    if install is not None:
        made["user"] = {"id": install}
    return made


Write = Callable[[Path, list[dict[str, object]]], None]


def write_events(path: Path, events: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in events), "utf-8")


@pytest.fixture(scope="module")
def made_to_measure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run publishes of groups of installations that are just large enough, or not."""
    folder = tmp_path_factory.mktemp("measure")
    groups = (
        [event(n, f"nine-{n % 9}", version="9.9.771") for n in range(50)],
        [event(100 + n, f"ten-{n}", version="10.10.774") for n in range(10)],
        [event(1000 + n, "flood", version="5.0.772") for n in range(5_000)],
        [event(7000 + n, None, version="0.0.773") for n in range(50)],
        [event(7500 + n, f"few-{n}", version="2.2.775") for n in range(3)],
        [event(8000 + n, f"s{n}", "queue is closed", "6.6", "ValueError") for n in range(12)],
        [event(9000 + n, f"r{n}", "the rarest of words", "6.6", "ValueError") for n in range(9)],
    )
    write_events(folder / "in" / "a.ndjson", [each for group in groups for each in group])
    outcome = crashveil("run", folder / "in", "--output", folder / "out")
    assert outcome.status == 0, outcome.stderr
    return folder / "out"


def test_a_cell_needs_ten_distinct_installations(made_to_measure: Path) -> None:
    for table in ("crashes_by_version_os", "crashes_by_signature"):
        rows = pl.read_parquet(made_to_measure / table).sort("version")
        assert rows["version"].to_list() == ["10.10.774", "6.6"]
        assert rows["install_count"].to_list() == [10, 21]
    everything = everything_below(made_to_measure)
    assert b"10.10.774" in everything
    assert all(version not in everything for version in (b"9.9.771", b"5.0.772", b"0.0.773"))


def test_no_sum_less_its_released_parts_tells_what_was_suppressed(made_to_measure: Path) -> None:
    """Three installations crash in the same way in another version: their row is suppressed."""
    parts = pl.read_parquet(made_to_measure / "crashes_by_signature")
    sums = pl.read_parquet(made_to_measure / "signatures")
    for signature, installs in sums.select("signature", "install_count").iter_rows():
        released = parts.filter(pl.col("signature") == signature)["install_count"].sum()
        assert installs <= released, signature


def test_no_difference_of_two_tables_tells_of_fewer_than_ten(tmp_path: Path) -> None:
    """Three of 33 installations crash in a way of their own: 33 less 30 would tell of them."""
    events = [event(n, f"i{n}", exception="KeyError") for n in range(20)]
    events += [event(100 + n, f"j{n}", exception="ValueError") for n in range(10)]
    events += [event(200 + n, f"k{n}", exception="OSError") for n in range(3)]
    write_events(tmp_path / "in" / "a.ndjson", events)
    assert crashveil("run", tmp_path / "in", "--output", tmp_path / "out").status == 0
    by_version = pl.read_parquet(tmp_path / "out" / "crashes_by_version_os")
    by_signature = pl.read_parquet(tmp_path / "out" / "crashes_by_signature")
    assert by_version["crash_count"].to_list() == [33]
    assert by_signature["exception_type"].to_list() == ["KeyError"]
    assert pl.read_parquet(tmp_path / "out" / "signatures")["install_count"].to_list() == [20]


def test_a_message_needs_ten_installations_of_its_own(made_to_measure: Path) -> None:
    everything = everything_below(made_to_measure)
    assert b"queue is closed" in everything
    assert b"rarest" not in everything


def test_whoever_refused_is_not_counted_and_an_empty_release_claims_nothing(tmp_path: Path) -> None:
    for number in range(10):
        folder = tmp_path / "in" / str(number)
        write_events(folder / "crash.event", [event(number, f"i{number}")])
        if number == 9:
            (folder / "crash.json").write_text('{"consent": "denied"}')
    outcome = crashveil("run", tmp_path / "in", "--output", tmp_path / "out")
    assert outcome.status == 0
    assert "consent_refused 1" in outcome.stdout
    assert "NOTHING WAS RELEASED: rule P1" in outcome.stdout
    assert not list(tmp_path.glob("out/**/*.parquet"))
    (tmp_path / "in" / "9" / "crash.json").write_text('{"consent": "yes"}')
    again = crashveil("run", tmp_path / "in", "--output", tmp_path / "out")
    assert again.status == 0, again.stderr
    assert pl.read_parquet(tmp_path / "out" / "crashes_by_version_os").height == 1


def test_bad_files_cost_one_count_each(tmp_path: Path) -> None:
    write_events(tmp_path / "in" / "good.ndjson", [event(n, f"i{n}") for n in range(10)])
    for name, content in (
        ("empty.dmp", b""),
        ("cut.dmp", b"MDMP\x93\xa7"),
        ("noise.bin", bytes(range(256))),
        ("secret jane.q9x7@example.org.txt", b"hello jane.q9x7@example.org"),
        ("deep.json", b"[" * 100_000),
    ):
        (tmp_path / "in" / name).write_bytes(content)
    outcome = crashveil("run", tmp_path / "in", "--output", tmp_path / "out")
    assert outcome.status == 0, outcome.stderr
    assert "read        15 reports" in outcome.stdout
    assert "empty 1" in outcome.stdout
    assert "truncated 1" in outcome.stdout
    assert "jane.q9x7" not in outcome.stdout + outcome.stderr
    assert b"jane.q9x7" not in everything_below(tmp_path / "out")


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        (["run", "{tmp}/noise.bin", "--output", "{tmp}/out"], 3, "readable"),
        (["run", "{tmp}/absent", "--output", "{tmp}/out"], 2, "absent"),
        (["run", "", "--output", "{tmp}/out"], 2, "INPUT: names no file"),
        (["inspect", ""], 2, "INPUT: names no file"),
        (["run", "{tmp}/noise.bin", "--output", "{tmp}/noise.bin"], 2, "is a file"),
        (["run", "{tmp}/noise.bin", "--output", "{tmp}/o", "--policy", "{tmp}/p.yaml"], 2, "k:"),
        (["run", "{tmp}/noise.bin", "--output", "gs://b/o", "--policy", "development"], 2, "local"),
        (["run", "{tmp}/noise.bin"], 2, "--output"),
        (["run", "{tmp}/noise.bin", "--output", "{tmp}/o", "--staging", "{tmp}/o/s"], 2, "within"),
        (["run", "{tmp}/noise.bin", "--output", "{tmp}/o/o", "--staging", "{tmp}/o"], 2, "around"),
        (["run", "{tmp}", "--output", "{tmp}"], 2, "the folder of --output"),
        (["run", "{tmp}/noise.bin", "--output", "{tmp}/o", "--as-of", "9000-01-01"], 2, "P6"),
        (["run", "{tmp}/noise.bin", "--output", "{tmp}/o", "--no_such_option=1"], 2, "no_such"),
        (["query", "{tmp}", "select 1"], 2, ""),
        (["query", "gs://b/o", "select 1"], 2, "gs://b/o is no folder on this machine: copy it"),
        (["verify", "gs://b/o"], 2, "gs://b/o is no folder on this machine: copy it"),
        (["simulate", "--reports", "1", "--output", "gs://b/o"], 2, "gs://b/o is no folder on"),
        (["demo", "--directory", ""], 2, "names no folder"),
        (["inspect", "{tmp}/absent"], 2, "absent"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_an_error_is_one_line_with_its_documented_status(
    tmp_path: Path, arguments: list[str], status: int, word: str
) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    (tmp_path / "p.yaml").write_text("name: x\nk: none\n")
    outcome = crashveil(*(each.format(tmp=tmp_path) for each in arguments))
    assert outcome.status == status, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith("crashveil: error: ")
    assert word in outcome.stderr.splitlines()[-1]


def test_inspect_tells_one_scrubbed_line_a_report(tmp_path: Path) -> None:
    write_events(
        tmp_path / "two.ndjson",
        [event(n, f"i{n}", message="mail jane.q9x7@example.org failed") for n in range(2)],
    )
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    outcome = crashveil("inspect", tmp_path / "two.ndjson", tmp_path / "noise.bin")
    assert outcome.status == 0
    lines = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert [line["status"] for line in lines] == ["rejected", "ok", "ok"]  # in order of name
    assert lines[1]["message"] == "mail <EMAIL_ADDRESS> failed"
    assert lines[1]["redactions"] == {"EMAIL_ADDRESS": 1}
    assert lines[1]["signature"] == "KeyError | shop.cart.run"
    assert lines[1]["frames"][0].keys() == {"module", "function", "file", "line", "offset"}
    assert lines[0]["kind"] == "unknown_format"
    assert "jane.q9x7" not in outcome.stdout + outcome.stderr


INTERRUPTED_WHILE_IMPORTING = """
import sys
from pipelines.__main__ import main

class Interrupting:
    def find_spec(self, name, *_):
        if name == "pipelines.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
main()
"""


def test_an_interruption_before_all_is_imported_is_one_line_too() -> None:
    command = [sys.executable, "-c", INTERRUPTED_WHILE_IMPORTING]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "crashveil: interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_half_published_and_no_temporary_files(
    number: signal.Signals, fleet: Fleet, tmp_path: Path
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [COMMAND, "run", str(fleet.raw), "--output", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    deadline = time.monotonic() + 60
    while not list(temporary.glob("crashveil-*/listing-*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "interrupted" in stderr
    assert "Traceback" not in stdout + stderr
    assert list(temporary.iterdir()) == []
    manifests = list((tmp_path / "out").rglob("*.json")) if (tmp_path / "out").exists() else []
    assert manifests == []
    assert crashveil("run", fleet.raw, "--output", tmp_path / "out").status == 0
    assert tree(tmp_path / "out") == tree(fleet.published)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_query_that_goes_on_for_ever_can_be_interrupted(
    number: signal.Signals, fleet: Fleet
) -> None:
    endless = "select count(*) from range(100000000000) a, range(1000) b"
    process = subprocess.Popen(
        [COMMAND, "query", str(fleet.published), endless], stderr=subprocess.PIPE, text=True
    )
    time.sleep(3)
    process.send_signal(number)
    try:
        _, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, stderr) == (130, "crashveil: interrupted\n")
