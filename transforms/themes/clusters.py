"""Clusters: spherical k-means over the articles' vectors, and what tells each from the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Vectors
from transforms.numerics.kmeans import assign, fit_largest_first
from transforms.numerics.rounding import rounded
from transforms.records import Article
from transforms.results import Cluster, Member, Neighbor
from transforms.sampling import sampled
from transforms.themes.names import ClusterName, name_clusters
from transforms.themes.quality import SWEPT_ARTICLES, auto_ks, choose_k, sweep_clusters

REPRESENTATIVES = 4


@dataclass(frozen=True, eq=False)
class ClusterModel:
    """Fitted clusters, largest first: `centroids` float32 unit rows [k, dim], and how each is `called`."""

    centroids: Vectors
    called: tuple[ClusterName, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The clusters' names."""
        return tuple(of.name for of in self.called)


def fit_clusters(articles: Sequence[Article], vectors: Vectors, table: TagTable, k: int | None) -> ClusterModel:
    """Fit k clusters to vectors [n, dim] of articles, in the order of their ids, and name them.

    Without k, it is chosen by the silhouettes of a sample of about `SWEPT_ARTICLES`. Where the posts of a cluster have
    nothing in common, its name is the title nearest to the centroid.
    """
    if k is None:
        rows = [row for row, article in enumerate(articles) if sampled(article.id, len(articles), SWEPT_ARTICLES)]
        k = choose_k(sweep_clusters(vectors[rows], [()] * len(rows), auto_ks(len(articles))), len(articles))
    centroids = fit_largest_first(vectors, k)
    titles = [articles[row].title for row in rounded(centroids @ vectors.T).argmax(axis=1)]
    return ClusterModel(centroids, tuple(name_clusters(articles, assign(vectors, centroids)[0], table, titles)))


def nearest_members(members: Iterable[Neighbor], limit: int | None) -> list[Neighbor]:
    """The `limit` nearest of a cluster's members, or all, nearest first, ties by id."""
    return sorted(members, key=lambda member: (-member.score, member.id))[:limit]


def make_cluster(model: ClusterModel, cluster: int, members: Sequence[Neighbor], size: int) -> Cluster:
    """Describe a cluster (0-based; shown from 1) of so many articles by its members, nearest first."""
    return Cluster(
        number=cluster + 1,
        name=model.called[cluster].name,
        size=size,
        tags=model.called[cluster].tags,
        words=model.called[cluster].words,
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
