"""Cells of an inverted file: coarse centroids, each article in the cell of its nearest one."""

from __future__ import annotations

import math

import faiss
import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from transforms.encoders import unit_rows
from transforms.records import Vectors
from transforms.search import nearest

SEED = 20211126
ITERATIONS = 10
CELLS_PER_ROOT = 2
"""About so many cells for each unit of the square root of the number of articles."""

Cells = npt.NDArray[np.int32]


def number_of_cells(articles: int) -> int:
    """Return how many cells suit a corpus: a power of two near `CELLS_PER_ROOT` times the root of its articles."""
    return int(2 ** round(math.log2(CELLS_PER_ROOT * math.sqrt(max(articles, 1)))))


def fit_cells(vectors: Vectors, count: int) -> Vectors:
    """Fit at most `count` cells to unit rows [n, dim] by spherical k-means: unit centroids [<=count, dim].

    Zero rows are left out; there is one centroid of zeros where no others are. Seeded, one thread: the same vectors in
    the same order give the same centroids.
    """
    vectors, dim = np.ascontiguousarray(vectors[vectors.any(axis=1)], np.float32), vectors.shape[1]
    if not len(vectors):
        return np.zeros((1, dim), np.float32)
    kmeans = faiss.Kmeans(
        dim,
        min(count, len(vectors)),
        niter=ITERATIONS,
        seed=SEED,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=len(vectors),
    )
    with threadpool_limits(1):
        kmeans.train(vectors)
    return unit_rows(np.asarray(kmeans.centroids))


def nearest_cells(vectors: Vectors, centroids: Vectors, count: int) -> Cells:
    """Find the cells nearest to unit rows [n, dim] by rounded cosine: int32 [n, min(count, cells)], ties by cell."""
    return nearest(centroids, vectors, count)[0].astype(np.int32)
