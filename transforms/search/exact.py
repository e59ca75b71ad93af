"""Nearest neighbours by cosine, exactly."""

from __future__ import annotations

import faiss
import numpy as np

from transforms.numerics.arrays import Floats, Ints, Vectors, inner_products
from transforms.numerics.rounding import rounded
from transforms.numerics.threads import one_thread

MARGIN = 16
"""How many neighbours beyond those asked for are fetched at first, for ties and near-duplicates."""


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


def nearest(vectors: Vectors, queries: Vectors, count: int) -> tuple[Ints, Floats]:
    """Find the nearest vectors of each query by inner product, exactly.

    For unit rows [n, dim] and [q, dim], returns rows int64 [q, min(count, n)] and their rounded scores, highest first
    and ties by row.
    """
    return Index(vectors).search(queries, count)
