"""Related articles: ranked shard by shard, each shard's best merged block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import NOBODY, Floats, Floats32, Ints, Mask, leading
from transforms.numerics.rounding import rounded
from transforms.related.confidence import LEARNED, both_tagged, chance_overlap, more_than_chance, place_features
from transforms.related.earlier import NO_EARLIER, Earlier, best_of, prefer, were_related
from transforms.related.explain import explain
from transforms.related.lessons import Lessons
from transforms.related.ranker import Profiles, Ranker, cosines_of_all, join_profiles, rarity
from transforms.related.read_candidates import ReadCandidates
from transforms.related.reading_part import ReadingPart
from transforms.related.weights import RankWeights
from transforms.results import Related, RelatedArticle
from transforms.sampling import key_of
from transforms.search.shards import Candidates
from transforms.tags.expected import Expected

JUDGED = 4
"""How many related articles the measures look at."""


@dataclass(frozen=True, eq=False)
class RankQueries:
    """The articles of a block that live in a shard, or have candidates there.

    `block` is the block's key and `places` [q] are rows of it; `lives` [q] says which live there, `without_tags` [q]
    which are also ranked as if they had no tags, and `teaches` [q] which the ranking is learned from.
    """

    block: int
    places: Ints
    profiles: Profiles
    lives: Mask
    without_tags: Mask
    teaches: Mask


@dataclass(frozen=True, eq=False)
class RankCandidates:
    """A block's candidates that live in a shard: keys `found` int64 [q, c] and `cosines` of the rows `places` [q].

    Where there are reading logs, `reading` is what readers tell of them. The cosine of one that is there for its
    readers' sake is NaN until it is ranked; it is that of the `near` leading dimensions.
    """

    block: int
    places: Ints
    found: Ints
    cosines: Floats32
    reading: ReadingPart | None = None
    near: int = 0


@dataclass(frozen=True, eq=False)
class BlockIds:
    """All articles of a block: their ids, and the share of the tagged articles that are `later` than each [rows]."""

    ids: tuple[str, ...]
    later: Floats


class Pair(NamedTuple):
    """An article that was ranked without the other's tags: score, id, and what can be learned.

    `shares` says whether both share more tags than by chance, `judged` whether both have tags, and `together` how far
    the same readers read both.
    """

    score: float
    id: str
    shares: bool
    judged: bool
    together: float = 0.0


@dataclass(frozen=True, eq=False)
class Best:
    """The best that one shard has for some articles of a block, their `places` [q] in it.

    `related` [q]; by place, the `LEARNED` best of those that were ranked `without_tags`, as if they had none.
    """

    places: Ints
    related: tuple[Related, ...]
    without_tags: Mapping[int, tuple[Pair, ...]]


@dataclass(frozen=True, eq=False)
class Ranked:
    """A block's related articles, not yet filtered, and what tells how sure they are.

    `without_tags` are the first `JUDGED` ids related to each as if it had no tags, where that was asked for;
    `features` [pairs, 3 or 4], `labels`, `later` and `keys` [pairs] are what the confidence is learned from.
    """

    block: int
    related: tuple[Related, ...]
    without_tags: tuple[tuple[str, ...], ...]
    features: Floats
    labels: Floats
    later: Floats
    keys: Ints


def rank_queries(expected: Expected, without_tags: Mask, teaches: Mask) -> Iterator[tuple[int, RankQueries]]:
    """Tell every shard what it needs of a block's articles.

    `without_tags` [rows] says which are also to be ranked as if they had no tags, and `teaches` [rows] which the
    ranking is learned from.
    """
    found = expected.found
    profiles = Profiles(
        ids=tuple(article.id for article in found.articles),
        words=found.notes.words,
        keys=found.evidence.keys,
        vectors=found.evidence.vectors,
        carriers=found.evidence.carriers,
        expected=expected.tags,
        title=found.notes.title,
        named=found.notes.named,
        age=found.age,
        links=found.links,
    )
    for shard in range(found.asks.shape[1]):
        lives = found.homes == shard
        rows = np.flatnonzero(lives | found.asks[:, shard])
        if len(rows):
            yield (
                shard,
                RankQueries(found.block, rows, profiles.part(rows), lives[rows], without_tags[rows], teaches[rows]),
            )


def block_ids(expected: Expected) -> BlockIds:
    """List a block's articles."""
    return BlockIds(tuple(article.id for article in expected.found.articles), expected.found.evidence.later)


