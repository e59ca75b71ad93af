"""How a run may end before it is done: Ctrl-C, SIGTERM, time that is up, a worker process that died."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

GRACE_SECONDS = 10.0
"""How long a run may take to notice by itself that a worker process of its own died."""
AGAIN_SECONDS = 5.0
INTERRUPTED = ("interrupted", 130)
LOST_WORKER = "a worker process ended before its work was done"


@dataclass
class Stop:
    """Why a run must end, empty while it need not, and its exit code."""

    reason: str = ""
    code: int = 0

    def ask(self, reason: str, code: int) -> None:
        """Note the first reason; further ones are its consequences."""
        if not self.reason:
            self.reason, self.code = reason, code


@contextmanager
def stoppable(stop: Stop, minutes: float | None) -> Iterator[None]:
    """Raise KeyboardInterrupt in the body when it must end, having noted in `stop` why.

    It must on SIGINT (exit code 130), on SIGTERM (143), after so many minutes (1) and when one of the worker processes
    of Beam's local runner has died (1). What Beam makes another exception of is noted all the same.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = {
        signal.SIGINT: INTERRUPTED,
        signal.SIGTERM: ("terminated", 143),
        signal.SIGALRM: (f"not done after {minutes or 0:g} minutes (--timeout)", 1),
    }

    def interrupt(number: int, _: FrameType | None) -> None:
        stop.ask(*asked[signal.Signals(number)])
        raise KeyboardInterrupt

    def notice(death: Any) -> None:
        if death.thread is None or death.thread.name != "run_worker":
            excepthook(death)
        elif not stop.reason:
            stop.ask(f"{LOST_WORKER} ({death.exc_value})", 1)
            timer.start()

    main = threading.get_ident()
    timer = threading.Timer(GRACE_SECONDS, lambda: signal.pthread_kill(main, signal.SIGINT))
    timer.daemon = True
    excepthook, threading.excepthook = threading.excepthook, notice
    handlers = {number: signal.signal(number, interrupt) for number in asked}
    if minutes is not None:
        signal.setitimer(signal.ITIMER_REAL, minutes * 60, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        timer.cancel()
        threading.excepthook = excepthook
        for number, handler in handlers.items():
            signal.signal(number, handler)
