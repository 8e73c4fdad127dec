"""When a message may be acknowledged: when the engine would still have it after a failure.

An engine tells that by finalizing the bundle in which a message came. Flink, however, finalizes
all bundles that are over when a checkpoint is complete, also those that came after what the
checkpoint holds. So a turn's messages are sure only when a later turn, which began after they were
finalized, is finalized too.

After a failure an engine goes on from what it has kept, which may be an older place. A turn names
the one before it, so that this is seen: what was not acknowledged until then is left to Pub/Sub,
which delivers it again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

BEGINNING = ""
"""The place of a puller that had no turn yet."""


class NotDurableError(RuntimeError):
    """An engine that does not tell what it keeps, so that nothing can ever be acknowledged."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a puller: what it pulls, and what is sure when it is finalized."""

    name: str
    age: int
    sure: tuple[str, ...]
    pulled: list[str] = field(default_factory=list)


class Acknowledgements:
    """Those of one puller in this process.

    `again_after` is after how many seconds Pub/Sub delivers a message again; a turn must be
    finalized before. Engines begin and finalize in different threads.
    """

    def __init__(self, again_after: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._again_after, self._clock, self._lock = again_after, clock, Lock()
        self._last: str | None = BEGINNING
        self._age = 0
        self._open: dict[str, float] = {}
        self._finalized: list[str] = []

    def begin(self, name: str, after: str) -> tuple[Turn, bool]:
        """Return a turn that goes on after another one; and whether that was the last one here.

        Raises:
            NotDurableError: a turn was not finalized for so long that its messages come again.
        """
        with self._lock:
            continues = after == self._last
            if not continues:
                self._age += 1
                self._open.clear()
                self._finalized.clear()
            now = self._clock()
            if any(now - begun > self._again_after for begun in self._open.values()):
                self._last = None  # what is tried next goes on after a failure
                raise NotDurableError(
                    "the engine did not finalize a bundle in time: Flink needs checkpoints"
                )
            turn = Turn(name, self._age, tuple(self._finalized))
            self._finalized.clear()
            self._open[name] = now
            self._last = name
            return turn, continues

    def finalized(self, turn: Turn) -> tuple[str, ...]:
        """Take note that the engine has finalized a turn; return what may be acknowledged."""
        with self._lock:
            if turn.age != self._age:
                return ()
            del self._open[turn.name]
            self._finalized += turn.pulled
            return turn.sure
