"""How far a local run has come: a status line on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

POLL_SECONDS = 0.2
LOG_SECONDS = 10.0


class Progress(AbstractContextManager["Progress"]):
    """Shows what `done` counts, items by stage in the order they begin, while the body runs."""

    def __init__(self, done: Callable[[], Mapping[str, int]], posts: int | None, *, quiet: bool) -> None:
        self.done = done
        self.posts = posts
        self._stop = threading.Event()
        watch = self._watch_terminal if sys.stderr.isatty() else self._watch_log
        self._thread = None if quiet else threading.Thread(target=watch, daemon=True)

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def line(self) -> str:
        """Say what the latest stage has done so far."""
        stages = list(self.done().items())
        if not stages:
            return "starting" if self.posts is None else f"starting on {self.posts:,} posts"
        stage, items = stages[-1]
        of = f" of {self.posts:,}" if self.posts is not None and 0 < items <= self.posts else ""
        return f"{stage}: {items:,}{of}" if items else stage

    def _watch_terminal(self) -> None:
        from rich.console import Console

        start = time.monotonic()
        with Console(stderr=True).status("starting") as status:
            while not self._stop.wait(POLL_SECONDS):
                status.update(f"{self.line()}  [dim]{time.monotonic() - start:.0f} s[/dim]")

    def _watch_log(self) -> None:
        sys.stderr.write(f"postkin: {self.line()}\n")
        while not self._stop.wait(LOG_SECONDS):
            sys.stderr.write(f"postkin: {self.line()}\n")
            sys.stderr.flush()
