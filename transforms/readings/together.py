"""Which posts the same readers read: counted by readers, measured, and cut to what may be published."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from transforms.numerics.arrays import Floats
from transforms.numerics.rounding import DECIMALS as PRECISE
from transforms.results import AlsoRead, ReadTogether

SHRINKAGE = 10.0
"""Pairs of few readers are less to be believed: their cosines are shrunk as if there were so many readers more."""
DECIMALS = 2
"""Of a published score: more would tell how many readers there are, who are rounded down."""
LISTED = 10
"""So many other posts are listed with each."""
FEW_READERS = 50
"""Nothing is published where fewer readers have read two posts."""
LEAST_JUDGED = 20
"""Methods are judged by so many readers or more: by a mean of fewer it could be told what one of them read."""
LEAST_READERS = 3
"""Nothing is published of fewer."""
READER_THEMES = 8
"""So many groups of readers are looked for, at most."""

Together = tuple[int, int]
"""The number of another post, and how many readers have read both."""


def shrunk_cosine(both: int, left: int, right: int) -> float:
    """Return the cosine of two posts' readers, shrunk: of so many readers of `both`, of the one and of the other."""
    return both / (math.sqrt(left * right) + SHRINKAGE)


def shrunk_cosines(both: Floats, left: Floats, right: Floats) -> Floats:
    """Return the same of many pairs."""
    cosines: Floats = both / (np.sqrt(left * right) + SHRINKAGE)
    return cosines


def rounded_down(readers: int) -> int:
    """Return the largest of 3, 5, 10, 20, 50, 100 … that is not above a number of readers; 0 below 3."""
    if readers < LEAST_READERS:
        return 0
    unit = 10 ** (len(str(readers)) - 1)
    found = next(step for step in (5, 2, 1) if step * unit <= readers) * unit
    return found if found > LEAST_READERS - 1 else LEAST_READERS


def also_read(
    post: int, together: Iterable[Together], readers: Mapping[int, int] | Sequence[int], id_of: Callable[[int], str]
) -> AlsoRead:
    """List what readers of a post read too, of pairs that may be published: the best by `shrunk_cosine`, ties by id."""
    scored = (
        (-round(shrunk_cosine(both, readers[post], readers[other]), PRECISE), id_of(other), both)
        for other, both in together
    )
    best = heapq.nsmallest(LISTED, scored)
    also = tuple(ReadTogether(id_, round(-score, DECIMALS), rounded_down(both)) for score, id_, both in best)
    return AlsoRead(id_of(post), rounded_down(readers[post]), also)
