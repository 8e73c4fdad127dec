"""Writing a fleet: N reports, some sent twice, some broken, and the list of planted values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from pipelines.simulate.canaries import CANARIES, CanaryList
from pipelines.simulate.chance import happens, random_uuid
from pipelines.simulate.crash import Crash, RawFile
from pipelines.simulate.faults import Faults
from pipelines.simulate.fleet import Fleet
from pipelines.simulate.formats import FORMATS
from pipelines.simulate.packing import PACKINGS, packed
from pipelines.simulate.personas import make_persona
from pipelines.simulate.tree import ReportTree, sidecar_bytes

_EVENT_FORMATS: Final = frozenset({"sentry", "generic"})
"""One line each, so that a relay may store many together."""
_FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
_DAYS, _DAY_SECONDS = 3, 86_400
_LATEST_RESEND_SECONDS = 1800
_SENT_TWICE, _BROKEN, _CONSENT_REFUSED = 0.02, 0.004, 0.012
_FLOOD = 0.04
_PACKED, _PACKED_FOLDER = 0.01, "packed"
_BATCHED_EVENTS = 0.6
_EVENTS_PER_BATCH = (15, 60)
_REPORTS_PER_ADVANCE = 50


class SimulateError(ValueError):
    """The fleet cannot be written; one line that says why and what to do."""


def simulate(reports: int, seed: int, output: Path, advance: Callable[[int], None]) -> None:
    """Write a fleet of raw reports below a folder, and the planted values beside it.

    The same number and seed give the same files, byte for byte.

    Args:
        reports: how many reports to write, those that are sent twice or broken included.
        seed: tells one fleet from another.
        output: the folder; it must be empty or not exist. `canaries.jsonl` is put beside it, and
            must not be there before.
        advance: called now and then with the number of reports written so far.

    Raises:
        SimulateError: the folder is in use or cannot be written, or the list of another fleet is
            beside it.
    """
    canaries = output.parent / CANARIES
    try:
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise SimulateError(
                f"{output} exists and is not empty: choose another folder, or remove it first"
            )
        if canaries.exists():
            raise SimulateError(
                f"{canaries} lists what is planted in another fleet: choose a folder elsewhere, or "
                "remove it first"
            )
        output.mkdir(parents=True, exist_ok=True)
        writer = _FleetWriter(reports, seed, output)
        while writer.written < reports:
            writer.write_next()
            if writer.written % _REPORTS_PER_ADVANCE == 0:
                advance(writer.written)
        advance(writer.written)
        writer.finish(canaries)
    except OSError as error:
        raise SimulateError(f"{output} cannot be written: {error.strerror}") from error


class _FleetWriter:
    """Writes one report after the other."""

    def __init__(self, reports: int, seed: int, output: Path) -> None:
        self.written = 0
        self._reports = reports
        self._random = Random(seed)  # noqa: S311 - a repeatable simulation, no secret
        self._fleet = Fleet(reports, self._random)
        self._faults = Faults(self._random)
        self._next_serial = self._random.randrange(10_000_000)
        self._tree = ReportTree(output)
        self._canaries = CanaryList()
        self._batches: dict[tuple[str, int], _EventBatch] = {}

    def write_next(self) -> None:
        """Write the next crash's report: whole, broken, or whole and once more."""
        crash = self._next_crash()
        file = FORMATS[crash.format](crash, self._random)
        if happens(self._random, _BROKEN):
            file = RawFile(_broken(file.payload, self._random), file.suffix)
            self._write_file(crash, file)
            return
        if crash.format in _EVENT_FORMATS and happens(self._random, _BATCHED_EVENTS):
            name = self._batch_of(crash).add(file.payload, crash.received_at)
            self._canaries.look_for(crash, name, file.payload)
            self.written += 1
        else:
            self._write_file(crash, file)
        if self.written < self._reports and happens(self._random, _SENT_TWICE):
            self._write_file(*self._sent_again(crash, file))

    def finish(self, canaries: Path) -> None:
        """Write what is left, and the list of planted values."""
        for batch in self._batches.values():
            batch.flush()
        self._canaries.write(canaries)

    def _next_crash(self) -> Crash:
        random = self._random
        floods = happens(random, _FLOOD)
        install = self._fleet.flooding if floods else self._fleet.next_to_crash(random)
        seconds = random.randrange(_DAY_SECONDS - _LATEST_RESEND_SECONDS)
        self._next_serial += 1
        return Crash(
            report_id=random_uuid(random),
            format=install.platform.formats.choose(random),
            install=install,
            process_type=install.platform.process_types.choose(random),
            fault=self._faults.next_fault(install.platform.language, random),
            persona=make_persona(self._next_serial, random),
            received_at=_FIRST_DAY + timedelta(days=random.randrange(_DAYS), seconds=seconds),
            uptime_s=int(random.expovariate(1 / 1800)) + 1,
            consent_refused=happens(random, _CONSENT_REFUSED),
        )

    def _sent_again(self, crash: Crash, file: RawFile) -> tuple[Crash, RawFile]:
        """Return the same report as it arrives once more, some minutes later."""
        later = timedelta(seconds=self._random.randrange(1, _LATEST_RESEND_SECONDS))
        again = replace(crash, received_at=crash.received_at + later)
        return again, file

    def _batch_of(self, crash: Crash) -> "_EventBatch":
        key = crash.format, (crash.received_at - _FIRST_DAY).days
        if key not in self._batches:
            self._batches[key] = _EventBatch(crash.format, self._tree, self._random)
        return self._batches[key]

    def _write_file(self, crash: Crash, file: RawFile) -> None:
        is_packed = happens(self._random, _PACKED)
        stem = self._tree.new_stem(_PACKED_FOLDER if is_packed else crash.format, crash.received_at)
        contents = {stem + file.suffix: file.payload}
        if file.annotations:
            contents[stem + ".json"] = sidecar_bytes(file.annotations)
        files = packed(contents, self._random.choice(PACKINGS)) if is_packed else contents
        for name, content in files.items():
            self._tree.write(name, content, crash.received_at)
        for place, content in enumerate(contents.values()):
            self._canaries.look_for(crash, list(files)[min(place, len(files) - 1)], content)
        self.written += 1


class _EventBatch:
    """Events of one day that a relay stores together, one a line."""

    def __init__(self, format_name: str, tree: ReportTree, random: Random) -> None:
        self._format, self._tree, self._random = format_name, tree, random
        self._lines: list[bytes] = []
        self._name = ""
        self._size = 0
        self._last_received = _FIRST_DAY

    def add(self, event: bytes, received_at: datetime) -> str:
        """Add an event; return the name of the file that will hold it."""
        if len(self._lines) == self._size:
            self.flush()
            self._size = self._random.randint(*_EVENTS_PER_BATCH)
            self._name = self._tree.new_stem(self._format, received_at) + ".ndjson"
            self._last_received = received_at
        self._lines.append(event)
        self._last_received = max(self._last_received, received_at)
        return self._name

    def flush(self) -> None:
        """Write the events that have come together, if there are any."""
        if self._lines:
            self._tree.write(self._name, b"\n".join(self._lines) + b"\n", self._last_received)
        self._lines = []
        self._size = 0


def _broken(payload: bytes, random: Random) -> bytes:
    """Return what is left of a report when its upload goes wrong."""
    return random.choice((payload[: len(payload) // 10], b"", random.randbytes(500)))
