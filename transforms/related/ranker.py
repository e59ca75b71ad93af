"""Related articles: ranked by how near texts are, what tags they share, and what else makes authors link to a post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask, Vectors, inner_products
from transforms.numerics.rounding import rounded
from transforms.related.dice import expected_dice
from transforms.related.lessons import Lessons
from transforms.related.reading_part import ReadingPart
from transforms.related.weights import (
    DATES,
    DETAIL,
    FEATURES,
    LINKS,
    TAGS,
    TEXT,
    TITLES,
    RankWeights,
    features_of,
)
from transforms.results import RECENT
from transforms.site.link_keys import LinkKeys, join_link_keys

RECENT_SHARE = 0.1
RECENT_YEARS = 2.0
"""An article that is so much older than the newest counts half as new."""
FAR = 30.0
"""So many years apart is as far as can be."""
UNDATED = 2.0
"""So many years are taken to be between two articles where one has no date."""
MANY = 99
"""More links to an article make no difference."""
AT_ONCE = 64
"""The whole vectors of the candidates of so many articles are compared at a time."""


@dataclass(frozen=True, eq=False)
class Profiles:
    """What is known of [n] articles, in the order of their ids, as they look for others and are offered to them.

    `ids`, `words` and `keys` int64 [n]; `vectors` float32 [n, dim]; csr [n, tags]: `carriers`, 1 for tags that an
    article has, and `expected`, the probabilities of the tags expected of it; csr [n, terms] of titles: `title` and
    `named` as in Notes; `age` [n], years before the newest article, NaN where unknown; the `links` of all.
    """

    ids: Sequence[str]
    words: Sequence[tuple[str, ...]]
    keys: Ints
    vectors: Vectors
    carriers: sparse.csr_matrix
    expected: sparse.csr_matrix
    title: sparse.csr_matrix
    named: sparse.csr_matrix
    age: Floats
    links: LinkKeys

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def tagged(self) -> Mask:
        """Which articles have a tag [n]."""
        return np.asarray(np.diff(self.carriers.indptr) > 0, np.bool_)

    def part(self, rows: Ints) -> Profiles:
        """Return what is known of some of the articles."""
        ids, words = ([values[row] for row in rows.tolist()] for values in (self.ids, self.words))
        arrays = {name: getattr(self, name)[rows] for name in _ARRAYS}
        return Profiles(ids=ids, words=words, links=self.links.part(rows), **arrays)


_ARRAYS = ("keys", "vectors", "carriers", "expected", "title", "named", "age")


def join_profiles(parts: Sequence[Profiles]) -> Profiles:
    """Join what is known of some articles and of others."""
    arrays = {name: [getattr(part, name) for part in parts] for name in _ARRAYS}
    return Profiles(
        ids=[id_ for part in parts for id_ in part.ids],
        words=[words for part in parts for words in part.words],
        links=join_link_keys([part.links for part in parts]),
        **{
            name: sparse.vstack(of, format="csr") if sparse.issparse(of[0]) else np.concatenate(of)
            for name, of in arrays.items()
        },
    )


@dataclass(frozen=True, eq=False)
class Ranking:
    """The candidates of [q] articles, the best first: `found` int64 [q, k], their `scores` and what these come from.

    `NOBODY` stands where there are fewer of a positive score. `features` [q, k, features] are as in FEATURES, 0 where
    they are switched off, but for the text's; so is `recent` [q, k]. `reading` is what readers tell, where there are
    logs.
    """

    found: Ints
    scores: Floats
    features: Floats
    recent: Floats
    reading: ReadingPart | None = None

    @property
    def text(self) -> Floats:
        """The cosines of the texts [q, k]."""
        return self.features[:, :, TEXT]

    @property
    def tags(self) -> Floats:
        """The overlaps of the tags [q, k]."""
        return self.features[:, :, TAGS]

    def first(self, count: int) -> Ranking:
        """Return the same ranking of no more than `count` candidates."""
        return self._each(lambda array: array[:, :count])

    def reordered(self, order: Ints) -> Ranking:
        """Return the same ranking with its candidates in another order, their places int64 [q, k]."""
        return self._each(lambda array: np.take_along_axis(array, order if array.ndim == 2 else order[:, :, None], 1))

    def part(self, places: npt.NDArray[Any] | slice) -> Ranking:
        """Return the ranking of some of its articles."""
        return self._each(lambda array: array[places])

    def _each(self, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> Ranking:
        reading = None if self.reading is None else self.reading.each(change)
        return Ranking(**{name: change(getattr(self, name)) for name in _OF_RANKING}, reading=reading)


_OF_RANKING = tuple(field.name for field in fields(Ranking) if field.name != "reading")


def join_rankings(parts: Sequence[Ranking]) -> Ranking:
    """Join the rankings of some articles and of others, of as many candidates each; of none are there readers."""
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _OF_RANKING}
    return Ranking(**arrays, reading=None)


class Ranker:
    """Ranks candidates among [n] articles by the parts asked for, `rarity` [tags] being that of the tags."""

    def __init__(self, profiles: Profiles, rarity: Floats, parts: frozenset[str]) -> None:
        self.profiles = profiles
        self.rarity = rarity
        self.parts = parts
        self._used = features_of(parts)
        untagged = sparse.diags(np.where(profiles.tagged, 0.0, 1.0))
        self._offered = sparse.csr_matrix(profiles.carriers + untagged @ self._expected(profiles))
        self._offers = self._offered @ rarity
        self._newness = newness(profiles.age)

    def used(self, *, without_tags: bool = False) -> Mask:
        """Tell which features count [features], when `without_tags` for articles as if these had no tags."""
        used = self._used.copy()
        wanted = {"learned"} if without_tags else {"learned", "tags"}
        used[TAGS] &= bool(len(self.rarity)) and bool(self.parts & wanted)
        return used

    def features(self, queries: Profiles, found: Ints, cosines: Floats, *, without_tags: bool = False) -> Floats:
        """Return the features [q, c, features] of the candidates `found` int64 [q, c] of [q] queries, rounded.

        The `cosines` of their texts are given. An article looks for its own tags, and for others as far as they are
        expected of it; when `without_tags`, for expected ones alone, as if it had none.
        """
        used, offered = self.used(without_tags=without_tags), self.profiles
        features = np.zeros((*found.shape, len(FEATURES)))
        features[:, :, TEXT] = cosines
        if used[DETAIL]:
            features[:, :, DETAIL] = cosines_of_all(queries.vectors, offered.vectors, found)
        if used[TAGS]:
            sought = self._expected(queries)
            if "tags" in self.parts and not without_tags:
                sought = sought.maximum(queries.carriers)
            features[:, :, TAGS] = expected_dice(sought, self._offered, found, self.rarity, self._offers)
        if used[TITLES]:
            features[:, :, TITLES] = share_named(queries.named, offered.title, found)
        if used[DATES]:
            features[:, :, DATES] = nearness(queries.age[:, None], offered.age[found])
        if used[LINKS]:
            features[:, :, LINKS] = popularity(self.links_of_others(queries, found))
        return rounded(np.where((found == NOBODY)[:, :, None], 0.0, features))

    def rank(
        self,
        queries: Profiles,
        found: Ints,
        cosines: Floats,
        weights: RankWeights,
        reading: ReadingPart | None = None,
        *,
        without_tags: bool = False,
    ) -> Ranking:
        """Rank the candidates `found` int64 [q, c] of [q] queries by the mean of their features, weighed.

        As `features` takes them; `reading` is what readers tell of them, where there are logs. Scores are rounded
        before they are ranked, ties go to the row.
        """
        features = self.features(queries, found, cosines, without_tags=without_tags)
        shares = weights.of(queries.keys, self.used(without_tags=without_tags))
        scores = (features * shares[:, None, :]).sum(axis=2)
        recent = np.zeros_like(cosines)
        if RECENT in self.parts:
            recent = rounded(self._newness[found])
            scores = np.where(scores > 0, (1 - RECENT_SHARE) * scores + RECENT_SHARE * recent, 0.0)
        if reading is not None:
            scores = reading.blend(scores)
        scores = np.where(found == NOBODY, 0.0, rounded(scores))
        order = np.lexsort((found, -scores, found == NOBODY))
        return Ranking(np.where(scores > 0, found, NOBODY), scores, features, recent, reading).reordered(order)

    def lessons(self, queries: Profiles, found: Ints, cosines: Floats, reading: ReadingPart | None = None) -> Lessons:
        """Lay out what can be learned from the candidates `found` int64 [q, c] of [q] queries."""
        others = self.profiles.age[found]
        return Lessons(
            queries.keys,
            np.where(found == NOBODY, NOBODY, self.profiles.keys[found]),
            self.features(queries, found, cosines),
            self.linked(queries, found),
            (others >= queries.age[:, None]) | np.isnan(others),
            queries.links.targets,
            reading,
        )

    def linked(self, queries: Profiles, found: Ints) -> Mask:
        """Tell which candidates int64 [q, c] their queries link to [q, c]."""
        linked = np.zeros(found.shape, np.bool_)
        for row, targets in enumerate(queries.links.targets):
            if targets:
                linked[row] = (found[row] != NOBODY) & np.isin(self.profiles.keys[found[row]], targets)
        return linked

    def links_of_others(self, queries: Profiles, found: Ints) -> Ints:
        """Count how many articles, the query apart, link to each candidate int64 [q, c]: int64 [q, c]."""
        counts: Ints = self.profiles.links.linked_by[found] - self.linked(queries, found)
        return counts

    def _expected(self, profiles: Profiles) -> sparse.csr_matrix:
        return profiles.expected if "learned" in self.parts else profiles.expected * 0


def cosines_of_all(queries: Vectors, vectors: Vectors, found: Ints) -> Floats:
    """Return the cosines of all dimensions of [q, dim] with the rows `found` int64 [q, c] of [n, dim]: [q, c]."""
    slices = (slice(start, start + AT_ONCE) for start in range(0, max(1, len(found)), AT_ONCE))
    return np.concatenate([inner_products(vectors[found[part]], queries[part]) for part in slices])


def share_named(named: sparse.csr_matrix, title: sparse.csr_matrix, found: Ints) -> Floats:
    """Return how much of its candidates' titles each text names: [q, c].

    Sum the shares in `title` csr [n, terms], at the rows `found` int64 [q, c], of the terms `named` csr [q, terms].
    """
    pairs = title[found.ravel()]
    if not pairs.nnz or not named.nnz:
        return np.zeros(found.shape)
    pair = np.repeat(np.arange(found.size), np.diff(pairs.indptr))
    terms = named.shape[1]
    sought = np.repeat(np.arange(len(found)), np.diff(named.indptr)) * terms + named.indices
    wanted = pair // found.shape[1] * terms + pairs.indices
    places = np.minimum(np.searchsorted(sought, wanted), len(sought) - 1)
    shares = np.where(sought[places] == wanted, pairs.data, 0.0)
    return np.asarray(np.bincount(pair, shares, minlength=found.size), np.float64).reshape(found.shape)


def nearness(age: Floats, others: Floats) -> Floats:
    """Turn the years between into 1 for none, 0 for `FAR` or more; in between their logarithm counts."""
    years = np.abs(age - others)
    years = np.where(np.isnan(years), UNDATED, years)
    near: Floats = 1 - np.minimum(np.log1p(years) / np.log1p(FAR), 1.0)
    return near


def popularity(linked_by: Ints) -> Floats:
    """Turn how many link to an article into 0 for none, 1 for `MANY` or more; in between their logarithm counts."""
    share: Floats = np.log1p(np.clip(linked_by, 0, MANY)) / np.log1p(MANY)
    return share


def rarity(counts: Ints, posts: int) -> Floats:
    """Weigh tags [tags] by how rare they are among so many posts: the root of ln(1 + posts / count)."""
    weights: Floats = np.sqrt(np.log1p(posts / np.maximum(counts, 1)))
    return weights


def newness(age: Floats) -> Floats:
    """Turn years before the newest article into 1 for new, falling by half every `RECENT_YEARS`; 0 where unknown."""
    return np.where(np.isnan(age), 0.0, 0.5 ** (np.nan_to_num(age) / RECENT_YEARS))
