"""Crashes on their way over the first barrier, packed, so that millions take little memory there.

Engines hold whatever crosses a barrier, and each element costs them far more than its bytes. Alike
crashes lie together in a pack, where compression leaves little but their hashes.
"""

import pickle
import zlib
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from schemas.records import AnonymousCrash, Facts, PackedCrashes

_CRASHES_HELD = 1 << 16
"""What a packer holds at most, some 30 MiB. Of few periods, packs of a hundred or so come of it."""

_QUICKLY = 1

Group = TypeVar("Group")


class CrashPacker(Generic[Group]):
    """Collects crashes, and packs together those of one period, shard and group.

    What a group is, the caller says: the time at which a message came, for one.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held: dict[tuple[Group, str, int], list[AnonymousCrash]] = {}
        self._count = 0

    def add(self, crash: AnonymousCrash, group: Group) -> None:
        """Collect a crash."""
        self._held.setdefault((group, crash.period, crash.install[0]), []).append(crash)
        self._count += 1

    @property
    def is_full(self) -> bool:
        """Whether it holds as many as it should, and must be emptied."""
        return self._count >= _CRASHES_HELD

    def packs(self) -> Iterator[tuple[Group, PackedCrashes]]:
        """Yield what was collected, packed, each pack with its group; begins anew."""
        held, self._held, self._count = self._held, {}, 0
        for (group, _, _), crashes in held.items():
            yield group, _pack(crashes)


def _pack(crashes: list[AnonymousCrash]) -> PackedCrashes:
    """Return crashes of one period and shard in one record, what is alike of them once."""
    places: dict[Facts | None, int] = {}
    each = [(c.install, c.report, places.setdefault(c.facts, len(places))) for c in crashes]
    packed = zlib.compress(pickle.dumps((list(places), each)), _QUICKLY)
    count = sum(crash.facts is not None for crash in crashes)
    return PackedCrashes(crashes[0].period, crashes[0].install[0], count, packed)


def crashes_of(packs: Iterable[PackedCrashes]) -> Iterator[AnonymousCrash]:
    """Yield the crashes of all packs; those that are alike share their facts."""
    known: dict[Facts | None, Facts | None] = {}
    for pack in packs:
        facts, each = pickle.loads(zlib.decompress(pack.packed))  # noqa: S301 - our own
        shared = [known.setdefault(one, one) for one in facts]
        for install, report, place in each:
            yield AnonymousCrash(pack.period, install, report, shared[place])


def by_install(packs: Iterable[PackedCrashes]) -> Iterator[list[AnonymousCrash]]:
    """Yield the crashes of each installation, of packs that are all of one period and shard."""
    installs: dict[bytes, list[AnonymousCrash]] = {}
    for crash in crashes_of(packs):
        installs.setdefault(crash.install, []).append(crash)
    yield from installs.values()
