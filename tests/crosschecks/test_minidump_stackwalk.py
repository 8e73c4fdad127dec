"""Minidumps as rust-minidump's own tool reads them, beside what this project reads.

`make test-stackwalk` installs the tool and runs this; elsewhere it is skipped.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import parse_payload
from transforms.parse.minidump_modules import read_modules
from transforms.parse.minidump_streams import Minidump, Stream, open_minidump
from transforms.parse.modules import Modules
from transforms.parse.normalise import architecture, module_name, operating_system
from transforms.parse.stackwalk import frames_of, reason_of

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.corpus

# Named by their numbers there, and by their names here: an exception of Objective-C, and the signal
# of an EXC_CRASH, which stands in the parameters.
OTHERWISE_NAMED = {"unknown 0x43506e78 / 0x00000000", "unknown 0x00000000 / 0x00000000"}


@pytest.fixture(scope="module")
def tool() -> str:
    folder = REPOSITORY / ".venv" / "cargo" / "bin"
    path = shutil.which("minidump-stackwalk", path=f"{folder}{os.pathsep}{os.environ['PATH']}")
    if path is None:
        pytest.skip("no minidump-stackwalk here: make test-stackwalk installs it where cargo is")
    return path


@dataclass(frozen=True)
class Read:
    """One minidump: what their tool told, what this project's parser told, and its modules."""

    name: str
    theirs: dict[str, Any]
    ours: CrashReport
    dump: Minidump
    modules: Modules


@pytest.fixture(scope="module")
def minidumps(tool: str, corpus: Path) -> list[Read]:
    """The minidumps that both read; none is read by one alone."""
    both: list[Read] = []
    for path in sorted((corpus / "minidump").iterdir()):
        done = subprocess.run([tool, "--json", str(path)], capture_output=True, check=False)
        payload = path.read_bytes()
        (ours,) = parse_payload(RawReport(path.name, payload), Limits())
        assert (done.returncode == 0) == isinstance(ours, CrashReport), path.name
        if isinstance(ours, CrashReport):
            dump = open_minidump(payload)
            modules, _ = read_modules(dump)
            both.append(Read(path.name, json.loads(done.stdout), ours, dump, modules))
    assert len(both) > 50
    return both


def test_reasons_agree(minidumps: list[Read]) -> None:
    compared = 0
    for read in minidumps:
        reason = reason_of(read.theirs)
        if reason is not None and read.ours.reason is not None and reason not in OTHERWISE_NAMED:
            assert reason == read.ours.reason, read.name
            compared += 1
    assert compared > 40


def test_first_frames_agree(minidumps: list[Read]) -> None:
    compared = 0
    for read in minidumps:
        first = next(iter(frames_of(read.theirs, 1)), None)
        if first is not None and read.ours.frames:
            ours = read.ours.frames[0]
            assert (ours.module, ours.offset) == (first.module, first.offset), read.name
            compared += 1
    assert compared > 45


def test_callers_lie_where_their_calls_do(minidumps: list[Read]) -> None:
    """Their tool has symbols and unwind tables to walk by, so not all callers are the same."""
    found = agreed = 0
    for read in minidumps:
        theirs = {(frame.module, frame.offset) for frame in frames_of(read.theirs, 100)[1:]}
        ours = [(frame.module, frame.offset) for frame in read.ours.frames[1:] if frame.module]
        found += len(ours)
        agreed += sum(place in theirs for place in ours)
    assert agreed > 0.85 * found > 400


def test_systems_and_processors_agree(minidumps: list[Read]) -> None:
    for read in minidumps:
        told = read.theirs["system_info"]
        release = read.theirs.get("lsb_release") or {}
        if not release.get("id"):
            named = operating_system(told["os"], told["os_ver"])
            assert (read.ours.os_name, read.ours.os_version) == (named.name, named.version)
        else:
            assert (read.ours.os_name or "").casefold() == release["id"].casefold(), read.name
            assert read.ours.os_version == release["release"], read.name
        assert read.ours.arch == architecture(told["cpu_arch"]), read.name


def test_modules_agree(minidumps: list[Read]) -> None:
    for read in minidumps:
        theirs = {
            (module_name(each["filename"]), int(each["base_addr"], 16), int(each["end_addr"], 16))
            for each in read.theirs["modules"]
        }
        ours = {
            (module_name(each.path), each.base, each.base + each.size)
            for each in read.modules.in_order
        }
        assert ours == theirs, read.name


def test_the_crashing_address_lies_in_the_same_module(minidumps: list[Read]) -> None:
    """It is the one that was accessed, or that of the instruction, as their tool has it."""
    compared = 0
    for read in minidumps:
        address = int((read.theirs["crash_info"].get("address") or "0x0"), 16)
        theirs = [
            (module_name(each["filename"]), address - int(each["base_addr"], 16))
            for each in read.theirs["modules"]
            if int(each["base_addr"], 16) <= address < int(each["end_addr"], 16)
        ]
        module = read.modules.containing(address)
        ours = [] if module is None else [(module_name(module.path), address - module.base)]
        assert ours == theirs, read.name
        exception = read.dump.stream(Stream.EXCEPTION)
        if exception is not None and theirs:
            assert read.dump.reader.u64(exception.offset + 24) == address, read.name
            compared += 1
    assert compared > 5
