"""Memory that a process has freed, given back to the system."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from pathlib import Path

STEP = 128_000_000
"""Memory is given back whenever a process has grown by so many bytes."""
SECONDS = 1.0
"""How long lies between two looks at a process."""
STATM = Path("/proc/self/statm")


def give_back_memory(step: int = STEP, seconds: float = SECONDS) -> threading.Event:
    """Give freed memory back from now on, in a thread, until the returned event is set.

    The C library of Linux keeps what was freed between blocks that are in use, in a heap for each few threads: 0.8
    of the 1.9 GB of a worker of two threads. Other systems have no such function, and nothing is done there.
    """
    over = threading.Event()
    trim = _malloc_trim()
    if trim is not None and STATM.exists():
        threading.Thread(target=_watch, args=(trim, step, seconds, over), name="free memory", daemon=True).start()
    return over


def _watch(trim: Callable[[int], int], step: int, seconds: float, over: threading.Event) -> None:
    least = resident()
    while not over.wait(seconds):
        now = resident()
        if now > least + step:
            trim(0)
            least = resident()
        else:
            least = min(least, now)


def resident() -> int:
    """Return the bytes of the process that are in memory; Linux only."""
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _malloc_trim() -> Callable[[int], int] | None:
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (TypeError, OSError, AttributeError):  # Windows has no such library, others no such function
        return None
    return trim
