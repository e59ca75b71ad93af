"""Nearest neighbours by cosine, exactly."""

from __future__ import annotations

import faiss
import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask, Vectors, inner_products
from transforms.numerics.rounding import rounded
from transforms.numerics.threads import one_thread

MARGIN = 16
"""How many neighbours beyond those asked for are fetched at first, for ties and near-duplicates."""
CANDIDATES = 100
"""How many of an article's nearest are looked at more closely."""
AT_ONCE = 256
"""So many queries' candidates are looked for at a time, since the vectors of all of them are laid out."""


class Index:
    """Unit vectors [n, dim], ready to be searched."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def search(self, queries: Vectors, count: int) -> tuple[Ints, Floats]:
        """Find what `nearest` finds.

        Fetches more than `count`, scores again in float64, and widens the search while a tie may reach past its end.
        """
        total = len(self.vectors)
        count = min(count, total)
        rows = np.zeros((len(queries), count), np.int64)
        scores = np.zeros((len(queries), count))
        pending = np.arange(len(queries))
        fetch = min(total, count + MARGIN)
        while len(pending) and count:
            with one_thread():
                found = np.sort(self._index.search(queries[pending], fetch)[1], axis=1)
            precise = inner_products(self.vectors[found], queries[pending])
            found_scores = rounded(precise)
            order = np.argsort(-found_scores, axis=1, kind="stable")
            rows[pending] = np.take_along_axis(found, order, 1)[:, :count]
            ranked = np.take_along_axis(found_scores, order, 1)
            scores[pending] = ranked[:, :count]
            if fetch == total:
                break
            pending = pending[ranked[:, count - 1] <= ranked[:, -1]]
            fetch = min(total, 2 * fetch)
        return rows, scores


class GroupedIndex:
    """Unit vectors [n, dim] of `groups` int64 [n], of which each is searched by itself."""

    def __init__(self, vectors: Vectors, groups: Ints) -> None:
        numbers = np.unique(groups).tolist()
        rows = [np.flatnonzero(groups == number) for number in numbers]
        self._of = {
            number: (of, Index(vectors[of] if len(numbers) > 1 else vectors))
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


def nearest(vectors: Vectors, queries: Vectors, count: int) -> tuple[Ints, Floats]:
    """Find the nearest vectors of each query by inner product, exactly.

    For unit rows [n, dim] and [q, dim], returns rows int64 [q, min(count, n)] and their rounded scores, highest first
    and ties by row.
    """
    return Index(vectors).search(queries, count)


def candidates(index: Index, texts: Ints, queries: Vectors, own: Ints, count: int) -> tuple[Ints, Floats]:
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
