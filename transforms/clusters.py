"""Clusters: spherical k-means over the articles' vectors, named by the tags nearest to each centroid."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from transforms.corpus.tag_table import TagTable, mean_vectors
from transforms.numerics.arrays import Vectors, leading
from transforms.numerics.kmeans import assign, fit_largest_first
from transforms.numerics.rounding import best_columns, rounded
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.records import Article, Block
from transforms.results import Cluster, Member, Neighbor, ScoredTag
from transforms.sampling import FIT_ARTICLES, is_large, sampled

NAME_TAGS = 3
LISTED_TAGS = 10
REPRESENTATIVES = 4
LISTED_MEMBERS = 1_000
"""A cluster of a large corpus lists so many of its members."""


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
        from transforms.cluster_quality import choose_k, quality_ks, sweep_clusters

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


class FitClusters(beam.PTransform):
    """Blocks -> one ClusterModel, fitted on a sample of a large corpus.

    Without `k`, it is chosen by the clusters' silhouettes. `table` is the TagTable, `files` the number of files in the
    corpus.
    """

    def __init__(self, k: int | None, table: AsSingleton, files: AsSingleton) -> None:
        super().__init__()
        self.k = k
        self.table = table
        self.files = files

    def expand(self, blocks: PCollection[Block]) -> PCollection[ClusterModel]:
        """Sample, gather, fit."""
        return (
            blocks
            | "SampleBlocks" >> beam.Map(_sample_block, self.files)
            | "Fit" >> Gather(functools.partial(_fit, k=self.k), self.table)
        )


class AssignClusters(beam.PTransform):
    """Blocks -> the Clusters of a ClusterModel, and the Members, every article in one cluster.

    `files` is the number of files in the corpus: of a large one a Cluster lists its `LISTED_MEMBERS` nearest.
    """

    def __init__(self, model: AsSingleton, files: AsSingleton) -> None:
        super().__init__()
        self.model = model
        self.files = files

    def expand(self, blocks: PCollection[Block]) -> tuple[PCollection[Cluster], PCollection[Member]]:
        """Assign a block at a time, keep the nearest of each bundle, group by cluster, describe."""
        assigned = blocks | "Assign" >> beam.ParDo(_Assign(), self.model, self.files).with_outputs(
            _Assign.NEAREST, main="members"
        )
        clusters = (
            assigned[_Assign.NEAREST]
            | "GroupByCluster" >> beam.GroupByKey()
            | "Describe" >> beam.Map(_describe, self.model, self.files)
        )
        return clusters, assigned.members


class _Assign(beam.DoFn):
    """Blocks -> Members; under NEAREST, at the end of a bundle, each cluster with its size and nearest in it."""

    NEAREST = "nearest"

    def start_bundle(self) -> None:
        self.nearest: dict[int, list[Neighbor]] = {}
        self.sizes: Counter[int] = Counter()
        self.limit: int | None = None

    def process(self, block: Block, model: ClusterModel, files: int) -> Iterator[Member]:
        self.limit = _limit(files)
        with measured("assign clusters", len(block)):
            clusters, scores = assign(leading(block.vectors, model.centroids.shape[1]), model.centroids)
        for article, cluster, score in zip(block.articles, clusters.tolist(), scores.tolist(), strict=True):
            self.sizes[cluster] += 1
            self.nearest.setdefault(cluster, []).append(Neighbor(article.id, score))
            yield Member(article.id, cluster + 1, score)
        for cluster, members in self.nearest.items():
            if self.limit and len(members) > 2 * self.limit:
                self.nearest[cluster] = nearest_members(members, self.limit)

    def finish_bundle(self) -> Iterator[TaggedOutput]:
        for cluster, members in self.nearest.items():
            part = cluster, (self.sizes[cluster], nearest_members(members, self.limit))
            yield TaggedOutput(self.NEAREST, GlobalWindows.windowed_value(part))


def _limit(files: int) -> int | None:
    return LISTED_MEMBERS if is_large(files) else None


def _sample_block(block: Block, files: int) -> tuple[list[Article], Vectors]:
    rows = [row for row, article in enumerate(block.articles) if sampled(article.id, files, FIT_ARTICLES)]
    return [block.articles[row] for row in rows], leading(block.vectors[rows], block.encoder.neighbor_dim)


def _fit(samples: Sequence[tuple[list[Article], Vectors]], table: TagTable, k: int | None) -> ClusterModel:
    articles = [article for chunk, _ in samples for article in chunk]
    order = sorted(range(len(articles)), key=lambda row: articles[row].id)
    vectors = np.concatenate([vectors for _, vectors in samples])[order]
    with measured("fit clusters", len(articles)):
        return fit_clusters([articles[row] for row in order], vectors, table, k)


def _describe(group: tuple[int, Iterable[tuple[int, list[Neighbor]]]], model: ClusterModel, files: int) -> Cluster:
    cluster, parts = group[0], list(group[1])
    members = nearest_members((member for _, nearest in parts for member in nearest), _limit(files))
    return make_cluster(model, cluster, members, sum(size for size, _ in parts))
