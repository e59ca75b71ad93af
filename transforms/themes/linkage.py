"""Ward's linkage over the cosine distances of unit rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from transforms.numerics.arrays import Floats, Vectors
from transforms.numerics.rounding import rounded
from transforms.results import Dendrogram, Merge


def cosine_distances(centroids: Vectors) -> Floats:
    """Return the rounded cosine distances of unit rows [k, dim], condensed as scipy's pdist gives them [k(k-1)/2]."""
    precise = centroids.astype(np.float64)
    upper = np.triu_indices(len(centroids), 1)
    return np.maximum(rounded(1 - precise @ precise.T)[upper], 0)


def ward_linkage(centroids: Vectors) -> Dendrogram:
    """Link unit rows [k, dim] by Ward's criterion over cosine distances, leaves in optimal order.

    Heights are scipy's, in units of cosine distance; the optimal order is Bar-Joseph's (Bioinformatics 17, 2001).
    """
    numbers = tuple(range(1, len(centroids) + 1))
    if len(centroids) < 2:
        return Dendrogram(numbers, (), tuple(range(len(centroids))))
    from scipy.cluster.hierarchy import leaves_list, linkage

    rows = linkage(cosine_distances(centroids), "ward", optimal_ordering=True)
    merges = tuple(
        Merge(int(left), int(right), float(height), int(size))
        for (left, right, _, size), height in zip(rows, rounded(rows[:, 2]), strict=True)
    )
    return Dendrogram(numbers, merges, tuple(map(int, leaves_list(rows))))


def link_clusters(centroids: Vectors, numbers: Sequence[int], present: Iterable[int]) -> Dendrogram:
    """Link those unit rows of [k, dim], whose `numbers` rise, that have one that is `present`; these in any order."""
    chosen = sorted(present)
    tree = ward_linkage(centroids[np.searchsorted(numbers, chosen)])
    return replace(tree, clusters=tuple(chosen))
