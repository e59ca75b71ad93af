"""A function on many items in several processes, where the machine has cores for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ITEMS = 32
"""A process starts for no fewer items: to start some takes as long as to read a few posts."""
PROCESSES = 4
_CHUNK = 8
_inherited: tuple[Callable[[Any], Any], Sequence[Any]]


def map_in_processes(
    function: Callable[[Item], Answer], items: Sequence[Item], processes: int | None = None
) -> list[Answer]:
    """Apply a function that has no side effects to each item; the answers, in the order of the items, are pickled.

    There are as many processes as cores unless given, at most PROCESSES. They are forked, so that neither the function
    nor the items are pickled. Where they cannot do it, as where memory is short, it is done in this process.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1  # forks are not safe elsewhere
    wanted = min(cores, PROCESSES, len(items) // ITEMS) if processes is None else processes
    if wanted > 1:
        try:
            return _fork(function, items, wanted)
        except Exception:  # noqa: BLE001, S110  what is at fault in the function shows below
            pass
    return [function(item) for item in items]


def _fork(function: Callable[[Item], Answer], items: Sequence[Item], processes: int) -> list[Answer]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, get_context("fork"), _inherit, (function, items)) as pool:
        return list(pool.map(_apply, range(len(items)), chunksize=_CHUNK))


def _inherit(function: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _inherited
    _inherited = function, items


def _apply(place: int) -> Any:
    function, items = _inherited
    return function(items[place])
