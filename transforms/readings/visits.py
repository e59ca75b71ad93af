"""What readers read: their reads put together, sorted out, and cut into visits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from transforms.readings.page_view import Drop

Read = tuple[int, int, int]
"""A second since 1970, the number of a post, and the session that the log tells, 0 for none."""

GAP = 30 * 60
"""Seconds without a page view that end a visit; within so many a post that is seen again is reloaded."""
MOST_POSTS = 100
"""A reader of more posts is a program, or an address behind which there are many."""
MOST_IN_A_VISIT = 30
"""The same within a visit."""
MOST_READS = 2_000
"""The same for all reads."""


Reads = tuple[int, tuple[Read, ...] | None]
"""How many reads a reader had, and each of them once, in their order; None where there are too many."""


def put_together(reads: Sequence[Read]) -> Reads:
    """Put together some reads of a reader."""
    if len(reads) == 1:
        return 1, tuple(reads)
    unique = set(reads)
    return len(reads), None if too_many(unique) else tuple(sorted(unique))


def too_many(reads: Set[Read]) -> bool:
    """Tell whether nobody reads so much; more reads never make it less."""
    return len(reads) > MOST_POSTS and (len(reads) > MOST_READS or len({post for _, post, _ in reads}) > MOST_POSTS)


def join_reads(parts: Iterable[Reads]) -> Reads:
    """Join what is known of a reader, in any order and however it is parted."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    views, joined, whole = 0, set[Read](), True
    for count, reads in parts:
        views += count
        whole = whole and reads is not None
        if whole:
            joined.update(reads or ())
            whole = not too_many(joined)
    return views, tuple(sorted(joined)) if whole else None


@dataclass(frozen=True)
class History:
    """What a reader has read: visits in their order, of a post's number and a second for each read.

    A post that was read again is there again, unless it was reloaded.
    """

    visits: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def posts(self) -> tuple[int, ...]:
        """The posts, each once, in the order in which they were first read."""
        return tuple(dict.fromkeys(post for visit in self.visits for post, _ in visit))

    @property
    def last(self) -> tuple[int, ...]:
        """The posts, each once, in the order in which they were last read."""
        return tuple(reversed(dict.fromkeys(post for visit in reversed(self.visits) for post, _ in reversed(visit))))


def history_of(reads: Reads) -> tuple[History | None, dict[Drop, int]]:
    """Cut a reader's reads into visits, and count what is left out; None for an outlier.

    Where the log tells sessions each is a visit, else one ends after GAP seconds without a read.
    """
    views, kept = reads
    if kept is None:
        return None, {"outlier": views}
    visits = [_without_reloads(visit) for visit in _visits(kept)]
    long = (visit for visit in visits if len(visit) > MOST_IN_A_VISIT)
    if any(len({post for post, _ in visit}) > MOST_IN_A_VISIT for visit in long):
        return None, {"outlier": views}
    left_out = views - sum(map(len, visits))
    return History(tuple(map(tuple, visits))), {"reload": left_out} if left_out else {}


def _visits(reads: Sequence[Read]) -> list[list[Read]]:
    """Reads in the order of time, by visit in the order of their beginnings."""
    told: dict[int, list[Read]] = {}
    untold: list[list[Read]] = []
    for read in reads:
        if read[2]:
            told.setdefault(read[2], []).append(read)
        elif untold and read[0] - untold[-1][-1][0] < GAP:
            untold[-1].append(read)
        else:
            untold.append([read])
    if not told:  # these are in order
        return untold
    return sorted([*told.values(), *untold], key=lambda visit: (visit[0][0], [post for _, post, _ in visit]))


def _without_reloads(visit: Iterable[Read]) -> list[tuple[int, int]]:
    seen: dict[int, int] = {}
    kept = []
    for second, post, _ in visit:
        if post not in seen or second - seen[post] >= GAP:
            kept.append((post, second))
        seen[post] = second
    return kept
