"""Cells of an inverted file: coarse centroids, each article in the cell of its nearest one."""

from __future__ import annotations

import math
from collections.abc import Iterator

import faiss
import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Floats32, Ints, Ints32, Vectors
from transforms.numerics.rounding import DECIMALS, rounded
from transforms.numerics.threads import one_thread

CELLS_PER_ROOT = 2
"""About so many cells for each unit of the square root of the number of articles."""

PRODUCTS = 1 << 20
"""At most so many inner products are held at a time."""
ROWS = 1 << 14
"""So many rows are looked up at a time."""
SPARE = 4
"""So many cells more than are wanted are looked at, for those that rounding may move."""
AROUND = 8
"""With the mean cosine of so many nearest cells a cell's is compared."""
LEAST = 3
"""So many nearest cells are as deep as their rank, however far: the nearest may hold nobody else."""
REACH = 25
"""So many steps of `STEP` below that mean are as deep as a rank; of made-up corpora those with groups gain most."""
PAIRS = 1 << 12
"""So many pairs are multiplied in float64 at a time."""
STEP = 10.0**-DECIMALS
"""Two rounded scores that differ are so far apart."""


def number_of_cells(articles: int) -> int:
    """Return how many cells suit a corpus: a power of two near `CELLS_PER_ROOT` times the root of its articles."""
    return int(2 ** round(math.log2(CELLS_PER_ROOT * math.sqrt(max(articles, 1)))))


def nearest_cells(vectors: Vectors, centroids: Vectors, count: int) -> Ints32:
    """Find the cells nearest to unit rows [n, dim] by rounded cosine: int32 [n, min(count, cells)], ties by cell."""
    count = min(count, len(centroids))
    nearest = np.empty((len(vectors), count), np.int32)
    for part, keys in _nearest_keys(vectors, centroids, count):
        nearest[part] = keys % len(centroids)
    return nearest


def cells_in_reach(vectors: Vectors, centroids: Vectors, count: int) -> Ints32:
    """Find the cells of a depth below `count` for unit rows [n, dim], nearest first: int32 [n, min(count, cells)].

    Where a row has fewer, `NOBODY` stands. `cell_depths` tells what a depth is.
    """
    count = min(count, len(centroids))
    near = np.empty((len(vectors), count), np.int32)
    for part, keys in _nearest_keys(vectors, centroids, min(max(count, AROUND), len(centroids))):
        cells, steps = (keys % len(centroids))[:, :count], -(keys // len(centroids))
        ranks = np.broadcast_to(np.arange(count), cells.shape)
        depths = _depths(ranks, steps[:, :count], steps[:, :AROUND], len(centroids))
        near[part] = np.where(depths < count, cells, NOBODY)
    return near


def cell_depths(vectors: Vectors, centroids: Vectors) -> Ints32:
    """Tell how deep each cell lies for unit rows [n, dim]: int32 [n, cells], 0 for the nearest.

    A depth is a cell's rank, or how many times `REACH` its cosine is below the mean of the `AROUND` nearest, whichever
    is more; the rank alone for the `LEAST` nearest. So a row visits few cells where the others are far, and many where
    all are as near.
    """
    steps = np.rint(rounded(vectors.astype(np.float64) @ centroids.T.astype(np.float64)) / STEP).astype(np.int64)
    order = np.argsort(-steps, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(len(centroids))[None], 1)
    around = np.take_along_axis(steps, order[:, :AROUND], 1)
    return _depths(ranks, steps, around, len(centroids)).astype(np.int32)


def _depths(ranks: Ints, steps: Ints, around: Ints, cells: int) -> Ints:
    gaps = around.sum(axis=1, keepdims=True) - steps * around.shape[1]
    behind = -(-gaps // (REACH * around.shape[1]))
    depths: Ints = np.where(ranks < LEAST, ranks, np.clip(behind, ranks, cells - 1))
    return depths


def round_pairs(products: Floats32, left: Vectors, lefts: Ints, right: Vectors, rights: Ints) -> Floats:
    """Round float32 inner products [pairs] of unit rows `left[lefts]` and `right[rights]` as if they were of float64.

    What float32 leaves open is computed again, in an order of additions that depends on the two rows alone, so that the
    result is the same whatever else a BLAS product held.
    """
    scores = rounded(products)
    steps = products.astype(np.float64) / STEP
    open_ = np.flatnonzero(np.abs(steps - np.floor(steps) - 0.5) * STEP <= product_error(left.shape[1]))
    for start in range(0, len(open_), PAIRS):
        part = open_[start : start + PAIRS]
        these, those = left[lefts[part]].astype(np.float64), right[rights[part]].astype(np.float64)
        scores[part] = rounded(np.einsum("pd,pd->p", these, those))
    return scores


def product_error(dim: int) -> float:
    """Bound the error of an inner product of two unit rows [dim] in float32, in any order of additions.

    The bound is that of Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1.
    """
    return (dim + 2) * 2.0**-24


def _nearest_keys(vectors: Vectors, centroids: Vectors, count: int) -> Iterator[tuple[slice, Ints]]:
    """Find part by part keys [rows, count] of the nearest cells, ascending: (-cosine / STEP) * cells + cell."""
    with one_thread():
        for start in range(0, len(vectors), ROWS):
            part = slice(start, start + ROWS)
            yield part, _keys_of_part(vectors[part], centroids, count)


def _keys_of_part(vectors: Vectors, centroids: Vectors, count: int) -> Ints:
    looked_at = min(count + SPARE, len(centroids))
    products, cells = faiss.knn(vectors, centroids, looked_at, metric=faiss.METRIC_INNER_PRODUCT)
    rows = np.repeat(np.arange(len(vectors)), looked_at)
    keys = _keys(products.ravel(), vectors, rows, centroids, cells.ravel()).reshape(products.shape)
    keys.sort(axis=1)
    keys = keys[:, :count]
    if looked_at < len(centroids):
        least = keys[:, -1] // len(centroids) * -STEP - STEP / 2 - product_error(vectors.shape[1])
        open_ = np.flatnonzero(products[:, -1] >= least)
        step = max(PRODUCTS // len(centroids), 1)
        for start in range(0, len(open_), step):
            part = open_[start : start + step]
            keys[part] = _settle(vectors[part], centroids, count, least[part])
    return keys


def _settle(vectors: Vectors, centroids: Vectors, count: int, least: Floats) -> Ints:
    """Score whatever reaches `least` [n] in float32, and find the keys [n, count] of the best of it."""
    products = vectors @ centroids.T
    rows, cells = np.nonzero(products >= least[:, None])
    keys = _keys(products[rows, cells], vectors, rows, centroids, cells)
    keys = keys[np.lexsort((keys, rows))]
    firsts = np.searchsorted(rows, np.arange(len(vectors)))
    best: Ints = keys[firsts[:, None] + np.arange(count)]
    return best


def _keys(products: Floats32, vectors: Vectors, rows: Ints, centroids: Vectors, cells: Ints) -> Ints:
    scores = round_pairs(products, vectors, rows, centroids, cells)
    keys: Ints = np.rint(scores / -STEP).astype(np.int64) * len(centroids) + cells
    return keys
