"""The last step of the fused stage: what leaves it is anonymous, and may cross a barrier."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from schemas.policy import Policy
from schemas.records import AnonymousCrash, NameHashes, Stack, Tally, TallyName
from transforms.aggregate import CrashPacker, Pseudonyms
from transforms.anonymize import ScrubbedReport, sign
from transforms.group import pack_frames
from transforms.keys import KeySource
from transforms.progress import ProgressWriter
from transforms.ptransforms.guarding import tells_no_values
from transforms.ptransforms.metrics import timed
from transforms.ptransforms.outputs import NAMES, STACKS, TALLIES
from transforms.scrub import telling_names

Key = TypeVar("Key")


@dataclass
class _Packed:
    """What reports of a bundle tell, and the time of the earliest of them."""

    time: Timestamp
    content: bytearray = field(default_factory=bytearray)


def _earliest(told: dict[Key, _Packed], key: Key, time: Timestamp) -> _Packed:
    """Return what is told under a key, as early as this time."""
    packed = told.get(key)
    if packed is None:
        packed = told[key] = _Packed(time)
    packed.time = min(packed.time, time)
    return packed


class _SignStep(beam.DoFn):
    """Signs, and parts the ways of crashes, stacks, names and tallies.

    A bundle's stacks and names are told once a period, at the earliest time of any; crashes are
    packed, and tallies summed up.
    """

    def __init__(self, policy: Policy, key: KeySource, progress: Path | None) -> None:
        self._policy, self._key, self._progress = policy, key, progress

    def setup(self) -> None:
        """Make the hashing and the progress file of this process."""
        self._pseudonyms = Pseudonyms(
            self._key.load(), self._policy.reports_without_install_are_distinct
        )
        self._writer = ProgressWriter(self._progress) if self._progress else None

    def start_bundle(self) -> None:
        """Forget what was told: an engine may take a bundle's output back."""
        self._packer: CrashPacker[Timestamp] = CrashPacker()
        self._stacks: dict[tuple[str, bytes], _Packed] = {}
        self._names: dict[tuple[str, int], _Packed] = {}
        self._counts: Counter[tuple[Timestamp, Tally]] = Counter()

    def finish_bundle(self) -> Iterator[Any]:
        """Yield what is left of the bundle, by the time of what it tells."""
        yield from self._packs()
        for (period, digest), stack in self._stacks.items():
            told = Stack(period, digest, bytes(stack.content))
            yield TaggedOutput(STACKS, WindowedValue(told, stack.time, (GlobalWindow(),)))
        for (period, shard), names in self._names.items():
            packed = NameHashes(period, shard, bytes(names.content))
            yield TaggedOutput(NAMES, WindowedValue(packed, names.time, (GlobalWindow(),)))
        for (time, tally), count in self._counts.items():
            summed = replace(tally, count=count)
            yield TaggedOutput(TALLIES, WindowedValue(summed, time, (GlobalWindow(),)))

    @tells_no_values
    @timed("sign")
    def process(
        self,
        element: ScrubbedReport | AnonymousCrash | Tally,
        time: Any = beam.DoFn.TimestampParam,
    ) -> Iterator[Any]:
        """Pack the anonymous crash, and note its stack and names; yields what is full."""
        if isinstance(element, AnonymousCrash):
            yield from self._packed(element, time)
            return
        if isinstance(element, Tally):
            self._show(element)
            self._counts[time, replace(element, count=0)] += element.count
            return
        signed = sign(element, self._policy, self._pseudonyms)
        period = signed.crash.period
        yield from self._packed(signed.crash, time)
        if signed.crash.facts and signed.crash.facts.stack:
            stack = _earliest(self._stacks, (period, signed.crash.facts.stack), time)
            stack.content = stack.content or bytearray(pack_frames(signed.frames))
        for name in map(self._pseudonyms.name, telling_names(element.report.identities)):
            _earliest(self._names, (period, name[0]), time).content += name

    def _packed(self, crash: AnonymousCrash, time: Timestamp) -> Iterator[WindowedValue]:
        """Pack a crash; yields what is packed when it is time to."""
        self._packer.add(crash, time)
        if self._packer.is_full:
            yield from self._packs()

    def _packs(self) -> Iterator[WindowedValue]:
        for time, pack in self._packer.packs():
            yield WindowedValue(pack, time, (GlobalWindow(),))

    def _show(self, tally: Tally) -> None:
        if self._writer is None:
            return
        if tally.name is TallyName.READ:
            self._writer.add(tally.count, 0)
        elif tally.name is TallyName.REJECTED:
            self._writer.add(0, tally.count)


@dataclass
class Sign(beam.PTransform[PCollection[Any], Any]):
    """Give each crash its signature, period and keyed hashes.

    Outputs: packed crashes; STACKS, frames by digest, each once a bundle; NAMES, hashes of
    names to look for; TALLIES.
    `progress` is a local folder to tell progress to, None on a cluster.
    """

    policy: Policy
    key: KeySource
    progress: Path | None

    def expand(self, scrubbed: PCollection[Any]) -> Any:
        """Part the ways of what is anonymous from here on."""
        step = _SignStep(self.policy, self.key, self.progress)
        return scrubbed | beam.ParDo(step).with_outputs(STACKS, NAMES, TALLIES, main="crashes")
