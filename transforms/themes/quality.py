"""How good a clustering is, for every number of clusters in a ladder, and the number that `auto` takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats, Ints, Vectors
from transforms.numerics.kmeans import assign, fit_largest_first
from transforms.numerics.rounding import DECIMALS
from transforms.numerics.threads import one_thread

QUALITY_KS = (4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 35, 40)
GOOD_ENOUGH = 0.95
"""A silhouette of this share of the best is as good as the best: the rest is about its standard error."""
FLAT = 0.01
"""And so is one that is less than this below it: texts without clear groups have silhouettes near zero."""
SWEPT_ARTICLES = 2_000
"""About so many articles of a larger corpus are clustered over and over."""
MANY_POSTS = 5_000
"""More posts have no more clusters to choose from."""
CHUNK_ROWS = 4096
NO_DISTANCE = 1e-9
"""Distances below it are those of equal texts, rounding errors apart."""

Tags = Sequence[Sequence[int]]
"""The tags of each post, as whole numbers from 0; a number that stands twice counts once."""


@dataclass(frozen=True)
class ClusterQuality:
    """The quality of k clusters: mean silhouette and agreement with the tags, both rounded.

    `silhouette` is None below two clusters or three posts, `agreement` without tags.
    """

    k: int
    silhouette: float | None
    agreement: float | None


def silhouette(vectors: Vectors, clusters: Ints) -> float | None:
    """Return the mean silhouette of unit rows [n, dim] in clusters [n] by cosine distance, from -1 to 1.

    Exact and linear in n: the mean distance of a row to a cluster is one minus its cosine to the cluster's mean. A post
    alone in its cluster counts 0, and so does one as near as a copy to its own and to another cluster. None below two
    clusters or three posts. After Rousseeuw (J. Comput. Appl. Math. 20, 1987).
    """
    labels, own = np.unique(clusters, return_inverse=True)
    if len(labels) < 2 or len(own) < 3:
        return None
    norms = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    rows = vectors / np.where(norms > 0, norms, 1)
    sizes = np.bincount(own)
    sums = np.zeros((len(labels), rows.shape[1]))
    np.add.at(sums, own, rows)
    with one_thread():
        widths = [
            _silhouettes(rows[start : start + CHUNK_ROWS], own[start : start + CHUNK_ROWS], sums, sizes)
            for start in range(0, len(rows), CHUNK_ROWS)
        ]
    return float(np.concatenate(widths).mean())


def tag_agreement(clusters: Ints, tags: Tags) -> float | None:
    """Return how well clusters [n] agree with the posts' tags, from 0 to 1; None when no post has a tag.

    The normalised mutual information 2 I(C, T) / (H(C) + H(T)) of cluster and tag over the pairs of a post with one of
    its tags, each weighing 1 / (number of the post's tags). Posts without tags take no part. One cluster and one tag
    agree fully. Chance alone raises it as k grows. NMI_sum in Vinh, Epps and Bailey (JMLR 11, 2010).
    """
    weights = _tag_weights(tags)
    if not weights.nnz:
        return None
    posts = np.arange(len(clusters))
    labels, own = np.unique(clusters, return_inverse=True)
    in_cluster = sparse.csr_matrix((np.ones(len(posts)), (own, posts)), shape=(len(labels), len(posts)))
    joint = (in_cluster @ weights).tocoo()
    shares = joint.data / joint.data.sum()
    of_cluster, of_tag = _sums(joint.row, shares), _sums(joint.col, shares)
    entropies = _entropy(of_cluster) + _entropy(of_tag)
    if entropies <= 0:
        return 1.0
    shared = float(np.sum(shares * np.log(shares / (of_cluster[joint.row] * of_tag[joint.col]))))
    return min(max(2 * shared / entropies, 0.0), 1.0)


def quality_ks(posts: int) -> tuple[int, ...]:
    """Return the numbers of clusters to try: those of `QUALITY_KS` that leave fewer clusters than posts."""
    return tuple(k for k in QUALITY_KS if k < posts)


def sweep_clusters(vectors: Vectors, tags: Tags, ks: Sequence[int]) -> list[ClusterQuality]:
    """Cluster unit rows [n, dim] into each k and judge the clusters, in the order of `ks`."""
    qualities = []
    for k in ks:
        clusters, _ = assign(vectors, fit_largest_first(vectors, k))
        qualities.append(
            ClusterQuality(k, _round(silhouette(vectors, clusters)), _round(tag_agreement(clusters, tags)))
        )
    return qualities


def auto_ks(posts: int) -> tuple[int, ...]:
    """Return those of `QUALITY_KS` that `auto` chooses from for this many posts: from a third of √posts to √posts.

    More posts than `MANY_POSTS` are treated as so many.
    """
    return tuple(k for k in QUALITY_KS if suits(k, posts))


def suits(k: int, posts: int) -> bool:
    """Tell whether k clusters are neither too few nor too many for so many posts."""
    return k * k <= posts and 9 * k * k >= min(posts, MANY_POSTS)


def choose_k(qualities: Sequence[ClusterQuality], posts: int) -> int:
    """Choose a number of clusters for this many posts: of the qualities of `auto_ks`, the smallest that is good enough.

    Good enough is a silhouette within 5 %, or 0.01, of the best among them. The upper bound, at least as many posts to
    a cluster as there are clusters, is needed because the silhouette of texts grows until clusters hold a handful each;
    the lower one because it hardly changes with k where the texts have no clear groups. A blog too small for any of the
    qualities gets √posts clusters, at least one.
    """
    allowed = auto_ks(posts)
    judged = [(quality.k, quality.silhouette) for quality in qualities if quality.k in allowed]
    known = [(k, value) for k, value in judged if value is not None]
    if not known:
        return max(1, math.isqrt(posts))
    best = max(value for _, value in known)
    return min(k for k, value in known if value >= best - max((1 - GOOD_ENOUGH) * abs(best), FLAT))


def _silhouettes(rows: Floats, own: Ints, sums: Floats, sizes: Ints) -> Floats:
    at = np.arange(len(rows))
    cosines = rows @ sums.T
    companions = sizes[own] - 1
    to_own = 1 - (cosines[at, own] - np.einsum("rd,rd->r", rows, rows)) / np.maximum(companions, 1)
    distances = 1 - cosines / sizes
    distances[at, own] = np.inf
    to_other = distances.min(axis=1)
    larger = np.maximum(to_own, to_other)
    counts = (companions > 0) & (larger > NO_DISTANCE)
    return np.where(counts, (to_other - to_own) / np.maximum(larger, NO_DISTANCE), 0)


def _tag_weights(tags: Tags) -> Any:
    """Weigh the pairs of posts and tags: csr float64 [n, tags], every row that has a tag summing to one."""
    distinct = [sorted(set(of)) for of in tags]
    counts = np.array([len(of) for of in distinct], np.int64)
    columns = np.array([tag for of in distinct for tag in of], np.int64)
    weights = 1 / np.repeat(counts, counts)
    shape = len(distinct), columns.max(initial=0) + 1
    return sparse.csr_matrix((weights, columns, np.append(0, np.cumsum(counts))), shape=shape)


def _sums(labels: Ints, shares: Floats) -> Floats:
    return np.bincount(labels, shares).astype(np.float64)


def _entropy(shares: Floats) -> float:
    present = shares[shares > 0]
    return -float(np.sum(present * np.log(present)))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS) + 0.0
