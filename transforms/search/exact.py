"""Nearest neighbours by cosine, exactly."""

from __future__ import annotations

import faiss
import numpy as np

from transforms.numerics.arrays import Floats, Ints, Vectors, inner_products
from transforms.numerics.rounding import DECIMALS, rounded
from transforms.numerics.threads import one_thread

MARGIN = 16
"""How many neighbours beyond those asked for are fetched at first, for ties and near-duplicates."""
WIDEST = 256
"""So many neighbours are fetched at most, as their vectors are laid out; beyond that all are compared."""
ROWS = 1 << 12
PRODUCTS = 1 << 20
"""Then so many vectors are compared at a time, and so many inner products are held."""
SCALE = 10**DECIMALS
ROW_BITS = 40


class Index:
    """Unit vectors [n, dim], ready to be searched."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def search(self, queries: Vectors, count: int) -> tuple[Ints, Floats]:
        """Find what `nearest` finds.

        Fetches more than `count`, scores again in float64, and widens the search while a tie may reach past its end.
        Where it reaches too far, as among posts that are all alike, every vector is scored in float64.
        """
        total = len(self.vectors)
        count = min(count, total)
        rows = np.zeros((len(queries), count), np.int64)
        scores = np.zeros((len(queries), count))
        pending = np.arange(len(queries))
        fetch = min(total, count + MARGIN)
        while len(pending) and count and fetch <= WIDEST:
            with one_thread():
                found = np.sort(self._index.search(queries[pending], fetch)[1], axis=1)
            precise = inner_products(self.vectors[found], queries[pending])
            found_scores = rounded(precise)
            order = np.argsort(-found_scores, axis=1, kind="stable")
            rows[pending] = np.take_along_axis(found, order, 1)[:, :count]
            ranked = np.take_along_axis(found_scores, order, 1)
            scores[pending] = ranked[:, :count]
            if fetch == total:
                return rows, scores
            pending = pending[ranked[:, count - 1] <= ranked[:, -1]]
            fetch = min(total, 2 * fetch)
        step = max(PRODUCTS // (count + ROWS), 1)
        for start in range(0, len(pending) if count else 0, step):
            part = pending[start : start + step]
            rows[part], scores[part] = self._compare_all(queries[part], count)
        return rows, scores

    def _compare_all(self, queries: Vectors, count: int) -> tuple[Ints, Floats]:
        """Score all vectors in float64, some rows at a time, by keys that sort by rounded score, then row."""
        left = queries.astype(np.float64)
        best = np.zeros((len(queries), 0), np.int64)
        with one_thread():
            for start in range(0, len(self.vectors), ROWS):
                right = self.vectors[start : start + ROWS].astype(np.float64)
                steps = np.rint(rounded(left @ right.T) * SCALE).astype(np.int64)
                keys = (2 * SCALE - steps) << ROW_BITS | np.arange(start, start + len(right))
                best = np.concatenate([best, keys], axis=1)
                if best.shape[1] > count:
                    best = np.partition(best, count - 1, axis=1)[:, :count]
        best.sort(axis=1)
        return best & ((1 << ROW_BITS) - 1), (2 * SCALE - (best >> ROW_BITS)) / SCALE


def nearest(vectors: Vectors, queries: Vectors, count: int) -> tuple[Ints, Floats]:
    """Find the nearest vectors of each query by inner product, exactly.

    For unit rows [n, dim] and [q, dim], returns rows int64 [q, min(count, n)] and their rounded scores, highest first
    and ties by row.
    """
    return Index(vectors).search(queries, count)
