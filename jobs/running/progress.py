"""How far a local run has come: a status line on a terminal, plain lines in a log."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

POLL_SECONDS = 0.2
LOG_SECONDS = 60.0
"""After so long without a new phase a log says how far this one is, as a silent job looks like one that hangs."""
PHASES = {
    "reading posts": (
        "read",
        "read logs",
        "read previous run",
        "read state",
        "send",
        "cut blocks",
        "survey texts",
        "take notes",
        "order calendar",
        "match translations",
    ),
    "comparing texts": (
        "fit encoder",
        "load encoder",
        "encode",
        "index",
        "plan search",
        "fit cells",
        "measure recall",
        "find candidates",
        "merge candidates",
        "find copies",
    ),
    "recommending tags": (
        "tag means",
        "collect evidence",
        "fit tags",
        "try tags",
        "propose tags",
        "join profiles",
        "recommend tags",
        "tag issues",
        "link tags",
    ),
    "finding related posts": (
        "learn to rank",
        "read for links",
        "place links",
        "fit ranking",
        "rank related",
        "merge related",
        "fit confidence",
        "read together",
        "add read together",
        "learn from readers",
    ),
    "finding themes": (
        "fit clusters",
        "assign clusters",
        "link clusters",
        "feature in clusters",
        "coverage",
        "map tsne",
        "map pca",
        "map umap",
        "thumbnails",
        "fit themes of readers",
        "assign readers",
        "find gaps",
        "map by readers",
    ),
    "measuring": ("evaluate", "assess", "assess links", "assess readings"),
    "writing the report": (
        "write tables",
        "write vectors",
        "write state",
        "write what readers taught",
        "render",
        "publish",
    ),
}
"""What a run does, in words of the report, by the stages that do it."""
_PHASE_OF = {stage: phase for phase, stages in PHASES.items() for stage in stages}
_ORDER = list(PHASES)


class Progress(AbstractContextManager["Progress"]):
    """Shows what `done` counts, items by stage in the order they begin, while the body runs."""

    def __init__(self, done: Callable[[], Mapping[str, int]], posts: int | None, *, quiet: bool) -> None:
        self.done = done
        self.posts = posts
        self._stop = threading.Event()
        watch = self._watch_terminal if sys.stderr.isatty() and not in_ci(os.environ) else self._watch_log
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
        """Say what the run is at, and what the latest stage has done so far."""
        stages = list(self.done().items())
        if not stages:
            return "starting" if self.posts is None else f"starting on {self.posts:,} posts"
        stage, items = stages[-1]
        of = f" of {self.posts:,}" if self.posts is not None and 0 < items <= self.posts else ""
        phase = _PHASE_OF.get(stage, stage)
        return f"{phase}: {items:,}{of}" if items else phase

    def new_phases(self, latest: int) -> list[int]:
        """List the phases that have begun behind the `latest` one, by their places in PHASES; -1 is before all."""
        begun = {_ORDER.index(_PHASE_OF[stage]) for stage in list(self.done()) if stage in _PHASE_OF}
        return sorted(phase for phase in begun if phase > latest)

    def _watch_terminal(self) -> None:
        from rich.console import Console

        start = time.monotonic()
        with Console(stderr=True).status("starting") as status:
            while not self._stop.wait(POLL_SECONDS):
                status.update(f"{self.line()}  [dim]{time.monotonic() - start:.0f} s[/dim]")

    def _watch_log(self) -> None:
        self._log(self.line())
        latest, said = -1, time.monotonic()
        while not self._stop.wait(POLL_SECONDS):
            phases = self.new_phases(latest)
            lines = [_ORDER[phase] for phase in phases]
            if not lines and time.monotonic() - said > LOG_SECONDS:
                lines = [self.line()]
            for line in lines:
                self._log(line)
                said = time.monotonic()
            latest = max([latest, *phases])

    def _log(self, line: str) -> None:
        sys.stderr.write(f"postkin: {line}\n")
        sys.stderr.flush()


def in_ci(environment: Mapping[str, str]) -> bool:
    """Tell by its variable `CI` whether a CI job runs, whose terminal nobody watches."""
    return environment.get("CI", "").lower() not in ("", "0", "false")
