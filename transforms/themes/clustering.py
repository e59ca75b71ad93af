"""A corpus's clusters fitted, and its articles assigned to them, in a pipeline."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Vectors, leading
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.previous import PreviousRun
from transforms.records import Article, Block
from transforms.results import Cluster, Member, Neighbor
from transforms.sampling import FIT_ARTICLES, is_large, sampled
from transforms.themes.clusters import ClusterModel, fit_clusters, make_cluster, nearest_members

LISTED_MEMBERS = 1_000
"""A cluster of a large corpus lists so many of its members."""


@dataclass(eq=False, repr=False)
class FitClusters(Composite):
    """Blocks -> one ClusterModel, fitted on a sample of a large corpus.

    Without `k`, it is chosen by the clusters' silhouettes. `table` is the TagTable, `corpus_size` the number of
    files, and `previous` the PreviousRun whose clusters go on, unless a `refit` is asked for.
    """

    k: int | None
    table: AsSingleton
    corpus_size: AsSingleton
    previous: AsSingleton
    _: KW_ONLY
    refit: bool = False

    def expand(self, blocks: PCollection[Block]) -> PCollection[ClusterModel]:
        """Sample, gather, fit."""
        return (
            blocks
            | "SampleBlocks" >> beam.Map(_sample_block, self.corpus_size)
            | "Join" >> beam.ParDo(JoinFn(_join_samples, len))
            | "Fit" >> Gather(functools.partial(_fit, k=self.k, refit=self.refit), self.table, self.previous)
        )


@dataclass(eq=False, repr=False)
class AssignClusters(Composite):
    """Blocks -> the Clusters of a ClusterModel, and the Members, every article in one cluster.

    `corpus_size` is the number of articles: of a large one a Cluster lists its `LISTED_MEMBERS` nearest.
    """

    model: AsSingleton
    corpus_size: AsSingleton

    def expand(self, blocks: PCollection[Block]) -> tuple[PCollection[Cluster], PCollection[Member]]:
        """Assign a block at a time, keep the nearest of each bundle, group by cluster, describe."""
        assigned = blocks | "Assign" >> beam.ParDo(_Assign(), self.model, self.corpus_size).with_outputs(
            _Assign.NEAREST, main="members"
        )
        clusters = (
            assigned[_Assign.NEAREST]
            | "GroupByCluster" >> beam.GroupByKey()
            | "Describe" >> beam.Map(_describe, self.model, self.corpus_size)
        )
        return clusters, assigned.members


class _Assign(beam.DoFn):
    """Blocks -> Members; under NEAREST, at the end of a bundle, each cluster with its size and nearest in it."""

    NEAREST = "nearest"

    def start_bundle(self) -> None:
        self.nearest: dict[int, list[Neighbor]] = {}
        self.sizes: Counter[int] = Counter()
        self.limit: int | None = None

    def process(self, block: Block, model: ClusterModel, corpus_size: int) -> Iterator[Member]:
        self.limit = _limit(corpus_size)
        with measured("assign clusters", len(block)):
            clusters, scores = model.assign_block(block)
        for article, cluster, score in zip(block.articles, clusters.tolist(), scores.tolist(), strict=True):
            self.sizes[cluster] += 1
            self.nearest.setdefault(cluster, []).append(Neighbor(article.id, score))
            yield Member(article.id, model.numbers[cluster], score)
        for cluster, members in self.nearest.items():
            if self.limit and len(members) > 2 * self.limit:
                self.nearest[cluster] = nearest_members(members, self.limit)

    def finish_bundle(self) -> Iterator[TaggedOutput]:
        for cluster, members in self.nearest.items():
            part = cluster, (self.sizes[cluster], nearest_members(members, self.limit))
            yield TaggedOutput(self.NEAREST, GlobalWindows.windowed_value(part))


def _limit(corpus_size: int) -> int | None:
    return LISTED_MEMBERS if is_large(corpus_size) else None


@dataclass(frozen=True, eq=False)
class _Sample:
    """Some articles of a block and their vectors [n, dim]: one object, where of a list Beam pickles item by item."""

    articles: list[Article]
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.articles)


def _sample_block(block: Block, corpus_size: int) -> _Sample:
    rows = [row for row, article in enumerate(block.articles) if sampled(article.id, corpus_size, FIT_ARTICLES)]
    vectors = leading(block.vectors[rows], block.encoder.neighbor_dim)
    return _Sample([block.articles[row] for row in rows], vectors)


def _join_samples(samples: Sequence[_Sample]) -> _Sample:
    articles = [article for sample in samples for article in sample.articles]
    return _Sample(articles, np.concatenate([sample.vectors for sample in samples]))


def _fit(
    samples: Sequence[_Sample], table: TagTable, previous: PreviousRun, *, k: int | None, refit: bool
) -> ClusterModel:
    whole = _join_samples(samples)
    order = sorted(range(len(whole.articles)), key=lambda row: whole.articles[row].id)
    with measured("fit clusters", len(order)):
        return fit_clusters(
            [whole.articles[row] for row in order], whole.vectors[order], table, k, previous, refit=refit
        )


def _describe(
    group: tuple[int, Iterable[tuple[int, list[Neighbor]]]], model: ClusterModel, corpus_size: int
) -> Cluster:
    cluster, parts = group[0], list(group[1])
    members = nearest_members((member for _, nearest in parts for member in nearest), _limit(corpus_size))
    return make_cluster(model, cluster, members, sum(size for size, _ in parts))
