"""Writing a fleet: N reports, some sent twice, some broken, and the list of planted values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from pipelines.simulate.apple_ips_writer import write_apple_ips
from pipelines.simulate.canaries import NAME, CanaryList
from pipelines.simulate.chance import happens, random_uuid
from pipelines.simulate.crash import Crash, RawFile
from pipelines.simulate.faults import Faults
from pipelines.simulate.fleet import Fleet
from pipelines.simulate.minidump_writer import write_minidump
from pipelines.simulate.personas import make_persona
from pipelines.simulate.sentry_writer import write_sentry_event
from pipelines.simulate.tombstone_writer import write_tombstone
from pipelines.simulate.tree import ReportTree, sidecar_bytes

_WRITERS: Final[dict[str, Callable[[Crash, Random], RawFile]]] = {
    "minidump": write_minidump,
    "apple_ips": write_apple_ips,
    "tombstone": write_tombstone,
    "sentry": write_sentry_event,
}
_EVENT_FORMAT = "sentry"
_FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
_DAYS, _DAY_SECONDS = 3, 86_400
_LATEST_RESEND_SECONDS = 1800
_SENT_TWICE, _BROKEN, _CONSENT_REFUSED = 0.02, 0.004, 0.012
_FLOOD = 0.04
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
        output: the folder; it must be empty or not exist. `canaries.jsonl` is put beside it.
        advance: called now and then with the number of reports written so far.

    Raises:
        SimulateError: the folder is in use or cannot be written.
    """
    try:
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise SimulateError(
                f"{output} exists and is not empty: choose another folder, or remove it first"
            )
        output.mkdir(parents=True, exist_ok=True)
        writer = _FleetWriter(reports, seed, output)
        while writer.written < reports:
            writer.write_next()
            if writer.written % _REPORTS_PER_ADVANCE == 0:
                advance(writer.written)
        advance(writer.written)
        writer.finish(output.parent / NAME)
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
        self._batches = {day: _EventBatch(self._tree, self._random) for day in range(_DAYS)}

    def write_next(self) -> None:
        """Write the next crash's report: whole, broken, or whole and once more."""
        crash = self._next_crash()
        file = _WRITERS[crash.install.platform.format](crash, self._random)
        if happens(self._random, _BROKEN):
            file = RawFile(_broken(file.payload, self._random), file.suffix)
            self._write_file(crash, file)
            return
        is_event = crash.install.platform.format == _EVENT_FORMAT
        if is_event and happens(self._random, _BATCHED_EVENTS):
            batch = self._batches[(crash.received_at - _FIRST_DAY).days]
            name = batch.add(file.payload, crash.received_at)
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

    def _write_file(self, crash: Crash, file: RawFile) -> None:
        stem = self._tree.new_stem(crash.install.platform.format, crash.received_at)
        contents = {stem + file.suffix: file.payload}
        if file.annotations:
            contents[stem + ".json"] = sidecar_bytes(file.annotations)
        for name, content in contents.items():
            self._tree.write(name, content, crash.received_at)
            self._canaries.look_for(crash, name, content)
        self.written += 1


class _EventBatch:
    """Events of one day that a relay stores together, one a line."""

    def __init__(self, tree: ReportTree, random: Random) -> None:
        self._tree, self._random = tree, random
        self._lines: list[bytes] = []
        self._name = ""
        self._size = 0
        self._last_received = _FIRST_DAY

    def add(self, event: bytes, received_at: datetime) -> str:
        """Add an event; return the name of the file that will hold it."""
        if len(self._lines) == self._size:
            self.flush()
            self._size = self._random.randint(*_EVENTS_PER_BATCH)
            self._name = self._tree.new_stem(_EVENT_FORMAT, received_at) + ".ndjson"
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
