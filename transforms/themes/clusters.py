"""Clusters: spherical k-means over the articles' vectors, named by the tags nearest to each centroid."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.corpus.tag_table import TagTable, mean_vectors
from transforms.numerics.arrays import Vectors, leading
from transforms.numerics.kmeans import assign, fit_largest_first
from transforms.numerics.rounding import best_columns, rounded
from transforms.records import Article
from transforms.results import Cluster, Member, Neighbor, ScoredTag

NAME_TAGS = 3
LISTED_TAGS = 10
REPRESENTATIVES = 4


@dataclass(frozen=True, eq=False)
class ClusterModel:
    """Fitted clusters, largest first: `centroids` float32 unit rows [k, dim], and each one's name and nearest tags."""

    centroids: Vectors
    names: tuple[str, ...]
    tags: tuple[tuple[ScoredTag, ...], ...]


def nearest_tags(centroids: Vectors, table: TagTable, count: int = LISTED_TAGS) -> list[tuple[ScoredTag, ...]]:
    """List the tags nearest to each centroid [k, dim], best first.

    Means are compared in the centroids' dimensions; tags that one article alone carries are passed over while
    `NAME_TAGS` others remain.
    """
    if not table.keys:
        return [()] * len(centroids)
    shared = np.flatnonzero(table.counts > 1)
    rows = shared if len(shared) >= NAME_TAGS else np.arange(len(table.keys))
    means = leading(mean_vectors(table.sums[rows]), centroids.shape[1])
    scores = rounded(centroids.astype(np.float64) @ means.astype(np.float64).T)
    return [
        tuple(ScoredTag(table.names[rows[tag]], float(row[tag])) for tag in best if row[tag] > 0)
        for row, best in zip(scores, best_columns(scores, count), strict=True)
    ]


def name_clusters(tags: Sequence[Sequence[ScoredTag]], fallbacks: Sequence[str]) -> tuple[str, ...]:
    """Name each cluster by its `NAME_TAGS` nearest tags, or by its fallback when it has none, no two alike.

    A name that is taken grows by the next tags, then by a number.
    """
    names: list[str] = []
    for nearest, fallback in zip(tags, fallbacks, strict=True):
        labels = [tag.tag for tag in nearest] or [fallback]
        choices = [" · ".join(labels[:count]) for count in range(NAME_TAGS, max(NAME_TAGS, len(labels)) + 1)]
        numbered = (f"{choices[0]} ({number})" for number in itertools.count(2))
        names.append(next(name for name in itertools.chain(choices, numbered) if name not in names))
    return tuple(names)


def fit_clusters(articles: Sequence[Article], vectors: Vectors, table: TagTable, k: int | None) -> ClusterModel:
    """Fit k clusters to vectors [n, dim] and name them; the fallback name is the title nearest to the centroid.

    Without k, `choose_k` finds it.
    """
    if k is None:
        from transforms.themes.quality import choose_k, quality_ks, sweep_clusters

        ks = [k for k in quality_ks(len(vectors)) if k * k <= len(vectors)]
        k = choose_k(sweep_clusters(vectors, [()] * len(vectors), ks), len(vectors))
    centroids = fit_largest_first(vectors, k)
    tags = nearest_tags(centroids, table)
    titles = [articles[row].title for row in rounded(centroids @ vectors.T).argmax(axis=1)]
    return ClusterModel(centroids, name_clusters(tags, titles), tuple(tags))


def nearest_members(members: Iterable[Neighbor], limit: int | None) -> list[Neighbor]:
    """The `limit` nearest of a cluster's members, or all, nearest first, ties by id."""
    return sorted(members, key=lambda member: (-member.score, member.id))[:limit]


def make_cluster(model: ClusterModel, cluster: int, members: Sequence[Neighbor], size: int) -> Cluster:
    """Describe a cluster (0-based; shown from 1) of so many articles by its members, nearest first."""
    return Cluster(
        number=cluster + 1,
        name=model.names[cluster],
        size=size,
        tags=model.tags[cluster],
        articles=tuple(members[:REPRESENTATIVES]),
        members=tuple(members),
    )


def assign_clusters(model: ClusterModel, ids: Sequence[str], vectors: Vectors) -> tuple[list[Cluster], list[Member]]:
    """Sort articles into fitted clusters by their vectors [n, dim]: the clusters in order, and a Member an article."""
    assigned, scores = assign(vectors, model.centroids)
    members = [
        Member(id_, cluster + 1, score)
        for id_, cluster, score in zip(ids, assigned.tolist(), scores.tolist(), strict=True)
    ]
    inside: dict[int, list[Neighbor]] = {}
    for member in members:
        inside.setdefault(member.cluster - 1, []).append(Neighbor(member.id, member.score))
    clusters = [make_cluster(model, at, nearest_members(of, None), len(of)) for at, of in sorted(inside.items())]
    return clusters, members
