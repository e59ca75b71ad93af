"""What is known of each tag from the articles that carry it, with any one article taken out again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.corpus.tag_table import FIXED_POINT, TagTable
from transforms.numerics.arrays import Floats, Vectors
from transforms.numerics.ridge import Ridge, fit_ridge


@dataclass(frozen=True, eq=False)
class TagStatistics:
    """The tagged articles' number `posts`, and by tag: `counts` [tags], `sums` of vectors [tags, dim], a ridge map."""

    posts: int
    counts: Floats
    sums: Floats
    ridge: Ridge

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

    def ridge_scores(self, vectors: Vectors, carried: Floats) -> Floats:
        """Map [n, dim] to tags [n, tags], leaving out of the fit each article that took part in it."""
        precise = vectors.astype(np.float64)
        took_part = carried.any(axis=1)
        scores = self.ridge.predict(precise)
        scores[took_part] = self.ridge.leave_one_out(precise[took_part], carried[took_part])
        return scores


def tag_statistics(table: TagTable) -> TagStatistics:
    """Turn a table's sums in fixed point into what is known of each tag."""
    counts = table.counts.astype(np.float64)
    sums, total, gram = (array / FIXED_POINT for array in (table.sums, table.total, table.gram))
    return TagStatistics(table.posts, counts, sums, fit_ridge(gram, total, sums, counts / max(table.posts, 1)))
