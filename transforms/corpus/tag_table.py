"""Every tag of a corpus: how many articles carry it, and the sum of their vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from transforms.corpus.tag_spelling import article_tags
from transforms.numerics.arrays import Ints, Vectors, unit_rows
from transforms.numerics.threads import one_thread
from transforms.records import Article, Block

ALL = ""
"""The key, which no tag has, of the sums over all tagged articles."""

FIXED_POINT = 1 << 30
"""Sums of vectors are kept as integers of this scale: exact in any order, for up to 2**33 articles a tag."""

TagSums = Mapping[str, tuple[int, Ints]]
"""Counts and sums of vectors by tag, as `sum_by_tag` has them."""


@dataclass(frozen=True, eq=False)
class TagTable:
    """Every tag of the corpus that has a name to show, in the order of its folded key.

    `keys` and `names` (as shown) [tags]; `counts` int64 [tags] of articles that carry the tag, and `sums` int64
    [tags, dim], their vectors' sum in fixed point; `name_vectors` float32 [tags, dim], the encoded names. Of all
    tagged articles: their number `posts`, and in fixed point their `total` int64 [dim] and Gram matrix `gram` int64
    [dim, dim].
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    counts: Ints
    sums: Ints
    name_vectors: Vectors
    posts: int
    total: Ints
    gram: Ints

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Each key's row."""
        return {key: row for row, key in enumerate(self.keys)}


def fixed_point(vectors: npt.NDArray[np.floating]) -> Ints:
    """Turn vectors into the integers that sums are made of."""
    return np.rint(vectors.astype(np.float64) * FIXED_POINT).astype(np.int64)


def sum_by_tag(articles: Sequence[Article], vectors: Vectors) -> TagSums:
    """Count and sum the vectors [n, dim] of the articles that carry a tag, for every tag's key.

    Under `ALL` stand the number of all tagged articles and, in [1 + dim, dim], their vectors' sum above their Gram
    matrix.
    """
    rows: dict[str, list[int]] = {}
    for row, article in enumerate(articles):
        for key in article_tags(article):
            rows.setdefault(key, []).append(row)
    fixed = fixed_point(vectors)
    sums = {key: (len(members), fixed[members].sum(axis=0)) for key, members in rows.items()}
    tagged = [row for row, article in enumerate(articles) if article.tags]
    return {**sums, ALL: (len(tagged), moments(vectors[tagged]))}


def moments(vectors: Vectors) -> Ints:
    """Return the sum of vectors [n, dim] above their Gram matrix, in fixed point: int64 [1 + dim, dim]."""
    precise = vectors.astype(np.float64)
    with one_thread():
        return np.vstack([fixed_point(vectors).sum(axis=0), fixed_point(precise.T @ precise)])


def add_tag_sums(parts: Iterable[TagSums]) -> TagSums:
    """Add up the sums by tag of several sets of articles, in any order."""
    by_key: dict[str, list[tuple[int, Ints]]] = {}
    for key, counted in (item for part in parts for item in part.items()):
        by_key.setdefault(key, []).append(counted)
    return {key: add_sums(counted) for key, counted in by_key.items()}


def add_sums(parts: Iterable[tuple[int, Ints]]) -> tuple[int, Ints]:
    """Add up counts and sums, in any order."""
    counts, sums = zip(*parts, strict=True)
    return sum(counts), np.sum(sums, axis=0)


def tag_table(sums: TagSums, names: Mapping[str, str], named: Iterable[Block], dim: int) -> TagTable:
    """Lay out the sums by tag, the names to show, and the encoded names (blocks whose articles' ids are keys)."""
    keys = tuple(sorted(sums.keys() & names.keys()))
    vector_of = {
        article.id: vector for block in named for article, vector in zip(block.articles, block.vectors, strict=True)
    }
    zero = np.zeros(dim, np.float32)
    posts, all_sums = sums.get(ALL, (0, np.zeros((1 + dim, dim), np.int64)))
    return TagTable(
        keys,
        tuple(names[key] for key in keys),
        np.array([sums[key][0] for key in keys], np.int64),
        np.array([sums[key][1] for key in keys], np.int64).reshape(len(keys), dim),
        np.array([vector_of.get(key, zero) for key in keys], np.float32).reshape(len(keys), dim),
        posts,
        all_sums[0],
        all_sums[1:],
    )


def mean_vectors(sums: Ints) -> Vectors:
    """Turn sums [tags, dim] into mean directions, float32 unit rows; the cosine asks for no division by counts."""
    return unit_rows(sums.astype(np.float64))
