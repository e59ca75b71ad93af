"""The candidates of posts: their nearest neighbours, but for copies of their own text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask, Vectors

CANDIDATES = 100
"""How many of an article's nearest are looked at more closely."""
AT_ONCE = 256
"""So many queries' candidates are looked for at a time, since the vectors of all of them are laid out."""


class Searcher(Protocol):
    """Unit vectors, ready to be searched."""

    def search(self, queries: Vectors, count: int) -> tuple[Ints, Floats]:
        """Find the nearest of each query: rows and rounded scores [q, count], highest first and ties by row."""
        ...


class GroupedIndex:
    """Unit vectors [n, dim] of `groups` int64 [n], of which each is searched by itself, by an index made of it."""

    def __init__(self, vectors: Vectors, groups: Ints, make: Callable[[Vectors], Searcher]) -> None:
        numbers = np.unique(groups).tolist()
        rows = [np.flatnonzero(groups == number) for number in numbers]
        self._of = {
            number: (of, make(vectors[of] if len(numbers) > 1 else vectors))
            for number, of in zip(numbers, rows, strict=True)
        }

    def candidates(self, texts: Ints, queries: Vectors, own: Ints, groups: Ints, count: int) -> tuple[Ints, Floats]:
        """Find what `candidates` finds, for each query among those of its own of the `groups` [q]."""
        found, scores = np.full((len(queries), count), NOBODY, np.int64), np.zeros((len(queries), count))
        for number, (rows, index) in self._of.items():
            asking = np.flatnonzero(groups == number)
            hits, cosines = candidates(index, texts[rows], queries[asking], own[asking], count)
            found[asking], scores[asking] = np.where(hits == NOBODY, NOBODY, rows[hits]), cosines
        return found, scores


def candidates(index: Searcher, texts: Ints, queries: Vectors, own: Ints, count: int) -> tuple[Ints, Floats]:
    """Find for each query [q, dim] `count` rows of positive score: int64 [q, count] and scores [q, count].

    `texts` [n] numbers the rows' texts and `own` [q] the queries'; rows of a query's own text are left out. Where there
    are fewer candidates, `NOBODY` stands, with a score of 0.
    """
    numbers, times = np.unique(texts, return_counts=True)
    found, scores = np.full((len(queries), count), NOBODY, np.int64), np.zeros((len(queries), count))
    for part in (slice(start, start + AT_ONCE) for start in range(0, len(queries), AT_ONCE)):
        most = int(times[np.isin(numbers, own[part])].max(initial=0))
        near, cosines = index.search(queries[part], count + most)
        left_out = (texts[near] == own[part, None]) | (cosines <= 0)
        near, cosines = leave_out(near, cosines, left_out)
        near, cosines = near[:, :count], cosines[:, :count]
        found[part, : near.shape[1]], scores[part, : near.shape[1]] = near, cosines
    return found, scores


def leave_out(found: Ints, scores: Floats, left_out: Mask) -> tuple[Ints, Floats]:
    """Leave some rows [q, c] out of what was found, and their scores; `NOBODY` stands last, with a score of 0."""
    order = np.argsort(left_out, axis=1, kind="stable")
    gone = np.take_along_axis(left_out, order, 1)
    kept = np.where(gone, NOBODY, np.take_along_axis(found, order, 1))
    return kept, np.where(gone, 0.0, np.take_along_axis(scores, order, 1))
