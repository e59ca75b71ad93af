"""Every article's candidates: searched shard by shard, the hits of all shards merged block by block."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.corpus.blocks import block_key, keys_of, text_numbers
from transforms.corpus.languages import ONE_LANGUAGE, BlogLanguages, Kinship, join_kinship, kinship
from transforms.corpus.runs import no_sketches, repeated_shares
from transforms.corpus.tag_spelling import tag_matrix
from transforms.numerics.arrays import NOBODY, Floats, Floats32, Ints, Ints32, Mask, Vectors, leading
from transforms.numerics.rounding import rounded
from transforms.records import Block
from transforms.results import Duplicate
from transforms.search.candidates import CANDIDATES, GroupedIndex, leave_out
from transforms.search.cell_index import CellIndex
from transforms.search.exact import Index
from transforms.search.overlap import RunIndex, near_duplicates
from transforms.search.plan import SearchPlan
from transforms.search.votes import Votes, count_votes, first_voters

CELL_CANDIDATES = 50
"""How many are looked at where cells are searched: among so many articles the nearest are near enough."""
QUERIES_AT_ONCE = 1 << 17
COPIES = 20
"""A post of mostly common runs is compared with so many of its nearest: an index of such runs would name everybody."""


@dataclass(frozen=True, eq=False)
class ShardQueries:
    """The articles of a block that live in a shard, or look for others there.

    `block` is the key of the block's first article and `places` [q] are rows of it; `keys` int64 [q] and `ids` [q] name
    the articles; `vectors` float32 [q, dim], of which neighbours compare the `near` leading ones; `texts` int64 [q]
    number the texts; `runs` csr [q, hashes] are sketches of their runs of words, and `titles` [q] their
    titles; `kin` [q] tells which may be candidates; `carriers` csr [q, tags]. `homes`
    [q] are the units that they live in, NOBODY if in another shard, and `probes` [q, p] the units where they look for
    others.
    """

    block: int
    places: Ints
    keys: Ints
    ids: tuple[str, ...]
    vectors: Vectors
    near: int
    texts: Ints
    runs: sparse.csr_matrix
    titles: tuple[str, ...]
    kin: Kinship
    carriers: sparse.csr_matrix
    homes: Ints32
    probes: Ints32


@dataclass(frozen=True, eq=False)
class ShardHits:
    """What one shard has for some articles of a block, their `places` [q] in it.

    `found` int64 [q, c] are keys, the nearest first, with their `cosines` float32 [q, c], rounded; `voters` [q, c] are
    the nearest tagged ones, and `voter_tags` csr [votes, tags] their tags. `alike` are near-duplicates: place, key, ids
    and the share of text that they have in common.
    """

    shard: int
    places: Ints
    found: Ints
    cosines: Floats32
    voters: Mask
    voter_tags: sparse.csr_matrix
    alike: tuple[tuple[int, int, str, str, float], ...]


@dataclass(frozen=True, eq=False)
class Candidates:
    """A block's candidates: `found` int64 [rows, c], keys, the nearest first, and NOBODY where there are fewer.

    `block` is the key of its first article, `keys` int64 [rows] those of all; `cosines` float32 [rows, c] are rounded,
    `shards` int16 [rows, c] where the found ones live.
    """

    block: int
    keys: Ints
    found: Ints
    cosines: Floats32
    shards: npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class BlockHomes:
    """All articles of a block: `keys` int64 [rows] and the shard that each lives in, `homes` int16 [rows]."""

    keys: Ints
    homes: npt.NDArray[np.int16]


def shard_queries(
    block: Block, plan: SearchPlan, tags: Sequence[str], languages: BlogLanguages = ONE_LANGUAGE
) -> tuple[BlockHomes, list[tuple[int, ShardQueries]]]:
    """Return which shards a block's articles live in, and what every shard needs of it.

    `tags` are all tags' keys, sorted, and `languages` those whose articles are no candidates of others'.
    """
    keys, near = keys_of(block), leading(block.vectors, block.encoder.neighbor_dim)
    homes, probes = plan.homes(near, keys), plan.probes(near)
    texts, carriers = text_numbers(block), tag_matrix(block.articles, tags)
    runs = no_sketches(len(block)) if block.notes.runs is None else block.notes.runs
    kin = kinship(block.articles, languages)
    at_home, probed = plan.shards_of(homes), plan.shards_of(probes)
    parts = []
    for shard in np.union1d(at_home[at_home != NOBODY], probed[probed != NOBODY]).tolist():
        lives, asked = at_home == shard, probed == shard
        rows = np.flatnonzero(lives | asked.any(axis=1))
        query = ShardQueries(
            block_key(block),
            rows,
            keys[rows],
            tuple(block.articles[row].id for row in rows.tolist()),
            block.vectors[rows],
            near.shape[1],
            texts[rows],
            runs[rows],
            tuple(block.articles[row].title for row in rows.tolist()),
            kin.part(rows),
            carriers[rows],
            np.where(lives, homes, NOBODY)[rows].astype(np.int32),
            np.where(asked, probes, NOBODY)[rows].astype(np.int32),
        )
        parts.append((shard, query))
    return BlockHomes(keys, at_home.astype(np.int16)), parts


class Shard:
    """What a shard knows of the articles that live in it, in the order of their keys, ready to be searched.

    `queries_of_blocks` are gone through twice. Nobody is a candidate of an article in another group or of a translation
    of itself, and a text's copies are none for it unless `exact_duplicates`.
    """

    def __init__(
        self, number: int, queries_of_blocks: Iterable[ShardQueries], plan: SearchPlan, *, exact_duplicates: bool
    ) -> None:
        self.number = number
        self.exact_duplicates = exact_duplicates
        self.count = CANDIDATES if plan.exact else CELL_CANDIDATES
        self.queries = 1 if plan.exact else QUERIES_AT_ONCE
        ids: list[str] = []
        titles: list[str] = []
        light: list[tuple[Ints, Ints, Ints32, sparse.csr_matrix, sparse.csr_matrix, Kinship]] = []
        self.near = dim = 0
        for query in queries_of_blocks:
            lives = query.homes != NOBODY
            self.near, dim = query.near, query.vectors.shape[1]
            ids += itertools.compress(query.ids, lives)
            titles += itertools.compress(query.titles, lives)
            numbers = (query.keys[lives], query.texts[lives], query.homes[lives])
            kin = query.kin.part(np.flatnonzero(lives))
            light.append((*numbers, query.carriers[lives], query.runs[lives], kin))
        keys, texts, units = (np.concatenate([part[at] for part in light]) for at in range(3))
        order = np.argsort(keys, kind="stable")
        self.keys, self.texts = keys[order], texts[order]
        self.ids, self.titles = ([of[row] for row in order.tolist()] for of in (ids, titles))
        self.carriers, self.runs = (sparse.vstack([part[at] for part in light], format="csr")[order] for at in (3, 4))
        self.kin = join_kinship([part[5] for part in light]).part(order)
        self._tagged = np.diff(self.carriers.indptr) > 0
        self.vectors = _vectors_of_shard(queries_of_blocks, order, dim)
        near = leading(self.vectors, self.near)
        self._kept_out = self.keys if exact_duplicates else self.texts
        self._groups = np.unique(self.kin.groups)
        self._run_index, self._mostly_common = RunIndex(self.runs), repeated_shares(self.runs) > 0
        self._index = (
            GroupedIndex(near, self.kin.groups, Index)
            if plan.exact
            else CellIndex(near, self._units(units[order], self.kin.groups), self._kept_out)
        )

    def hits(self, queries_of_blocks: Iterable[ShardQueries]) -> Iterator[tuple[int, ShardHits]]:
        """Search for what each block's articles look for here, keyed by block; where cells are searched, many at once.

        Where nobody lives, nothing is found.
        """
        if not len(self.keys):
            return
        for group in in_groups(queries_of_blocks, self.queries):
            vectors = np.concatenate([query.vectors for query in group])
            own = np.concatenate([query.keys if self.exact_duplicates else query.texts for query in group])
            kin = join_kinship([query.kin for query in group])
            probes = _join_probes([query.probes for query in group])
            found, cosines = self._search(leading(vectors, self.near), probes, own, kin)
            start = 0
            for query in group:
                rows = slice(start, start + len(query.places))
                asks = np.any(query.probes != NOBODY, axis=1)
                yield query.block, self._finding(query, asks, found[rows][asks], cosines[rows][asks])
                start = rows.stop

    def _search(self, queries: Vectors, probes: Ints32, own: Ints, kin: Kinship) -> tuple[Ints, Floats]:
        if isinstance(self._index, CellIndex):
            units = self._units(probes, kin.groups[:, None])
            found, cosines = self._index.search(queries, units, self.count, own)
        else:
            found, cosines = self._index.candidates(self._kept_out, queries, own, kin.groups, self.count)
        return leave_out(found, cosines, kin.translations(found, self.kin))

    def _units(self, units: Ints32, groups: Ints) -> Ints32:
        """Part units by the groups that live here, so that each is searched by itself; NOBODY where none does."""
        at = np.minimum(np.searchsorted(self._groups, groups), len(self._groups) - 1)
        lives = (units != NOBODY) & (self._groups[at] == groups)
        return np.where(lives, units * len(self._groups) + at, NOBODY).astype(np.int32)

    def _finding(self, query: ShardQueries, asks: Mask, found: Ints, cosines: Floats) -> ShardHits:
        there = found != NOBODY
        voters = first_voters(there & self._tagged[found])
        return ShardHits(
            self.number,
            query.places[asks],
            np.where(there, self.keys[found], NOBODY),
            cosines.astype(np.float32),
            voters,
            self.carriers[found[voters]].astype(np.int8),
            tuple(self._alike(query, np.flatnonzero(asks), found)),
        )

    def _alike(self, query: ShardQueries, rows: Ints, found: Ints) -> Iterator[tuple[int, int, str, str, float]]:
        row, other = self._compared(query.runs[rows], found)
        own = rows[row]
        others = self.texts[other] != query.texts[own]
        own, other = own[others], other[others]
        titles = [query.titles[row] for row in own.tolist()], [self.titles[row] for row in other.tolist()]
        alike, shares = near_duplicates(query.runs[own], self.runs[other], *titles)
        for pair in np.flatnonzero(alike).tolist():
            left, right = sorted((query.ids[own[pair]], self.ids[other[pair]]))
            yield int(query.places[own[pair]]), int(self.keys[other[pair]]), left, right, float(shares[pair])

    def _compared(self, runs: sparse.csr_matrix, found: Ints) -> tuple[Ints, Ints]:
        """Rows of `runs`, and the posts found for them that are compared with them.

        They share runs of their own, or both have mostly common ones and are among the nearest.
        """
        row, other = self._run_index.sharing(runs)
        is_found = np.any(found[row] == other[:, None], axis=1)
        nearest = found[:, :COPIES]
        both = (repeated_shares(runs) > 0)[:, None] & (nearest != NOBODY) & self._mostly_common[nearest]
        common, place = np.nonzero(both)
        return np.concatenate([row[is_found], common]), np.concatenate([other[is_found], nearest[common, place]])


def merge_hits(
    block: int, homes_of_block: BlockHomes, shards: int, tags: int, hits: Sequence[ShardHits]
) -> tuple[Candidates, Votes, list[Duplicate]]:
    """Merge what the shards found for a block's articles: the nearest of all, by the cosine and then the key."""
    hits = sorted(hits, key=lambda of_shard: of_shard.shard)
    count = max((of_shard.found.shape[1] for of_shard in hits), default=0)
    shape = (len(homes_of_block.keys), count * len(hits))
    found, cosines, where = (
        np.full(shape, NOBODY, np.int64),
        np.zeros(shape, np.float32),
        np.full(shape, NOBODY, np.int16),
    )
    voter_row = np.full(shape, NOBODY, np.int64)
    votes = 0
    for number, of_shard in enumerate(hits):
        columns = slice(number * count, (number + 1) * count)
        found[of_shard.places, columns] = of_shard.found
        cosines[of_shard.places, columns] = of_shard.cosines
        where[of_shard.places, columns] = np.where(of_shard.found != NOBODY, of_shard.shard, NOBODY)
        own = np.full(of_shard.found.shape, NOBODY, np.int64)
        own[of_shard.voters] = votes + np.arange(of_shard.voter_tags.shape[0])
        voter_row[of_shard.places, columns] = own
        votes += of_shard.voter_tags.shape[0]
    order = np.lexsort((found, -cosines, found == NOBODY))[:, :count]
    found, cosines, where, voter_row = (
        np.take_along_axis(array, order, 1) for array in (found, cosines, where, voter_row)
    )
    voters = first_voters(voter_row != NOBODY)
    voter_tags = sparse.vstack(
        [sparse.csr_matrix((0, tags)), *(of_shard.voter_tags for of_shard in hits)], format="csr"
    )
    asks = np.stack([np.any(where == shard, axis=1) for shard in range(shards)], axis=1)
    duplicates = [
        Duplicate(left, right, share, exact=False)
        for of_shard in hits
        for place, key, left, right, share in of_shard.alike
        if key in found[place]
    ]
    cast = count_votes(voters, rounded(cosines), voter_tags[voter_row[voters]])
    candidates = Candidates(block, homes_of_block.keys, found, cosines, where)
    return candidates, Votes(cast, homes_of_block.homes, asks), duplicates


