"""Clusters: spherical k-means over the articles' vectors, and what tells each from the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Vectors
from transforms.numerics.kmeans import assign, fit_largest_first, objective
from transforms.numerics.rounding import rounded
from transforms.previous import NO_PREVIOUS, PreviousRun
from transforms.records import Article
from transforms.results import Cluster, Member, Neighbor, ThemeBefore, ThemeFit
from transforms.sampling import sampled
from transforms.themes.following import earlier_themes, follow_themes, steady_themes, themes_before
from transforms.themes.names import ClusterName, name_clusters
from transforms.themes.quality import SWEPT_ARTICLES, auto_ks, choose_k, sweep_clusters

REPRESENTATIVES = 4


@dataclass(frozen=True, eq=False)
class ClusterModel:
    """Fitted clusters: `centroids` float32 unit rows [k, dim], the number of each, and how it is `called`.

    They are in the order of their numbers; those found anew have the largest first. `before` says, by number, what
    those were that go on from an earlier run, and `fit` how well all of them do.
    """

    centroids: Vectors
    numbers: tuple[int, ...]
    called: tuple[ClusterName, ...]
    before: Mapping[int, ThemeBefore] = field(default_factory=dict)
    fit: ThemeFit = field(default_factory=ThemeFit)

    @property
    def names(self) -> tuple[str, ...]:
        """The clusters' names."""
        return tuple(of.name for of in self.called)


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
    if numbers:
        anew = fit_largest_first(vectors, len(previous.themes))
        of = objective(vectors, centroids), objective(vectors, anew)
        fit = ThemeFit(True, *of, next=previous.next_theme)
    else:
        centroids = fit_largest_first(vectors, k or _suitable_k(articles, vectors))
        numbers = tuple(range(previous.next_theme, previous.next_theme + len(centroids)))
        fit = ThemeFit(objective=objective(vectors, centroids), next=numbers[-1] + 1)
    clusters = assign(vectors, centroids)[0]
    titles = [articles[row].title for row in rounded(centroids @ vectors.T).argmax(axis=1)]
    steady = steady_themes(numbers, clusters, earlier, previous)
    called = tuple(name_clusters(articles, clusters, table, titles, steady))
    return ClusterModel(centroids, numbers, called, themes_before(numbers, clusters, earlier, previous), fit)


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
    assigned, scores = assign(vectors, model.centroids)
    members: list[Member] = []
    inside: dict[int, list[Neighbor]] = {}
    for id_, cluster, score in zip(ids, assigned.tolist(), scores.tolist(), strict=True):
        members.append(Member(id_, model.numbers[cluster], score))
        inside.setdefault(cluster, []).append(Neighbor(id_, score))
    clusters = [make_cluster(model, at, nearest_members(of, None), len(of)) for at, of in sorted(inside.items())]
    return clusters, members
