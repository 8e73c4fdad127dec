"""ELF cores as pyelftools reads their notes, beside what this project reads."""

import io
import struct
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import NoteSegment

from pipelines.simulate.sample import sample
from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import parse_payload

ARCHITECTURES = {"EM_AARCH64": "arm64", "EM_X86_64": "x86_64"}
# Where `struct elf_prstatus` has the instruction pointer: behind 112 bytes, in words of 8.
INSTRUCTION = {"EM_AARCH64": 112 + 32 * 8, "EM_X86_64": 112 + 16 * 8}
SIGNALS = {4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV"}
ADDRESS_BITS = (1 << 48) - 1
"""Above them arm64 signs its pointers."""


def first_notes(elf: ELFFile) -> dict[str, Any]:
    """The first note of each type: those of the thread that crashed."""
    notes: dict[str, Any] = {}
    for segment in elf.iter_segments():
        if isinstance(segment, NoteSegment):
            for note in segment.iter_notes():
                notes.setdefault(str(note["n_type"]), note["n_desc"])
    return notes


def place_of(address: int, mapped: Any) -> tuple[str | None, int | None]:
    """The file that an address lies in, and how far behind the file's first mapping."""
    entries = [
        (PurePosixPath(name.decode()).name, entry["vm_start"], entry["vm_end"])
        for name, entry in zip(mapped["filename"], mapped["Elf_Nt_File_Entry"], strict=True)
    ]
    inside = [name for name, start, end in entries if start <= address < end]
    if not inside:
        return None, None
    base = min(start for name, start, _ in entries if name == inside[0])
    return inside[0], address - base


def check(payload: bytes) -> None:
    elf = ELFFile(io.BytesIO(payload))
    notes, machine = first_notes(elf), elf["e_machine"]
    status = notes["NT_PRSTATUS"]
    status = status.encode("latin-1") if isinstance(status, str) else bytes(status)
    (signal,) = struct.unpack_from("<h", status, 12)
    (address,) = struct.unpack_from("<Q", status, INSTRUCTION[machine])
    (report,) = parse_payload(RawReport("x", payload), Limits())
    assert isinstance(report, CrashReport)
    assert report.arch == ARCHITECTURES[machine]
    assert (report.reason or "").partition(" / ")[0] == SIGNALS[signal]
    top = report.frames[0]
    assert (top.module, top.offset) == place_of(address & ADDRESS_BITS, notes["NT_FILE"])
    assert report.product is not None
    process = notes["NT_PRPSINFO"]["pr_fname"].split(b"\0")[0].decode()
    assert report.product.startswith(process) or report.product == "Meridian"


@pytest.mark.corpus
def test_signal_process_and_place_agree_on_every_core(corpus: Path) -> None:
    paths = sorted((corpus / "elf_core").iterdir())
    for path in paths:
        check(path.read_bytes())
    assert len(paths) > 5


@pytest.mark.parametrize("seed", range(20))
def test_signal_process_and_place_agree_on_simulated_cores(seed: int) -> None:
    check(sample("elf_core", seed)[1].payload)
