"""Nearest neighbours by cosine among the articles of the cells that a query visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import faiss
import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Floats32, Ints, Ints32, Vectors
from transforms.numerics.rounding import DECIMALS
from transforms.numerics.threads import one_thread
from transforms.search.cells import STEP, product_error, round_pairs

QUERIES = 1 << 16
"""So many queries are answered at a time."""
SPARE = 8
"""So many more than are wanted are picked, for those that rounding may move."""
PRODUCTS = 1 << 18
"""At most so many inner products are held at a time."""

SETTLED = 1 << 12
"""So many queries that a tie leaves open are settled at a time."""
SCALE = 10**DECIMALS
ROW_BITS = 40
NOTHING = np.int64(np.iinfo(np.int64).max)
ASKING = 1 << 12
"""At most so many queries are multiplied at a time."""
ROWS = 1 << 12
"""A unit of more vectors is compared so many at a time."""


class CellIndex:
    """Unit vectors [n, dim] kept by `units` int [n], ready to be searched; those of unit `NOBODY` are never found.

    `texts` int64 [n] numbers the texts, so that copies of a query's own can be left out.
    """

    def __init__(self, vectors: Vectors, units: Ints32, texts: Ints | None = None) -> None:
        order = np.argsort(units, kind="stable") if texts is None else np.lexsort((texts, units))
        self._rows = order[np.searchsorted(units, 0, sorter=order) :]
        self._units = units[self._rows]
        self._vectors = np.ascontiguousarray(vectors[self._rows], np.float32)
        self._texts = None if texts is None else texts[self._rows]

    def search(self, queries: Vectors, probes: Ints32, count: int, texts: Ints | None = None) -> tuple[Ints, Floats]:
        """Find for queries [q, dim] the nearest in the units `probes` [q, p]: rows [q, count] and scores [q, count].

        Those of positive score count whose text is not the query's own (`texts` [q]), by rounded score, highest first,
        and ties by row. Where there are fewer, `NOBODY` stands, with a score of 0. The result depends on nothing else:
        what float32 products leave open is settled in float64. One thread.
        """
        found = np.full((len(queries), count), NOBODY, np.int64)
        scores = np.zeros((len(queries), count))
        with one_thread():
            for start in range(0, len(queries), QUERIES):
                part = slice(start, start + QUERIES)
                of_texts = None if texts is None else texts[part]
                found[part], scores[part] = self._search(queries[part], probes[part], count, of_texts)
        return found, scores

    def _search(self, queries: Vectors, probes: Ints32, count: int, texts: Ints | None) -> tuple[Ints, Floats]:
        products, places = self._pick(queries, probes, count + SPARE, texts)
        picked = np.nonzero(places != NOBODY)
        keys = np.full(places.shape, NOTHING)
        keys[picked] = self._keys(products[picked], queries, picked[0], places[picked])
        keys.sort(axis=1)
        found, scores = _read(keys[:, :count])
        slack = STEP / 2 + product_error(queries.shape[1])  # a product this far below a rounded score may round to it
        least = scores[:, -1] - slack
        open_ = np.flatnonzero((products[:, 0] > 0) & (products[:, 0] >= least))
        for start in range(0, len(open_), SETTLED):
            part = open_[start : start + SETTLED]
            of_part = None if texts is None else texts[part]
            found[part], scores[part] = self._settle(queries[part], probes[part], count, least[part], of_part)
        return found, scores

    def _pick(self, queries: Vectors, probes: Ints32, count: int, texts: Ints | None) -> tuple[Floats32, Ints]:
        """Pick the best by float32: products and places [q, count], as heaps, the least first. Empty: 0, `NOBODY`."""
        best = np.zeros((len(queries), count), np.float32)
        places = np.full((len(queries), count), NOBODY, np.int64)
        heaps = faiss.float_minheap_array_t()
        heaps.nh, heaps.k = places.shape
        heaps.val, heaps.ids = faiss.swig_ptr(best), faiss.swig_ptr(places)
        for asking, first, products in self._products(queries, probes, texts):
            here = np.arange(first, first + products.shape[1])
            heaps.addn_query_subset_with_ids(
                len(asking), faiss.swig_ptr(asking), len(here), faiss.swig_ptr(products), faiss.swig_ptr(here), 0
            )
        return best, places

    def _settle(
        self, queries: Vectors, probes: Ints32, count: int, least: Floats, texts: Ints | None
    ) -> tuple[Ints, Floats]:
        """Score in float64 whatever reaches `least` [q] in float32, and find the best of it."""
        best = np.full((len(queries), count), NOTHING)
        bounds = np.maximum(np.nextafter(least.astype(np.float32), np.float32(-1)), np.finfo(np.float32).tiny)
        waiting: list[tuple[Floats32, Ints, Ints]] = []
        total = 0
        for asking, first, products in self._products(queries, probes, texts):
            lines, columns = np.nonzero(products >= bounds[asking, None])
            waiting.append((products[lines, columns], asking[lines], first + columns))
            total += len(lines)
            if total >= PRODUCTS:
                self._keep_best(best, queries, waiting)
                waiting, total = [], 0
        self._keep_best(best, queries, waiting)
        return _read(best)

    def _keep_best(self, best: Ints, queries: Vectors, found: Sequence[tuple[Floats32, Ints, Ints]]) -> None:
        """Merge products, queries and places into the `best` keys [q, count], in place."""
        if not found:
            return
        products, asking, places = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        keys = self._keys(products, queries, asking, places)
        better = keys < best[asking, -1]  # of many ties hardly any
        asking, keys = asking[better], keys[better]
        order = np.lexsort((keys, asking))
        lines, keys = asking[order], keys[order]
        ranks = np.arange(len(lines)) - np.searchsorted(lines, lines)
        kept = ranks < best.shape[1]
        new = np.full(best.shape, NOTHING)
        new[lines[kept], ranks[kept]] = keys[kept]
        best[:] = np.sort(np.concatenate([best, new], axis=1), axis=1)[:, : best.shape[1]]

    def _products(self, queries: Vectors, probes: Ints32, texts: Ints | None) -> Iterator[tuple[Ints, int, Floats32]]:
        """Multiply the queries of each unit with its vectors: the queries, the first place, products [asking, places].

        A copy's product is -1. The products are overwritten by the next ones.
        """
        asked = np.empty((ASKING, queries.shape[1]), np.float32)
        held = np.empty(PRODUCTS, np.float32)
        flat = probes.ravel()
        order = np.argsort(flat, kind="stable")
        units, starts = np.unique(flat[order], return_index=True)
        ends = np.append(starts, len(flat))[1:]
        firsts, lasts = np.searchsorted(self._units, units), np.searchsorted(self._units, units, "right")
        visiting = order // max(probes.shape[1], 1)
        for start, end, first_of_unit, last in zip(starts, ends, firsts, lasts, strict=True):
            for first in range(first_of_unit, last, ROWS):
                here = slice(first, min(first + ROWS, last))
                step = min(PRODUCTS // (here.stop - first), ASKING)
                for at in range(start, end, step):
                    asking = visiting[at : min(at + step, end)]
                    left = np.take(queries, asking, axis=0, out=asked[: len(asking)], mode="clip")
                    shape = len(asking), here.stop - first
                    products = held[: shape[0] * shape[1]].reshape(shape)
                    np.matmul(left, self._vectors[here].T, out=products)
                    if texts is not None and self._texts is not None:
                        products[_equal_pairs(texts[asking], self._texts[here])] = -1
                    yield asking, first, products

    def _keys(self, products: Floats32, queries: Vectors, asking: Ints, places: Ints) -> Ints:
        """Make of the products of queries and places keys int64 [pairs] that sort by rounded score, then row."""
        scores = round_pairs(products, queries, asking, self._vectors, places)
        steps = np.rint(scores * SCALE).astype(np.int64)
        return np.where(steps > 0, (2 * SCALE - steps) << ROW_BITS | self._rows[places], NOTHING)


def _read(keys: Ints) -> tuple[Ints, Floats]:
    """Take rows and scores out of keys."""
    there = keys != NOTHING
    scores = (2 * SCALE - (keys >> ROW_BITS)) / SCALE
    return np.where(there, keys & ((1 << ROW_BITS) - 1), NOBODY), np.where(there, scores, 0.0)


def _equal_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Find the places of equal numbers in [m] and ascending [n > 0]: two arrays of places."""
    first = np.searchsorted(right, left)
    equal = np.flatnonzero(right[np.minimum(first, len(right) - 1)] == left)
    first = first[equal]
    lengths = np.searchsorted(right, left[equal], "right") - first
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(equal, lengths), np.repeat(first, lengths) + within