def _vectors_of_shard(queries_of_blocks: Iterable[ShardQueries], order: Ints, dim: int) -> Vectors:
    """Gather the vectors of those that live in a shard, as they come, into an order [n] of them: float32 [n, dim]."""
    vectors = np.empty((len(order), dim), np.float32)
    row_of = np.empty_like(order)
    row_of[order] = np.arange(len(order))
    start = 0
    for query in queries_of_blocks:
        lives = np.flatnonzero(query.homes != NOBODY)
        vectors[row_of[start : start + len(lives)]] = query.vectors[lives]
        start += len(lives)
    return vectors


def _join_probes(of_blocks: Sequence[Ints32]) -> Ints32:
    """Put the units that blocks look into below each other: blocks have as many columns as their articles need."""
    widest = max(probes.shape[1] for probes in of_blocks)
    pad = [np.pad(probes, ((0, 0), (0, widest - probes.shape[1])), constant_values=NOBODY) for probes in of_blocks]
    return np.concatenate(pad)


def in_groups(queries_of_blocks: Iterable[ShardQueries], queries: int) -> Iterator[list[ShardQueries]]:
    """Put blocks together, in their order, until a group has so many queries or more; the last may have fewer."""
    group: list[ShardQueries] = []
    waiting = 0
    for query in queries_of_blocks:
        group.append(query)
        waiting += len(query.places)
        if waiting >= queries:
            yield group
            group, waiting = [], 0
    if group:
        yield group
