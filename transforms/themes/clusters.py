"""Clusters: spherical k-means over the articles' vectors, and what tells each from the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats, Ints, Vectors, leading
from transforms.numerics.kmeans import assign, assign_again, fit_largest_first, objective
from transforms.numerics.rounding import rounded
from transforms.previous import NO_PREVIOUS, PreviousRun
from transforms.records import Article, Block
from transforms.results import Cluster, Member, Neighbor, ThemeBefore, ThemeFit
from transforms.sampling import sampled
from transforms.themes.following import (
    MARGIN,
    NOWHERE,
    earlier_themes,
    follow_themes,
    rows_of,
    steady_themes,
    themes_before,
)
from transforms.themes.names import ClusterName, name_clusters
from transforms.themes.quality import SWEPT_ARTICLES, auto_ks, choose_k, sweep_clusters

REPRESENTATIVES = 4


@dataclass(frozen=True, eq=False)
class ClusterModel:
    """Fitted clusters: `centroids` float32 unit rows [k, dim], the number of each, and how it is `called`.

    They are in the order of their numbers; those found anew have the largest first. `before` says, by number, what
    those were that go on from an earlier run, `homes` has the numbers of those that articles were in, by id, and `fit`
    says how well all of them do.
    """

    centroids: Vectors
    numbers: tuple[int, ...]
    called: tuple[ClusterName, ...]
    before: Mapping[int, ThemeBefore] = field(default_factory=dict)
    homes: Mapping[str, int] = field(default_factory=dict)
    fit: ThemeFit = field(default_factory=ThemeFit)

    @property
    def names(self) -> tuple[str, ...]:
        """The clusters' names."""
        return tuple(of.name for of in self.called)

    def assign(self, ids: Sequence[str], vectors: Vectors) -> tuple[Ints, Floats]:
        """Assign articles by their vectors [n, dim]: rows of the model [n], and rounded cosines to the centroids [n].

        An article is in the nearest cluster, or in that where it was, unless another is nearer by `MARGIN`.
        """
        earlier = np.array([self.homes.get(id_, NOWHERE) for id_ in ids], np.int64)
        return assign_again(vectors, self.centroids, rows_of(earlier, self.numbers), MARGIN)

    def assign_block(self, block: Block) -> tuple[Ints, Floats]:
        """Assign a block's articles."""
        return self.assign([article.id for article in block.articles], leading(block.vectors, self.centroids.shape[1]))


def fit_clusters(
    articles: Sequence[Article],
    vectors: Vectors,
    table: TagTable,
    k: int | None,
    previous: PreviousRun = NO_PREVIOUS,
    *,
    refit: bool = False,
) -> ClusterModel:
    """Fit k clusters to vectors [n, dim] of articles, in the order of their ids, and name them.

    Those of the `previous` run go on, with their numbers and names, unless another k or a `refit` is asked for. Without
    k, it is theirs, or chosen by the silhouettes of a sample of about `SWEPT_ARTICLES`. Where the posts of a cluster
    have nothing in common, its name is the title nearest to the centroid.
    """
    earlier = earlier_themes([article.id for article in articles], previous)
    goes_on = previous.has_themes(k) and not refit
    centroids, numbers = follow_themes(earlier, vectors) if goes_on else (vectors[:0], ())
    followed, anew, next_ = bool(numbers), None, previous.next_theme
    if followed:
        anew = objective(vectors, assign(vectors, fit_largest_first(vectors, len(numbers)))[1])
    else:
        centroids = fit_largest_first(vectors, k or _suitable_k(articles, vectors))
        numbers = tuple(range(next_, next_ + len(centroids)))
        next_ += len(centroids)
    clusters, cosines = assign_again(vectors, centroids, rows_of(earlier, numbers), MARGIN)
    titles = [articles[row].title for row in rounded(centroids @ vectors.T).argmax(axis=1)]
    steady = steady_themes(numbers, clusters, earlier, previous)
    return ClusterModel(
        centroids,
        numbers,
        tuple(name_clusters(articles, clusters, table, titles, steady)),
        themes_before(numbers, clusters, earlier, previous),
        previous.members if followed else {},
        ThemeFit(followed, objective(vectors, cosines), anew, next_),
    )


def _suitable_k(articles: Sequence[Article], vectors: Vectors) -> int:
    rows = [row for row, article in enumerate(articles) if sampled(article.id, len(articles), SWEPT_ARTICLES)]
    return choose_k(sweep_clusters(vectors[rows], [()] * len(rows), auto_ks(len(articles))), len(articles))


def nearest_members(members: Iterable[Neighbor], limit: int | None) -> list[Neighbor]:
    """The `limit` nearest of a cluster's members, or all, nearest first, ties by id."""
    return sorted(members, key=lambda member: (-member.score, member.id))[:limit]


def make_cluster(model: ClusterModel, cluster: int, members: Sequence[Neighbor], size: int) -> Cluster:
    """Describe a cluster, by its row of the model, of so many articles by its members, nearest first."""
    return Cluster(
        number=model.numbers[cluster],
        name=model.called[cluster].name,
        size=size,
        tags=model.called[cluster].tags,
        words=model.called[cluster].words,
        articles=tuple(members[:REPRESENTATIVES]),
        members=tuple(members),
        previous=model.before.get(model.numbers[cluster]),
    )


def assign_clusters(model: ClusterModel, ids: Sequence[str], vectors: Vectors) -> tuple[list[Cluster], list[Member]]:
    """Sort articles into fitted clusters by their vectors [n, dim]: the clusters in order, and a Member an article."""
    assigned, scores = model.assign(ids, vectors)
    members: list[Member] = []
    inside: dict[int, list[Neighbor]] = {}
    for id_, cluster, score in zip(ids, assigned.tolist(), scores.tolist(), strict=True):
        members.append(Member(id_, model.numbers[cluster], score))
        inside.setdefault(cluster, []).append(Neighbor(id_, score))
    clusters = [make_cluster(model, at, nearest_members(of, None), len(of)) for at, of in sorted(inside.items())]
    return clusters, members
