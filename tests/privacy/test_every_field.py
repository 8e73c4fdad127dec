"""Personal data in every field, in so many installations that no threshold hides it.

Each field of a report carries each kind of value, shared by twelve installations: what comes out is
what the scrubber and the gate let through. Beside each value stands a harmless word, which must
come out: a field that never reaches the output would prove nothing.
"""

import json
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pipelines.batch import Run, run_batch
from pipelines.inputs import find_items
from pipelines.options import split_arguments
from schemas.policy import Policy
from schemas.records import TallyName
from tests.leaks import Canary, everything_below, leaks
from transforms.read import Listing

INSTALLS = 12
SECRETS = {
    "mail": "jane.q9x7doe@example.org",
    "home": "/Users/wilhelmine.k4/src/paint/main.c",
    "windows_home": r"C:\Users\wilhelmine.k4\AppData",
    "address": "192.168.77.41",
    "card": "4539 1488 0343 6467",
    "key": "AKIAQ7XN3ZP5TB2LMW4E",
    "hardware": "4e:1f:9a:c3:77:02",
    "name_of_another": "bartholomew.quimby7",
}
"""What must not come out. The last one is told to be somebody's by one other report alone."""

PLANTED = {
    "home": "wilhelmine.k4",
    "windows_home": "wilhelmine.k4",
}
"""The part of a value that names somebody, where the rest is a path's."""

FIELDS = (
    "product",
    "version",
    "channel",
    "os_name",
    "os_version",
    "arch",
    "process_type",
    "reason",
    "exception_type",
    "message",
    "module",
    "function",
    "file",
)


SIDECAR_FIELDS = ("product", "version", "channel")


@dataclass(frozen=True)
class Outcome:
    folder: Path
    withheld: int


def report(field: str, text: str, number: int, install: int) -> dict[str, Any]:
    frame: dict[str, Any] = {"module": "libpaint.so", "function": f"draw{number}", "line": 3}
    made: dict[str, Any] = {
        "format": "crashveil/1",
        "report_id": f"{number}-{install}",
        "install_id": f"{number}-{install}",
        "received_at": "2026-01-05T10:00:00Z",
        "product": f"Paint{number}",
        "version": "1.0",
        "os_name": "Linux",
        "os_version": "6.1",
        "reason": "SIGSEGV",
        "frames": [frame, {"module": "libc.so.6", "function": "start_main"}],
    }
    (frame if field in {"module", "function", "file"} else made)[field] = text
    return made


def poison_annotations(folder: Path) -> int:
    """Put values into the sidecars of dumps, as a hostile uploader would; return how many dumps."""
    folder.mkdir()
    for kind, install in product(SECRETS, range(INSTALLS)):
        name = f"{kind}-{install}"
        trace = (
            f'Traceback (most recent call last):\n  File "a.py", line 3, in {kind}\nKeyError: 1\n'
        )
        (folder / f"{name}.txt").write_text(trace)
        told = {name: f"harmlesssidecar{name} {SECRETS[kind]}" for name in SIDECAR_FIELDS}
        told |= {"install_id": name, "report_id": name, "received_at": "2026-01-05T10:00:00Z"}
        (folder / f"{name}.json").write_text(json.dumps(told))
    return len(SECRETS) * INSTALLS


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("fields")
    lines = []
    for number, (field, kind) in enumerate(product(FIELDS, SECRETS)):
        text = f"harmless{field.replace('_', '')} {SECRETS[kind]}"
        lines += [report(field, text, number, install) for install in range(INSTALLS)]
    naming = report("message", "x", 9_999, 0)
    naming["identities"] = [{"kind": "USER_NAME", "value": SECRETS["name_of_another"]}]
    (folder / "in").mkdir()
    (folder / "in" / "a.ndjson").write_text("\n".join(map(json.dumps, [*lines, naming])))
    poisoned = poison_annotations(folder / "in" / SECRETS["mail"])
    items = Listing(find_items([str(folder / "in")]))
    run = Run(items, str(folder / "out"), Policy(name="test"), date(2100, 1, 1))
    tallies = run_batch(run, split_arguments([])[1])
    assert tallies.total(TallyName.READ) == len(FIELDS) * len(SECRETS) * INSTALLS + 1 + poisoned
    return Outcome(folder / "out", tallies.total(TallyName.WITHHELD))


@pytest.fixture(scope="module")
def output(outcome: Outcome) -> bytes:
    return everything_below(outcome.folder)


@pytest.mark.parametrize("kind", SECRETS)
def test_no_field_lets_a_value_out(output: bytes, kind: str) -> None:
    canary = Canary(PLANTED.get(kind, SECRETS[kind]), kind, "a.ndjson")
    assert leaks(output, [canary]) == []
    assert leaks(output + canary.value.encode(), [canary]) == [canary]


@pytest.mark.parametrize("field", sorted({*FIELDS} - {"arch", "os_name", "os_version"}))
def test_what_stands_beside_a_value_comes_out(output: bytes, field: str) -> None:
    """Processors and systems are closed lists, and of a system's version only numbers stay."""
    assert f"harmless{field.replace('_', '')}".encode() in output


@pytest.mark.parametrize("field", SIDECAR_FIELDS)
def test_what_stands_beside_a_value_in_an_annotation_comes_out(output: bytes, field: str) -> None:
    assert f"harmlesssidecar{field}".encode() in output


def test_the_name_that_only_another_report_tells_is_held_back(outcome: Outcome) -> None:
    assert outcome.withheld > 0
