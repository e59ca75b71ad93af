"""Functions in processes beside this one, where the machine has cores for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ITEMS = 32
"""A process starts for no fewer items: to start some takes as long as to read a few posts."""
PROCESSES = 4


def cores() -> int:
    """How many processes may run at a time: as many as there are cores, where a process can be forked."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1  # forks are not safe elsewhere


def start(function: Callable[[], Answer], processes: int | None = None) -> Callable[[], Answer]:
    """Start a function that has no side effects in another process; returns what waits for its answer and gives it.

    The process is forked, so that only the answer is pickled. Where there is one core, or where `processes` are given
    and but one, and where the process cannot do it, as where memory is short, it is done here when it is asked for.
    """
    if (processes or cores()) < 2:
        return function
    try:
        receiver = _fork(function)
    except Exception:  # noqa: BLE001
        return function

    def answer() -> Answer:
        try:
            with receiver:
                received: Answer = receiver.recv()
        except Exception:  # noqa: BLE001  what is at fault in the function shows below
            return function()
        return received

    return answer


def start_map(
    function: Callable[[Item], Answer], items: Sequence[Item], processes: int | None = None
) -> Callable[[], list[Answer]]:
    """Start a function that has no side effects on each item, as `start` does; its answers are in the items' order.

    There are as many processes as cores unless given, at most PROCESSES. Each takes the items that are so many apart.
    """
    wanted = min(cores(), PROCESSES, len(items) // ITEMS) if processes is None else processes
    wanted = max(wanted, 1)
    parts = [start(partial(_each, function, items[place::wanted]), wanted) for place in range(wanted)]

    def answers() -> list[Answer]:
        found: list[Any] = [None] * len(items)
        for place, part in enumerate(parts):
            found[place::wanted] = part()
        return found

    return answers


def map_in_processes(
    function: Callable[[Item], Answer], items: Sequence[Item], processes: int | None = None
) -> list[Answer]:
    """Apply a function to each item as `start_map` does, and wait for the answers."""
    return start_map(function, items, processes)()


def _each(function: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    return [function(item) for item in items]


def _fork(function: Callable[[], object]) -> Connection:
    from multiprocessing import get_context

    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    with sender:
        context.Process(target=_send, args=(function, sender, receiver), daemon=True).start()
    return receiver


def _send(function: Callable[[], object], sender: Connection, receiver: Connection) -> None:
    """Send a function's answer; a function that fails sends none, and fails again where that can be told."""
    receiver.close()  # else the process would not end where the one that waits for it is ended
    try:
        sender.send(function())
    except (Exception, KeyboardInterrupt):  # noqa: BLE001
        sender.close()
