"""Candidates for related articles that texts do not tell: those that the same readers read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from transforms.corpus.blocks import block_key, keys_of, text_numbers
from transforms.corpus.languages import BlogLanguages, Kinship, join_kinship, kinship
from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.numerics.rounding import rounded
from transforms.readings.neighbors import ReadPosts, ReadWith
from transforms.records import Block
from transforms.related.reading_part import ReadingPart, nothing_read, shares_of
from transforms.search.shards import Candidates
from transforms.search.votes import Votes

NEAREST = 50
"""So many candidates of an article are told by its readers."""


@dataclass(frozen=True, eq=False)
class ReadCandidates:
    """A block's Candidates, what readers tell of them, and how many leading dimensions of vectors are compared."""

    candidates: Candidates
    reading: ReadingPart
    near: int


@dataclass(frozen=True, eq=False)
class BlockRows:
    """What tells of a block's articles which may be related: their `keys` and the numbers of their `texts` int64 [n].

    `kin` [n] are their languages; the `near` leading dimensions of their vectors are compared.
    """

    block: int
    keys: Ints
    texts: Ints
    kin: Kinship
    near: int


@dataclass(frozen=True, eq=False)
class ReadTable:
    """The articles that enough readers have read, in the order of their `keys` int64 [n].

    `readers` int64 [n] are how many, rounded down, `blocks` int64 [n] the keys of their blocks and `homes` int16 [n]
    the shards that they live in, NOBODY for none; `texts` and `kin` [n] as in BlockRows, as is `near`.
    """

    keys: Ints
    readers: Ints
    blocks: Ints
    homes: npt.NDArray[np.int16]
    texts: Ints
    kin: Kinship
    near: int

    def rows(self, keys: Ints) -> Ints:
        """Return the rows of keys, NOBODY for those that are not there: of the same shape."""
        if not len(self.keys):
            return np.full(keys.shape, NOBODY, np.int64)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[rows] == keys, rows, NOBODY)

    def readers_of(self, keys: Ints) -> Ints:
        """Return how many have read the articles of keys, rounded down, 0 where they are few: of the same shape."""
        rows = self.rows(keys)
        return np.where(rows == NOBODY, 0, self.readers[rows]) if len(self.keys) else np.zeros(keys.shape, np.int64)


def rows_of_block(block: Block, languages: BlogLanguages) -> BlockRows:
    """Take from a block what tells which articles may be related."""
    kin = kinship(block.articles, languages)
    return BlockRows(block_key(block), keys_of(block), text_numbers(block), kin, block.encoder.neighbor_dim)


def make_table(parts: Iterable[BlockRows], homes: Mapping[int, npt.NDArray[np.int16]], read: ReadPosts) -> ReadTable:
    """Lay out the articles that are read, of all blocks in any order, and of their `homes` by the blocks' keys."""
    parts = sorted(parts, key=lambda part: part.block)
    keys, texts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("keys", "texts"))
    blocks = np.repeat([part.block for part in parts], [len(part.keys) for part in parts])
    order = np.argsort(keys, kind="stable")
    order = order[np.isin(keys[order], read.keys)]
    return ReadTable(
        keys[order],
        read.readers[np.searchsorted(read.keys, keys[order])],
        blocks[order],
        np.concatenate([homes[part.block] for part in parts])[order],
        texts[order],
        join_kinship([part.kin for part in parts]).part(order),
        parts[0].near,
    )


def may_be_related(pairs: ReadWith, table: ReadTable, *, copies: bool = False) -> tuple[int, ReadWith] | None:
    """Keep the `NEAREST` that may be related to an article; returns them behind its block's key, None for none.

    Nobody is related to an article in another group or to a translation of itself, nor to its copies, unless `copies`;
    nor to one without a vector, which lives in no shard.
    """
    row, others = table.rows(np.array([pairs.key], np.int64)), table.rows(pairs.found)
    if row[0] == NOBODY:
        return None
    own = table.kin.part(row)
    related = (others != NOBODY) & (table.homes[others] != NOBODY) & (table.kin.groups[others] == own.groups)
    related &= ~own.translations(others[None, :], table.kin)[0]
    if not copies:
        related &= table.texts[others] != table.texts[row]
    kept = np.flatnonzero(related)[:NEAREST]
    if not len(kept):
        return None
    return int(table.blocks[row[0]]), ReadWith(pairs.key, pairs.found[kept], pairs.both[kept], pairs.cosines[kept])


def add_candidates(
    candidates: Candidates, votes: Votes, pairs: Sequence[ReadWith], table: ReadTable, strong: float
) -> tuple[ReadCandidates, Votes]:
    """Add to a block's candidates those that its articles are read with, and to its Votes the shards of these.

    A pair whose readers' cosine is `strong` counts in full.
    """
    row_of = {key: row for row, key in enumerate(candidates.keys.tolist())}
    rows = [row_of[of_one.key] for of_one in pairs]
    new = [~np.isin(of_one.found, candidates.found[row]) for row, of_one in zip(rows, pairs, strict=True)]
    count = candidates.found.shape[1]
    added = ((0, 0), (0, max((int(of_one.sum()) for of_one in new), default=0)))
    found = np.pad(candidates.found, added, constant_values=NOBODY)
    cosines = np.pad(candidates.cosines, added, constant_values=np.nan)
    shards, asks = np.pad(candidates.shards, added, constant_values=NOBODY), votes.asks.copy()
    reading = nothing_read(found.shape)
    for row, of_one, is_new in zip(rows, pairs, new, strict=True):
        places = slice(count, count + int(is_new.sum()))
        homes = table.homes[table.rows(of_one.found[is_new])]
        found[row, places], shards[row, places], reading.added[row, places] = of_one.found[is_new], homes, True
        asks[row, homes] = True
        _tell(reading, row, found[row], of_one, strong)
    cosines = np.where(found == NOBODY, np.float32(0), cosines)
    own, theirs = table.readers_of(candidates.keys)[:, None], np.where(found == NOBODY, 0, table.readers_of(found))
    reading = replace(reading, shares=shares_of(np.minimum(own, theirs)))
    widened = replace(candidates, found=found, cosines=cosines, shards=shards)
    return ReadCandidates(widened, reading, table.near), replace(votes, asks=asks)


def _strength(cosines: Floats, strong: float) -> Floats:
    return rounded(np.minimum(cosines / strong, 1)) if strong else np.zeros(cosines.shape)


def _tell(reading: ReadingPart, row: int, found: Ints, pairs: ReadWith, strong: float) -> None:
    order = np.argsort(pairs.found)
    at = order[np.minimum(np.searchsorted(pairs.found[order], found), len(order) - 1)]
    known: Mask = pairs.found[at] == found
    reading.together[row] = np.where(known, _strength(pairs.cosines[at], strong), 0)
    reading.readers[row] = np.where(known, pairs.both[at], 0)