def rank_candidates(of_block: Candidates | ReadCandidates) -> Iterator[tuple[int, RankCandidates]]:
    """Tell every shard which of its articles are a block's candidates."""
    read = of_block if isinstance(of_block, ReadCandidates) else None
    candidates = of_block if isinstance(of_block, Candidates) else of_block.candidates
    for shard in np.unique(candidates.shards[candidates.shards != NOBODY]).tolist():
        here = candidates.shards == shard
        rows = np.flatnonzero(here.any(axis=1))
        count = int(here.sum(axis=1).max())
        order = np.argsort(~here[rows], axis=1, kind="stable")[:, :count]
        found, cosines, there = (
            np.take_along_axis(array[rows], order, 1) for array in (candidates.found, candidates.cosines, here)
        )
        yield (
            shard,
            RankCandidates(
                candidates.block,
                rows,
                np.where(there, found, NOBODY),
                np.where(there, cosines, 0),
                read.reading.each(partial(_taken, rows, order, there)) if read else None,
                read.near if read else 0,
            ),
        )


def _taken(rows: Ints, order: Ints, there: Mask, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    taken = np.take_along_axis(array[rows], order, 1)
    return np.where(there, taken, np.zeros_like(taken))


class RankingShard:
    """Ranks candidates among the articles that live in a shard, by some parts."""

    def __init__(self, queries: Iterable[RankQueries], table: TagTable, parts: frozenset[str]) -> None:
        self.queries = {part.block: part for part in queries}
        self.names = table.names
        self.rarity = rarity(table.counts, table.posts)
        self.chance = chance_overlap(table.counts, table.posts, self.rarity)
        homes = [(part, np.flatnonzero(part.lives)) for part in self.queries.values()]
        ids = [part.profiles.ids[row] for part, rows in homes for row in rows.tolist()]
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
        profiles = join_profiles([part.profiles.part(rows) for part, rows in homes]).part(order)
        self._by_key = np.argsort(profiles.keys, kind="stable")
        self._keys = profiles.keys[self._by_key]
        self.ranker = Ranker(profiles, self.rarity, parts)

    def lessons(self, candidates: RankCandidates) -> Lessons:
        """What the ranking is learned from, of a block's candidates that live here."""
        part = self.queries[candidates.block]
        at = np.searchsorted(part.places, candidates.places)
        rows = np.flatnonzero(part.teaches[at])
        profiles, found = part.profiles.part(at[rows]), self._rows(candidates.found[rows])
        cosines = self._cosines(profiles, found, candidates.cosines[rows], candidates.near)
        reading = candidates.reading and candidates.reading.each(lambda array: array[rows])
        return self.ranker.lessons(profiles, found, cosines, reading)

    def best(self, candidates: RankCandidates, weights: RankWeights, count: int, earlier: Earlier = NO_EARLIER) -> Best:
        """Rank a block's candidates that live here, and describe the best `count`, by what was related `earlier`."""
        part = self.queries[candidates.block]
        at = np.searchsorted(part.places, candidates.places)
        profiles, without_tags = part.profiles.part(at), np.flatnonzero(part.without_tags[at])
        found, reading = self._rows(candidates.found), candidates.reading
        cosines = self._cosines(profiles, found, candidates.cosines, candidates.near)
        ranking = self.ranker.rank(profiles, found, cosines, weights, reading)
        related_before = were_related(profiles.ids, ranking.found, self.ranker.profiles.keys, earlier)
        ranking = prefer(ranking, related_before).first(count)
        related = tuple(explain(self.ranker, self.names, profiles, ranking, weights))
        pairs = self._pairs(
            profiles.part(without_tags),
            found[without_tags],
            cosines[without_tags],
            weights,
            reading and reading.each(lambda array: array[without_tags]),
        )
        return Best(
            candidates.places,
            related,
            dict(zip(candidates.places[without_tags].tolist(), pairs, strict=True)),
        )

    def _pairs(
        self, queries: Profiles, found: Ints, cosines: Floats, weights: RankWeights, reading: ReadingPart | None
    ) -> Iterator[tuple[Pair, ...]]:
        offered = self.ranker.profiles
        first = self.ranker.rank(queries, found, cosines, weights, reading, without_tags=True).first(LEARNED)
        shares = more_than_chance(queries.carriers, offered.carriers, first.found, self.rarity, self.chance)
        judged = both_tagged(queries.carriers, offered.carriers, first.found)
        told = np.zeros(first.found.shape) if first.reading is None else first.reading.together
        arrays = (first.scores, first.found, shares, judged, told)
        for columns in zip(*(array.tolist() for array in arrays), strict=True):
            yield tuple(
                Pair(score, offered.ids[row], *rest)
                for score, row, *rest in zip(*columns, strict=True)
                if row != NOBODY
            )

    def _cosines(self, queries: Profiles, found: Ints, cosines: Floats32, near: int) -> Floats:
        """Fill in the cosines [q, c] that are not known, of the `near` leading dimensions."""
        rows = np.flatnonzero(np.isnan(cosines).any(axis=1))
        if not len(rows):
            return rounded(cosines)
        theirs = leading(self.ranker.profiles.vectors, near)
        whole, unknown = cosines.astype(np.float64), np.isnan(cosines)
        computed = cosines_of_all(leading(queries.vectors[rows], near), theirs, found[rows])
        whole[rows] = np.where(unknown[rows], computed, whole[rows])
        return rounded(whole)

    def _rows(self, keys: Ints) -> Ints:
        there = keys != NOBODY
        rows = np.full(keys.shape, NOBODY, np.int64)
        rows[there] = self._by_key[np.searchsorted(self._keys, keys[there])]
        return rows


def merge_best(
    block: int,
    ids: BlockIds,
    parts: Sequence[Best],
    count: int,
    in_sample: Mask,
    earlier: Earlier = NO_EARLIER,
    *,
    read: bool = False,
) -> Ranked:
    """Merge the best that every shard has for a block's articles: by score, ties by id.

    What was related `earlier` gives way only to what is better by `MARGIN`. `in_sample` [rows] are the articles that
    the confidence is learned from; it depends on what readers tell where articles are `read`.
    """
    without_tags = [
        sorted(
            (pair for part in parts for pair in part.without_tags.get(place, ())),
            key=lambda pair: (-pair.score, pair.id),
        )
        for place in range(len(ids.ids))
    ]
    chosen = np.flatnonzero(in_sample).tolist()
    scores, shares, judged, together = np.zeros((4, len(chosen), LEARNED))
    for row, place in enumerate(chosen):
        for at, pair in enumerate(without_tags[place][:LEARNED]):
            scores[row, at], shares[row, at], judged[row, at] = pair.score, pair.shares, pair.judged
            together[row, at] = pair.together
    rows, columns = np.nonzero(judged)
    keys = np.array([key_of(ids.ids[place]) for place in chosen], np.int64)
    return Ranked(
        block,
        _merge_related(ids, parts, count, earlier),
        tuple(tuple(pair.id for pair in pairs[:JUDGED]) for pairs in without_tags),
        place_features(scores, together if read else None)[rows, columns],
        shares[rows, columns],
        ids.later[chosen][rows],
        keys[rows],
    )


def _merge_related(ids: BlockIds, parts: Sequence[Best], count: int, earlier: Earlier) -> tuple[Related, ...]:
    scored: list[list[RelatedArticle]] = [[] for _ in ids.ids]
    for part in parts:
        for place, related in zip(part.places.tolist(), part.related, strict=True):
            scored[place].extend(related.related)
    return tuple(
        Related(id_, best_of(others, count, earlier.get(id_, ()))) for id_, others in zip(ids.ids, scored, strict=True)
    )
