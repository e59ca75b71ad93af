"""The tagged articles in the order of their dates: what the blog wrote about around a day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.corpus.chronology import DateKey
from transforms.numerics.arrays import Floats

CONTEMPORARIES = 30
"""How many tagged articles before an article, and after it, tell what the blog was about at that time."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """Tagged articles in the order of their dates: their sorted `keys` [m] and the tags that they carry, csr [m, tags].

    `newest` is the day of the newest of all articles, tagged or not, as a proleptic ordinal; NaN where none is dated.
    """

    keys: list[DateKey]
    carriers: sparse.csr_matrix
    newest: float

    def around(self, keys: Sequence[DateKey]) -> tuple[sparse.csr_matrix, Floats, Floats]:
        """Count the tags of the articles around each key: csr [q, tags], how many these are [q], never itself.

        Also returns the share of the articles that come later [q].
        """
        place = np.array([bisect_left(self.keys, key) for key in keys], np.int64)
        own = np.array(
            [at < len(self.keys) and self.keys[at] == key for at, key in zip(place, keys, strict=True)], bool
        )
        before = place[:, None] + np.arange(-CONTEMPORARIES, 0)
        after = (place + own)[:, None] + np.arange(CONTEMPORARIES)
        around = np.hstack([before, after])
        there = (around >= 0) & (around < len(self.keys))
        ends = np.cumsum([0, *there.sum(axis=1)])
        window = sparse.csr_matrix((np.ones(ends[-1]), around[there], ends), (len(keys), len(self.keys)))
        later = 1 - (place + own) / max(1, len(self.keys))
        return sparse.csr_matrix(window @ self.carriers), there.sum(axis=1).astype(np.float64), later


def make_calendar(keys: Sequence[DateKey], carriers: sparse.csr_matrix, newest: float) -> Calendar:
    """Order tagged articles, given in any order by their keys [m] and tags csr [m, tags]."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return Calendar([keys[row] for row in order], carriers[np.array(order, np.int64)], newest)
