"""Where each article is kept in a search by cells, which cells a query visits, and how much is found that way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Ints, Ints32, Vectors
from transforms.numerics.rounding import rounded
from transforms.search.cells import cells_in_reach, nearest_cells

FAR = np.iinfo(np.int32).max
"""The depth of nobody."""
UNEVEN = 4
"""A query may visit so many times as many articles as its cells hold on average."""


@dataclass(frozen=True, eq=False)
class SearchPlan:
    """A plan of which article is kept where, and which a query is compared with.

    `centroids` float32 unit rows [cells, dim]; `parts` int64 [cells], into how many units each cell is split; `shards`
    int64 [units], where each unit is kept, the units of a cell one after another in the order of the cells. A query
    visits the cells of a depth below `nprobe`, so at most as many, which finds the share `recall` of its neighbours; of
    the units of cells with `sizes` [cells] expected, none after it has been compared with `most` articles. Without
    cells every query visits every unit.
    """

    centroids: Vectors
    parts: Ints
    shards: Ints
    nprobe: int
    recall: float
    sizes: Ints
    most: int

    @property
    def exact(self) -> bool:
        """Whether every query is compared with every article."""
        return not len(self.centroids)

    @property
    def shard_count(self) -> int:
        """How many shards there are."""
        return int(self.shards.max(initial=0)) + 1

    def shards_of(self, units: Ints32) -> Ints32:
        """Tell on which shards units are kept, whatever the shape; `NOBODY` stays."""
        return np.where(units == NOBODY, NOBODY, self.shards[units]).astype(np.int32)

    def homes(self, vectors: Vectors, keys: Ints) -> Ints32:
        """Place articles of unit rows [n, dim] and hashes `keys` [n]: units int32 [n], `NOBODY` for zero rows."""
        if self.exact:
            units = keys % len(self.shards)
        else:
            cells = nearest_cells(vectors, self.centroids, 1)[:, 0]
            units = _first_units(self.parts)[cells] + keys % self.parts[cells]
        empty = ~np.any(vectors, axis=1)
        return np.where(empty, NOBODY, units).astype(np.int32)

    def probes(self, vectors: Vectors) -> Ints32:
        """List the units to visit for queries [n, dim]: int32 [n, most], padded with `NOBODY`; none for zero rows."""
        if self.exact:
            units = np.broadcast_to(np.arange(len(self.shards)), (len(vectors), len(self.shards)))
        else:
            cells = cells_in_reach(vectors, self.centroids, self.nprobe)
            within = np.arange(self.parts[cells].max(initial=1))
            of_cells = _first_units(self.parts)[cells][:, :, None] + within
            there = (within < self.parts[cells][:, :, None]) & (cells != NOBODY)[:, :, None]
            loads = np.where(there, (self.sizes / self.parts)[cells][:, :, None], 0).reshape(len(cells), -1)
            before = np.cumsum(loads, axis=1) - loads
            visited = there.reshape(len(cells), -1) & (before < self.most)
            units = _packed(np.where(visited, of_cells.reshape(len(cells), -1), NOBODY))
        empty = ~np.any(vectors, axis=1, keepdims=True)
        return np.where(empty, NOBODY, units).astype(np.int32)


def plan_exact(shards: int) -> SearchPlan:
    """Plan an exact search: articles are spread over `shards` by their keys, and every query visits all."""
    nothing = np.zeros(0, np.int64)
    return SearchPlan(np.zeros((0, 0), np.float32), nothing, np.arange(shards), 0, 1.0, nothing, 0)


def plan_cells(
    centroids: Vectors, sizes: Ints, shards: int, limit: int, nprobe: int, recall: float = 1.0
) -> SearchPlan:
    """Split cells of more than `limit` articles into parts and lay the parts on shards of about equal size.

    `sizes` [cells] are the articles expected in each cell. Cells near each other are kept on one shard, so that a query
    visits few. It is compared with `limit` articles and `UNEVEN` times those of `nprobe` cells at most: where all are
    alike, nearly all are in few cells.
    """
    nprobe = min(nprobe, len(centroids))
    most = limit + math.ceil(UNEVEN * nprobe * sizes.mean())
    parts = np.maximum(-(-sizes // limit), 1).astype(np.int64)
    order = _leaf_order(centroids)
    loads = np.repeat(np.maximum(sizes[order], 1) / parts[order], parts[order])
    middles = np.cumsum(loads) - loads / 2
    laid = np.minimum(middles / max(loads.sum(), 1) * shards, shards - 1).astype(np.int64)
    units = np.concatenate([_first_units(parts)[cell] + np.arange(parts[cell]) for cell in order])
    of_units = np.empty(len(units), np.int64)
    of_units[units] = laid
    return SearchPlan(centroids, parts, of_units, nprobe, recall, sizes, most)


def describe_plan(plan: SearchPlan) -> dict[str, Any]:
    """Describe a plan for run.json."""
    if plan.exact:
        return {"method": "exact", "cells": None, "nprobe": None, "recall": 1.0}
    return {"method": "ivf", "cells": len(plan.centroids), "nprobe": plan.nprobe, "recall": round(plan.recall, 4)}


def depths_to_beat(
    best: tuple[Floats, Ints32] | None,
    queries: Vectors,
    query_texts: Ints,
    vectors: Vectors,
    texts: Ints,
    centroids: Vectors,
    of_cells: Ints32,
    count: int = 10,
    groups: tuple[Ints, Ints] | None = None,
) -> tuple[Floats, Ints32]:
    """Find the queries' nearest of other texts, and how deep each lies, in one block and what is the `best` so far.

    Where `groups` are given, of the queries [Q] and the vectors [n], only those of a query's own count. Queries [Q,
    dim] have texts [Q] and cells of depths `of_cells` [Q, cells]; the block's vectors [n, dim] have texts [n], and
    cells that are looked up only for what may be among the best. A neighbour is as deep as its cell, so that visiting
    the cells of that depth finds it. Returns rounded scores and depths [Q, count], best first, ties by depth; a score
    of 0 and `FAR` where there are fewer.
    """
    scores = rounded(_products(queries, vectors))
    scores[query_texts[:, None] == texts] = 0
    if groups is not None:
        scores[groups[0][:, None] != groups[1]] = 0
    least = np.zeros(len(queries)) if best is None else best[0][:, -1]
    rows = np.flatnonzero(np.any((scores > 0) & (scores >= least[:, None]), axis=0))
    homes = nearest_cells(vectors[rows], centroids, 1)[:, 0]
    found = _best(np.maximum(scores[:, rows], 0), of_cells[:, homes], count)
    return found if best is None else merge_depths([best, found])


def merge_depths(parts: Sequence[tuple[Floats, Ints32]]) -> tuple[Floats, Ints32]:
    """Merge the depths found in several blocks, each of the same queries and count."""
    scores, deep = (np.concatenate(arrays, axis=1) for arrays in zip(*parts, strict=True))
    return _best(scores, deep, parts[0][0].shape[1])


def choose_nprobe(scores: Floats, depths: Ints32, target: float) -> tuple[int, float]:
    """Choose below which depth to visit cells: the least that finds the share `target` of neighbours, and that share.

    `scores` and `depths` [Q, count] are those of all blocks merged.
    """
    found = np.sort(depths[scores > 0])
    if not len(found):
        return 1, 1.0
    needed = min(max(int(np.ceil(target * len(found) - 1e-9)), 1), len(found))
    nprobe = int(found[needed - 1]) + 1
    return nprobe, float(np.searchsorted(found, nprobe) / len(found))


def _best(scores: Floats, depths: Ints32, count: int) -> tuple[Floats, Ints32]:
    depths = np.where(scores > 0, depths, FAR)
    if scores.shape[1] < count:
        short = ((0, 0), (0, count - scores.shape[1]))
        return _best(np.pad(scores, short), np.pad(depths, short), count)
    least = np.partition(scores, -count, axis=1)[:, [-count]]
    ranked = np.where(scores >= least, -scores, np.inf)
    order = np.lexsort((depths, ranked), axis=1)[:, :count]
    return np.take_along_axis(scores, order, 1), np.take_along_axis(depths, order, 1)


def _products(left: Vectors, right: Vectors) -> Floats:
    products: Floats = left.astype(np.float64) @ right.astype(np.float64).T
    return products


def _first_units(parts: Ints) -> Ints:
    return np.cumsum(parts) - parts


def _packed(units: Ints) -> Ints:
    """Move the padding to the right and cut off what no row needs."""
    gaps = units == NOBODY
    order = np.argsort(gaps, axis=1, kind="stable")
    packed: Ints = np.take_along_axis(units, order, 1)[:, : (~gaps).sum(axis=1).max(initial=0)]
    return packed


def _leaf_order(centroids: Vectors) -> Ints:
    if len(centroids) < 2:
        return np.arange(len(centroids))
    from scipy.cluster.hierarchy import leaves_list, linkage

    leaves: Ints = leaves_list(linkage(centroids.astype(np.float64), "ward")).astype(np.int64)
    return leaves
