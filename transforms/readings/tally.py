"""What is counted of reading logs, and said of them: rows, and why they are no reads; never who."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from transforms.readings.page_view import Drop
from transforms.readings.together import rounded_down
from transforms.readings.visits import History
from transforms.results import LogFault, ReadingSummary

LISTED = 20
"""So many rows that cannot be read are named, by file and line."""
FAULTS: tuple[Drop, ...] = ("unreadable", "too_long", "beyond_limit")


@dataclass
class Tally:
    """What was counted of a part of the logs, or of its readers; parts are merged in any order."""

    files: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, int, str]] = field(default_factory=list)
    readers: int = 0
    several: int = 0
    visits: int = 0
    reads: int = 0
    since: int | None = None
    until: int | None = None

    def drop(self, kind: Drop, file: str, line: int) -> None:
        """Count a row that is no read."""
        self.dropped[kind] += 1
        if kind in FAULTS:
            self.faults.append((file, line, kind))
            if len(self.faults) > 2 * LISTED:
                self._cut()

    def add(self, history: History) -> None:
        """Count a reader."""
        posts = [post for visit in history.visits for post, _ in visit]
        self.readers += 1
        self.several += len(set(posts)) > 1
        self.visits += len(history.visits)
        self.reads += len(posts)
        first, last = history.visits[0][0][1], max(visit[-1][1] for visit in history.visits)
        self.since, self.until = _least(self.since, first), max(self.until or 0, last)

    def merge(self, other: Tally) -> None:
        """Take in what was counted of another part."""
        self.files.update(other.files)
        self.dropped.update(other.dropped)
        self.faults += other.faults
        self._cut()
        self.rows += other.rows
        self.readers += other.readers
        self.several += other.several
        self.visits += other.visits
        self.reads += other.reads
        if other.since is not None and other.until is not None:
            self.since, self.until = _least(self.since, other.since), max(self.until or 0, other.until)

    def _cut(self) -> None:
        self.faults = heapq.nsmallest(LISTED, self.faults)


def merge_tallies(tallies: Iterable[Tally]) -> Tally:
    """Merge what was counted of all parts."""
    whole = Tally()
    for tally in tallies:
        whole.merge(tally)
    return whole


def summarise(tally: Tally, least_readers: int, published: bool) -> ReadingSummary:
    """Say what run.json says of the logs.

    Where too few readers are there for anything to be `published`, their numbers are rounded down as published ones
    are, and when they read is left out: a single reader's days would be told else.
    """
    told: Callable[[int], int] = int if published else rounded_down
    return ReadingSummary(
        files=tally.files.total(),
        formats=tuple(sorted(tally.files)),
        rows=tally.rows,
        reads=tally.reads,
        dropped=dict(sorted(tally.dropped.items())),
        faults=tuple(LogFault(*fault) for fault in tally.faults),
        readers=told(tally.readers),
        readers_of_several=told(tally.several),
        visits=told(tally.visits),
        since=_day(tally.since) if published else None,
        until=_day(tally.until) if published else None,
        least_readers=least_readers,
        published=published,
    )


def _least(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _day(second: int | None) -> str | None:
    return None if second is None else dt.datetime.fromtimestamp(second, dt.UTC).date().isoformat()
