"""How a process's memory is collected, and given back to the system once it is free."""

import ctypes
import gc
import os

_MEBIBYTE = 1 << 20
_SETTINGS = (
    ("MALLOC_MMAP_THRESHOLD_", -3, 1 * _MEBIBYTE),
    ("MALLOC_TRIM_THRESHOLD_", -1, 16 * _MEBIBYTE),
)
"""The GNU C library's tunables (mallopt(3)): name in the environment, number in malloc.h, bytes."""

_COLLECTED_AFTER = 50_000


def collect_garbage_rarely() -> None:
    """Let the collector look for cycles after 50,000 new objects; by default it is 700.

    What a command imports are 300,000 objects that stay: looking through them again and again took
    a tenth of the processor time of a run of 300 reports. What a report leaves behind is no cycle.
    """
    gc.set_threshold(_COLLECTED_AFTER, *gc.get_threshold()[1:])


def give_back_freed_memory() -> None:
    """Let this process, and those that it starts, give large blocks back once they are freed.

    The GNU C library learns to keep blocks of up to 32 MiB as they are freed. Engines pass whole
    collections on in such blocks, from one barrier to the next, and much of that was never used
    again. What the environment says already stays. Other C libraries have nothing like it.
    """
    for name, parameter, value in _SETTINGS:
        if name not in os.environ:
            os.environ[name] = str(value)
            _set_here(parameter, value)


def _set_here(parameter: int, value: int) -> None:
    if os.name == "posix":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(parameter, value)
