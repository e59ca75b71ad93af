"""How a corpus is searched: exactly, or by cells, as many of them as its own neighbours ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, AsSingleton, PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from transforms.corpus.blocks import text_numbers
from transforms.corpus.languages import BlogLanguages, kinship
from transforms.numerics.arrays import Floats, Ints, Ints32, Vectors, leading
from transforms.numerics.kmeans import QUICK, fit_spherical_kmeans
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_iter, as_singleton
from transforms.records import Block
from transforms.results import SearchMethod
from transforms.sampling import FIT_ARTICLES, is_large, sampled
from transforms.search.cells import cell_depths, nearest_cells, number_of_cells
from transforms.search.plan import SearchPlan, choose_nprobe, depths_to_beat, merge_depths, plan_cells, plan_exact

QUERIES = 400
"""The recall is measured on about so many articles."""
SHARD_ARTICLES = 50_000
"""A worker searches about so many articles at a time, where there are several."""
SPLIT_ARTICLES = 10_000
"""A cell of more articles is split."""

Depths = tuple[Floats, Ints32]
Sample = tuple[list[str], Vectors, Ints, Ints]
"""Ids, unit vectors [m, dim], numbers of the texts [m] and of the groups [m] of some articles."""


@dataclass(frozen=True, eq=False)
class Trained:
    """Cells, and queries to measure them by.

    `centroids` float32 [cells, dim] with about `sizes` int64 [cells] articles each; `queries` float32 [q, dim], their
    `texts` int64 [q] and `groups` int64 [q].
    """

    centroids: Vectors
    sizes: Ints
    queries: Vectors
    texts: Ints
    groups: Ints


def uses_cells(method: SearchMethod, corpus_size: int) -> bool:
    """Tell whether a corpus of so many articles is searched by cells."""
    return method == "ivf" or (method == "auto" and is_large(corpus_size))


def join_samples(parts: Sequence[Sample]) -> Sample:
    """Join samples as they come."""
    vectors, texts, groups = (np.concatenate([part[at] for part in parts]) for at in (1, 2, 3))
    return [id_ for part in parts for id_ in part[0]], vectors, texts, groups


def train(parts: Iterable[Sample], corpus_size: int) -> Trained:
    """Fit cells to samples of a corpus of so many articles, given in any order, and choose the queries."""
    ids, vectors, texts, groups = join_samples(list(parts))
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    vectors, texts, groups = vectors[order], texts[order], groups[order]
    centroids = fit_spherical_kmeans(vectors, number_of_cells(corpus_size), QUICK)
    found = np.bincount(nearest_cells(vectors, centroids, 1)[:, 0], minlength=len(centroids))
    asked = np.array([place for place, row in enumerate(order) if sampled(ids[row], corpus_size, QUERIES)], np.int64)
    queries = vectors[asked]
    sizes = -(-found * max(corpus_size, len(ids)) // max(1, len(ids)))
    return Trained(centroids, sizes, queries, texts[asked], groups[asked])


@dataclass(eq=False, repr=False)
class PlanSearch(Composite):
    """Blocks -> one SearchPlan, by a method and the share of neighbours to find; `languages` are the BlogLanguages.

    `corpus_size` is the number of articles. A worker searches `shard_articles` at a time; None for all at once, in one
    process.
    """

    corpus_size: PCollection[int]
    method: SearchMethod
    target: float
    languages: AsSingleton
    shard_articles: int | None = SHARD_ARTICLES

    def expand(self, blocks: PCollection[Block]) -> PCollection[SearchPlan]:
        """Sample, fit cells, compare some articles with all to see how many cells find their neighbours, plan."""
        if self.method == "exact":
            return self.corpus_size | "Exact" >> beam.Map(_exact)
        corpus_size = as_singleton(self.corpus_size, "files")
        trained = (
            blocks
            | "SampleBlocks" >> beam.FlatMap(_sample, corpus_size, self.languages, self.method)
            | "Join" >> beam.ParDo(JoinFn(join_samples, _count))
            | "Train" >> Gather(_train, corpus_size)
        )
        the_cells = as_iter(trained, "cells")
        found = (
            blocks
            | "MeasureDepths" >> beam.ParDo(_DepthsFn(), the_cells, self.languages)
            | "MergeDepths" >> beam.CombineGlobally(_merge_depths).without_defaults()
        )
        return self.corpus_size | "Choose" >> beam.Map(
            _plan, the_cells, AsIter(found), self.target, self.shard_articles
        )


def _exact(_: int) -> SearchPlan:
    return plan_exact(1)


def _sample(block: Block, corpus_size: int, languages: BlogLanguages, method: SearchMethod) -> Iterator[Sample]:
    if uses_cells(method, corpus_size):
        rows = [row for row, article in enumerate(block.articles) if sampled(article.id, corpus_size, FIT_ARTICLES)]
        near = leading(block.vectors[rows], block.encoder.neighbor_dim)
        groups = kinship([block.articles[row] for row in rows], languages).groups
        yield [block.articles[row].id for row in rows], near, text_numbers(block)[rows], groups


def _count(sample: Sample) -> int:
    return len(sample[0])


def _train(parts: Sequence[Sample], corpus_size: int) -> Trained:
    with measured("fit cells", sum(len(part[0]) for part in parts)):
        return train(parts, corpus_size)


class _DepthsFn(beam.DoFn):
    """Keeps the queries' nearest of all blocks in a bundle, so that only what comes nearer has its cell looked up."""

    def start_bundle(self) -> None:
        """Begin with nobody."""
        self.best: Depths | None = None
        self.of_cells: Ints32 | None = None

    def process(self, block: Block, trained: Iterable[Trained], languages: BlogLanguages) -> None:
        """Look for nearer ones in a block."""
        for cells in trained:
            with measured("measure recall", len(block)):
                if self.of_cells is None:
                    self.of_cells = cell_depths(cells.queries, cells.centroids)
                near = leading(block.vectors, cells.centroids.shape[1])
                groups = kinship(block.articles, languages).groups
                self.best = depths_to_beat(
                    self.best,
                    cells.queries,
                    cells.texts,
                    near,
                    text_numbers(block),
                    cells.centroids,
                    self.of_cells,
                    groups=(cells.groups, groups),
                )

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yield the nearest."""
        if self.best is not None:
            yield GlobalWindows.windowed_value(self.best)


def _merge_depths(parts: Iterable[Depths]) -> Depths:
    return merge_depths(list(parts))


def _plan(
    corpus_size: int, trained: Iterable[Trained], found: Iterable[Depths], target: float, shard_articles: int | None
) -> SearchPlan:
    cells, measures = list(trained), list(found)
    if not cells or not measures:
        return plan_exact(1)
    with measured("plan search"):
        nprobe, recall = choose_nprobe(*measures[0], target)
        shards = 1 if shard_articles is None else max(1, -(-corpus_size // shard_articles))
        return plan_cells(cells[0].centroids, cells[0].sizes, shards, SPLIT_ARTICLES, nprobe, recall)
