"""Related articles: how near two texts are, and how far their tags, known or expected, overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.numerics.rounding import rounded
from transforms.results import RECENT

TEXT_SHARE = 0.25
"""The text's share of a score; the overlap of tags has the rest."""
RECENT_SHARE = 0.1
RECENT_YEARS = 2.0
"""An article that is so much older than the newest counts half as new."""


@dataclass(frozen=True, eq=False)
class Profiles:
    """What is known of [n] articles, in the order of their ids, as they look for others and are offered to them.

    `ids` and `words` [n]; csr [n, tags]: `carriers`, 1 for tags that an article has, and `expected`, the probabilities
    of the tags expected of it; `age` [n], years before the newest article, NaN where unknown.
    """

    ids: Sequence[str]
    words: Sequence[tuple[str, ...]]
    carriers: sparse.csr_matrix
    expected: sparse.csr_matrix
    age: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def tagged(self) -> Mask:
        """Which articles have a tag [n]."""
        return np.asarray(np.diff(self.carriers.indptr) > 0, np.bool_)

    def part(self, rows: Ints) -> Profiles:
        """Return what is known of some of the articles."""
        ids, words = ([values[row] for row in rows.tolist()] for values in (self.ids, self.words))
        return Profiles(ids, words, self.carriers[rows], self.expected[rows], self.age[rows])


@dataclass(frozen=True, eq=False)
class Ranking:
    """The candidates of [q] articles, the best first: `found` int64 [q, k], their `scores` and these scores' parts.

    `NOBODY` stands where there are fewer of a positive score. `text` is always
    the cosine; `tags` and `recent` are 0 where they are switched off.
    """

    found: Ints
    scores: Floats
    text: Floats
    tags: Floats
    recent: Floats

    def first(self, count: int) -> Ranking:
        """Return the same ranking of no more than `count` candidates."""
        return Ranking(*(getattr(self, field.name)[:, :count] for field in fields(self)))

    def part(self, places: npt.NDArray[Any] | slice) -> Ranking:
        """Return the ranking of some of its articles."""
        return Ranking(*(getattr(self, field.name)[places] for field in fields(self)))


def join_rankings(parts: Sequence[Ranking]) -> Ranking:
    """Join the rankings of some articles and of others, of as many candidates each."""
    return Ranking(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Ranking)))


class Ranker:
    """Ranks candidates among [n] articles by the parts asked for, `weights` [tags] being the tags' rarity."""

    def __init__(self, profiles: Profiles, weights: Floats, parts: frozenset[str]) -> None:
        self.profiles = profiles
        self.weights = weights
        self.parts = parts
        untagged = sparse.diags(np.where(profiles.tagged, 0.0, 1.0))
        self._offered = sparse.csr_matrix(profiles.carriers + untagged @ self._expected(profiles))
        self._offers = self._offered @ weights
        self._newness = newness(profiles.age)

    def rank(self, queries: Profiles, found: Ints, cosines: Floats, *, without_tags: bool = False) -> Ranking:
        """Rank the candidates `found` int64 [q, c] of [q] queries, the `cosines` of whose texts are given.

        An article looks for its own tags, and for others as far as they are expected of it; when `without_tags`, for
        expected ones alone, as if it had none. Scores are rounded before they are ranked, ties go to the row.
        """
        by_tags = bool(len(self.weights)) and bool(self.parts & ({"learned"} if without_tags else {"learned", "tags"}))
        tags = np.zeros_like(cosines)
        if by_tags:
            sought = self._expected(queries)
            if "tags" in self.parts and not without_tags:
                sought = sought.maximum(queries.carriers)
            tags = rounded(expected_dice(sought, self._offered, found, self.weights, self._offers))
        share = 0.0 if "text" not in self.parts and by_tags else TEXT_SHARE if by_tags else 1.0
        scores = share * cosines + (1 - share) * tags
        recent = np.zeros_like(cosines)
        if RECENT in self.parts:
            recent = rounded(self._newness[found])
            scores = np.where(scores > 0, (1 - RECENT_SHARE) * scores + RECENT_SHARE * recent, 0.0)
        scores = np.where(found == NOBODY, 0.0, rounded(scores))
        order = np.lexsort((found, -scores, found == NOBODY))
        arrays = (np.where(scores > 0, found, NOBODY), scores, cosines, tags, recent)
        return Ranking(*(np.take_along_axis(array, order, 1) for array in arrays))

    def _expected(self, profiles: Profiles) -> sparse.csr_matrix:
        return profiles.expected if "learned" in self.parts else profiles.expected * 0


def expected_dice(
    sought: sparse.csr_matrix, offered: sparse.csr_matrix, found: Ints, weights: Floats, offers: Floats | None = None
) -> Floats:
    """Return how far the tags sought by each of [q, tags] overlap those offered [n, tags] by its candidates.

    The Sørensen-Dice coefficient of weighted sets, in expectation where an entry is a probability: `found` int64
    [q, c] are rows of `offered`, the result has its shape; 0 where nobody is. `offers` [n] are the weights of all that
    is offered, where these are known already.
    """
    seeking = sought.toarray() * weights
    pairs = offered[found.ravel()]
    pair = np.repeat(np.arange(found.size), np.diff(pairs.indptr))
    products = seeking[pair // found.shape[1], pairs.indices] * pairs.data
    shared = np.bincount(pair, products, minlength=found.size).reshape(found.shape)
    total = seeking.sum(axis=1)[:, None] + (offered @ weights if offers is None else offers)[found]
    there = (total > 0) & (found != NOBODY)
    return np.where(there, 2 * shared / np.where(there, total, 1), 0.0)


def rarity(counts: Ints, posts: int) -> Floats:
    """Weigh tags [tags] by how rare they are among so many posts: the root of ln(1 + posts / count)."""
    weights: Floats = np.sqrt(np.log1p(posts / np.maximum(counts, 1)))
    return weights


def newness(age: Floats) -> Floats:
    """Turn years before the newest article into 1 for new, falling by half every `RECENT_YEARS`; 0 where unknown."""
    return np.where(np.isnan(age), 0.0, 0.5 ** (np.nan_to_num(age) / RECENT_YEARS))
