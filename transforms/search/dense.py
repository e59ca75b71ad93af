"""Nearest neighbours by cosine, exactly, of no more posts than one matrix product compares in a moment."""

from __future__ import annotations

import numpy as np

from transforms.numerics.arrays import Floats, Ints, Vectors
from transforms.numerics.rounding import best_columns, rounded
from transforms.numerics.threads import one_thread


class DenseIndex:
    """Unit vectors [n, dim], ready to be searched: it finds what `exact.Index` does, and is at hand at once."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors.astype(np.float64)

    def search(self, queries: Vectors, count: int) -> tuple[Ints, Floats]:
        """Find the nearest of each query: rows and rounded scores [q, count], highest first and ties by row."""
        with one_thread():
            scores = rounded(queries.astype(np.float64) @ self._vectors.T)
        rows = best_columns(scores, min(count, len(self._vectors)))
        return rows, np.take_along_axis(scores, rows, 1)
