"""Functions in processes beside this one, where the machine has cores for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ITEMS = 32
"""A process starts for no fewer items: to start some takes as long as to read a few posts."""
PROCESSES = 4
_CHUNK = 8
_inherited: tuple[Callable[[Any], Any], Sequence[Any]]


def cores() -> int:
    """How many processes may run at a time: as many as there are cores, where a process can be forked."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1  # forks are not safe elsewhere


def start(function: Callable[[], Answer], processes: int | None = None) -> Callable[[], Answer]:
    """Start a function that has no side effects in another process; returns what waits for its answer and gives it.

    The process is forked, so that only the answer is pickled. Where there is one core, or where `processes` are given
    and but one, and where the process cannot do it, as where memory is short, it is done here when it is asked for.
    """
    return _begun(lambda: _start(function), function) if (processes or cores()) > 1 else function


def start_map(
    function: Callable[[Item], Answer], items: Sequence[Item], processes: int | None = None
) -> Callable[[], list[Answer]]:
    """Start a function that has no side effects on each item, as `start` does; its answers are in the items' order.

    There are as many processes as cores unless given, at most PROCESSES.
    """

    def here() -> list[Answer]:
        return [function(item) for item in items]

    wanted = min(cores(), PROCESSES, len(items) // ITEMS) if processes is None else processes
    return _begun(lambda: _start_pool(function, items, wanted), here) if wanted > 1 else here


def map_in_processes(
    function: Callable[[Item], Answer], items: Sequence[Item], processes: int | None = None
) -> list[Answer]:
    """Apply a function to each item as `start_map` does, and wait for the answers."""
    return start_map(function, items, processes)()


def _begun(begin: Callable[[], Callable[[], Answer]], here: Callable[[], Answer]) -> Callable[[], Answer]:
    """Begin what is done elsewhere; where that fails, now or later, it is done here."""
    try:
        elsewhere = begin()
    except Exception:  # noqa: BLE001
        return here

    def answer() -> Answer:
        try:
            return elsewhere()
        except Exception:  # noqa: BLE001  what is at fault in the function shows below
            return here()

    return answer


def _start(function: Callable[[], Answer]) -> Callable[[], Answer]:
    from multiprocessing import get_context

    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    with sender:
        context.Process(target=_send, args=(function, sender, receiver), daemon=True).start()

    def received() -> Answer:
        with receiver:
            answer: Answer = receiver.recv()
        return answer

    return received


def _send(function: Callable[[], object], sender: Connection, receiver: Connection) -> None:
    """Send a function's answer; a function that fails sends none, and fails again where that can be told."""
    receiver.close()  # else the process would not end where the one that waits for it is ended
    try:
        sender.send(function())
    except (Exception, KeyboardInterrupt):  # noqa: BLE001
        sender.close()


def _start_pool(
    function: Callable[[Item], Answer], items: Sequence[Item], processes: int
) -> Callable[[], list[Answer]]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(processes, get_context("fork"), _inherit, (function, items))
    answers = pool.map(_apply, range(len(items)), chunksize=_CHUNK)

    def gathered() -> list[Answer]:
        with pool:
            return list(answers)

    return gathered


def _inherit(function: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _inherited
    _inherited = function, items


def _apply(place: int) -> Any:
    function, items = _inherited
    return function(items[place])
