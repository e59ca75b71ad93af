"""What is known of each tag from the articles that carry it, with any one article taken out again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.corpus.tag_table import FIXED_POINT, TagTable
from transforms.numerics.arrays import Floats, Vectors
from transforms.numerics.ridge import PENALTY, Ridge, fit_ridge

PENALTIES = (PENALTY, PENALTY / 5)
"""Of the ridge maps: a strict one, and a loose one that follows single words further."""


@dataclass(frozen=True, eq=False)
class TagStatistics:
    """The tagged articles' number `posts`, and by tag: `counts` [tags], `sums` of vectors [tags, dim], ridge maps.

    `names` [tags, dim] are the encoded names.
    """

    posts: int
    counts: Floats
    sums: Floats
    names: Floats
    ridges: tuple[Ridge, ...]

    def mean_cosines(self, vectors: Vectors, carried: Floats) -> Floats:
        """Compare [n, dim] with the mean vector of each tag, from which each article that carries it is taken out.

        `carried` [n, tags] are the articles' own tags; the cosine is 0 where nobody else carries a tag.
        """
        precise = vectors.astype(np.float64)
        dots = precise @ self.sums.T
        lengths = (precise**2).sum(axis=1, keepdims=True)
        squares = (self.sums**2).sum(axis=1) - carried * (2 * dots - lengths)
        known = (self.counts - carried > 0) & (squares > 1e-12)
        cosines: Floats = np.where(known, (dots - carried * lengths) / np.sqrt(np.where(known, squares, 1)), 0.0)
        return cosines

    def name_cosines(self, vectors: Vectors) -> Floats:
        """Compare [n, dim] with the encoded name of each tag: [n, tags]."""
        cosines: Floats = vectors.astype(np.float64) @ self.names.T
        return cosines

    def ridge_scores(self, vectors: Vectors, carried: Floats) -> list[Floats]:
        """Map [n, dim] to tags [n, tags] by each ridge map, leaving out of the fit each article that took part in it.

        The maps are the classifiers of each tag on the words, in the coordinates of the vectors.
        """
        precise = vectors.astype(np.float64)
        took_part = carried.any(axis=1)
        scores = [ridge.predict(precise) for ridge in self.ridges]
        for ridge, of_ridge in zip(self.ridges, scores, strict=True):
            of_ridge[took_part] = ridge.leave_one_out(precise[took_part], carried[took_part])
        return scores


def tag_statistics(table: TagTable) -> TagStatistics:
    """Turn a table's sums in fixed point into what is known of each tag."""
    counts = table.counts.astype(np.float64)
    sums, total, gram = (array / FIXED_POINT for array in (table.sums, table.total, table.gram))
    base = counts / max(table.posts, 1)
    ridges = tuple(fit_ridge(gram, total, sums, base, penalty) for penalty in PENALTIES)
    return TagStatistics(table.posts, counts, sums, table.name_vectors.astype(np.float64), ridges)
