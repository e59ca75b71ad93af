"""Spherical k-means: unit rows in groups of like direction."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Ints, Vectors, unit_rows
from transforms.numerics.rounding import rounded
from transforms.numerics.seed import SEED
from transforms.numerics.threads import one_thread

ROWS = 4096
"""So many rows are assigned at a time, which bounds the memory that it takes."""


@dataclass(frozen=True)
class KMeansSettings:
    """How often k-means starts anew, the best of all starts being kept, and the rounds of each start."""

    restarts: int
    rounds: int


THOROUGH = KMeansSettings(restarts=5, rounds=50)
"""For few groups that people look at."""
QUICK = KMeansSettings(restarts=1, rounds=10)
"""For many groups that only speed a search up."""


def fit_spherical_kmeans(vectors: Vectors, k: int, settings: KMeansSettings) -> Vectors:
    """Group unit rows [n, dim] by cosine: unit centroids [<=k, dim], some of which may be nearest to no row.

    Zero rows are left out; where no others are, there is one centroid of zeros. Seeded, one thread: the same rows in
    the same order give the same centroids.
    """
    vectors, dim = np.ascontiguousarray(vectors[vectors.any(axis=1)], np.float32), vectors.shape[1]
    if not len(vectors):
        return np.zeros((1, dim), np.float32)
    kmeans = faiss.Kmeans(
        dim,
        min(k, len(vectors)),
        niter=settings.rounds,
        nredo=settings.restarts,
        seed=SEED,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=len(vectors),
    )
    with one_thread():
        kmeans.train(vectors)
    return unit_rows(np.asarray(kmeans.centroids))


def fit_largest_first(vectors: Vectors, k: int) -> Vectors:
    """Group unit rows [n, dim] thoroughly: unit centroids [<=k, dim], that of the largest group first, none empty."""
    return largest_first(vectors, fit_spherical_kmeans(vectors, k, THOROUGH))


def largest_first(vectors: Vectors, centroids: Vectors) -> Vectors:
    """Put centroids [k, dim] in the order of how many rows [n, dim] are nearest to each; those of none are left out.

    A row that is as near to several centroids is in the first one's group, so that groups change with the order. They
    are put in order until none changes; this ends, as a row only ever changes into a group that was larger.
    """
    vectors = vectors[vectors.any(axis=1)]
    if not len(vectors):
        return centroids
    while True:
        sizes = np.bincount(assign(vectors, centroids)[0], minlength=len(centroids))
        largest_first = sorted(np.flatnonzero(sizes), key=lambda group: (-sizes[group], tuple(centroids[group])))
        if largest_first == list(range(len(centroids))):
            return centroids
        centroids = centroids[largest_first]


def refine_centroids(
    vectors: Vectors, start: Vectors, own: Ints, margin: float, rounds: int = THOROUGH.rounds
) -> Vectors:
    """Move centroids [k, dim], from where they start, to the middle of their rows of [n, dim], until no row changes.

    Rows are assigned by `assign_again`; zero rows are left out. A centroid that has no row stays where it is. After
    Lloyd (IEEE Trans. Inf. Theory 28, 1982).
    """
    has_vector, centroids = vectors.any(axis=1), start
    vectors, own = vectors[has_vector], own[has_vector]
    groups = np.full(len(vectors), NOBODY)
    for _ in range(rounds):
        before, groups = groups, assign_again(vectors, centroids, own, margin)[0]
        if np.array_equal(before, groups):
            break
        means = unit_rows(group_sums(vectors, groups, len(centroids)))
        centroids = np.where(means.any(axis=1, keepdims=True), means, centroids)
    return centroids


def group_sums(vectors: Vectors, groups: Ints, count: int) -> Floats:
    """Add up the rows of [n, dim] by group [n], of `count` groups: float64 [count, dim]."""
    sums = np.zeros((count, vectors.shape[1]))
    np.add.at(sums, groups, vectors.astype(np.float64))
    return sums


def objective(vectors: Vectors, cosines: Floats) -> float:
    """Return the mean of rows' cosines [n] to their centroids, which k-means makes as large as it can.

    Zero rows of [n, dim] are left out; 0 where there are no others.
    """
    found = cosines[vectors.any(axis=1)]
    return float(rounded(found.mean())) if len(found) else 0.0


def assign(vectors: Vectors, centroids: Vectors) -> tuple[Ints, Floats]:
    """Assign each of [n, dim] to its nearest centroid, the first of equals: groups [n] and rounded cosines [n]."""
    return assign_again(vectors, centroids, np.full(len(vectors), NOBODY), 0.0)


def assign_again(vectors: Vectors, centroids: Vectors, own: Ints, margin: float) -> tuple[Ints, Floats]:
    """Assign each of [n, dim] likewise, but to its `own` group [n] unless another's centroid is nearer by a margin.

    `NOBODY` stands in `own` for a row that has none.
    """
    groups, cosines = np.empty(len(vectors), np.int64), np.empty(len(vectors))
    precise = centroids.astype(np.float64).T
    for start in range(0, len(vectors), ROWS):
        part = slice(start, start + ROWS)
        scores = rounded(vectors[part].astype(np.float64) @ precise)
        groups[part], cosines[part] = _choose(scores, own[part], margin)
    return groups, cosines


def _choose(scores: Floats, own: Ints, margin: float) -> tuple[Ints, Floats]:
    rows, groups = np.arange(len(scores)), scores.argmax(axis=1)
    stays = (own != NOBODY) & (scores[rows, np.maximum(own, 0)] >= scores[rows, groups] - margin)
    groups = np.where(stays, own, groups)
    return groups, scores[rows, groups]
