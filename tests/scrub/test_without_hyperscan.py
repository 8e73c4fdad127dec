"""Where there is no Hyperscan, or one that is wrong: the same findings, slowly, and one warning."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generic_reports import generic_report
from transforms.scrub import load_scrubber

MISSING = """
import sys
sys.modules["hyperscan"] = None  # importing it raises ImportError
"""
MISSING_A_MATCH = """
import hyperscan
class Database(hyperscan.Database):
    def scan(self, text, told, *rest, **named):
        super().scan(text[:20], told, *rest, **named)
hyperscan.Database = Database
"""
WITHOUT = """
import json, logging, sys
logging.basicConfig(format="%(levelname)s %(message)s")
from transforms.scrub import load_explainer, load_scrubber, slowness
load_explainer()
scrubber = load_scrubber()
found = [repr(scrubber.scrub_text(text).findings) for text in json.load(sys.stdin)]
json.dump([slowness() is not None, found], sys.stdout)
"""
TEXTS = (
    "/home/jane/x of jane@example.org", "card 4539 1488 0343 6467", "to 2001:db8::1: refused",
    "Foo::bar<int>()", "password=hunter2, pin: 4821", "j\u00fcrgen at 415-555-0132",
    r"C:\Users\jane\x.log", "https://intra.example.org/u?t=1", "lat=52.5163 imei 490154203237518",
)  # fmt: skip
COMMAND = f"""{MISSING}
from pipelines.cli import main
main()
"""


def run(code: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("hyperscan", [MISSING, MISSING_A_MATCH])
def test_findings_are_the_same_and_one_warning_is_given(hyperscan: str) -> None:
    done = run(hyperscan + WITHOUT, stdin=json.dumps(TEXTS))
    scrubber = load_scrubber()
    expected = [repr(scrubber.scrub_text(text).findings) for text in TEXTS]
    assert len(set(expected)) == len(TEXTS)
    assert json.loads(done.stdout) == [True, expected]
    assert done.stderr.splitlines() == [
        "WARNING no hyperscan here, or one that misses matches: scrubbing is right, but far slower"
    ]


def test_a_run_says_so_once_though_it_keeps_libraries_quiet(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps(generic_report(1, 1)))
    done = run(COMMAND, "run", str(report), "--output", str(tmp_path / "published"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("no hyperscan here, or one that misses matches") == 1


def test_the_filter_scrubs_and_says_so() -> None:
    done = run(COMMAND, "scrub", "--plain", stdin="to jane@example.org\n")
    assert done.stdout == "to <EMAIL_ADDRESS>\n"
    assert len(done.stderr.splitlines()) == 1
