"""Tags: their mean vectors, and the tags recommended for an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import AsIter, PCollection

from transforms.numerics.arrays import Floats, Ints, Vectors, unit_rows
from transforms.numerics.rounding import best_columns, rounded
from transforms.numerics.threads import one_thread
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.metrics import measured
from transforms.records import Article, Block
from transforms.results import Recommended, TagScore, TagVectors
from transforms.spelling import article_tags

ALL = ""
"""The key, which no tag has, of the sums over all tagged articles."""
FIXED_POINT = 1 << 30
"""Sums of vectors are kept as integers of this scale: exact in any order, for up to 2**33 articles a tag."""

TagSums = Mapping[str, tuple[int, Ints]]
"""Counts and sums of vectors by tag, as `sum_by_tag` has them."""


@dataclass(frozen=True, eq=False)
class TagTable:
    """Every tag of the corpus, in the order of its folded key.

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
    keys = tuple(sorted(sums.keys() - {ALL}))
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


def score_tags(articles: Sequence[Article], vectors: Vectors, table: TagTable, method: TagVectors) -> Floats:
    """Score every tag for every article: rounded cosines [n, tags], -inf where a tag has nothing to say.

    With `means` an article does not take part in the means that judge it (leave-one-out), so a tag that it alone
    carries has nothing to say about it. With `names` the tags' encoded names are compared.
    """
    if method == "names":
        return rounded(vectors.astype(np.float64) @ table.name_vectors.astype(np.float64).T)
    scores = vectors.astype(np.float64) @ mean_vectors(table.sums).astype(np.float64).T
    row_of = table.rows
    pairs = [(row, row_of[key]) for row, article in enumerate(articles) for key in article_tags(article)]
    if pairs:
        rows, tags = np.array(pairs).T
        others = mean_vectors(table.sums[tags] - fixed_point(vectors[rows]))
        scores[rows, tags] = np.einsum("pd,pd->p", vectors[rows], others, dtype=np.float64)
        scores[rows, tags] = np.where(table.counts[tags] > 1, scores[rows, tags], -np.inf)
    return rounded(scores)


def recommend_tags(
    articles: Sequence[Article], vectors: Vectors, table: TagTable, count: int, method: TagVectors = "means"
) -> list[Recommended]:
    """Recommend for each article the `count` tags of the highest positive score, best first, ties by key."""
    if not table.keys:
        return [Recommended(article.id, ()) for article in articles]
    return pick_tags(articles, score_tags(articles, vectors, table, method), table, count)


def pick_tags(
    articles: Sequence[Article], scores: Floats, table: TagTable, count: int, least: float = 0.0
) -> list[Recommended]:
    """Pick for each article the `count` tags of the highest scores [n, tags] above 0 and not below `least`."""
    recommended = []
    for article, row, best in zip(articles, scores, best_columns(scores, count), strict=True):
        present = set(article_tags(article))
        tags = [
            TagScore(table.names[tag], float(row[tag]), table.keys[tag] in present)
            for tag in best
            if row[tag] > 0 and row[tag] >= least
        ]
        recommended.append(Recommended(article.id, tuple(tags)))
    return recommended


class TagMeans(beam.PTransform):
    """Blocks -> one TagTable; `names` maps keys to the names shown, `named` are Blocks of encoded names."""

    def __init__(self, names: PCollection[dict[str, str]], named: AsIter) -> None:
        super().__init__()
        self.names = names
        self.named = named

    def expand(self, blocks: PCollection[Block]) -> PCollection[TagTable]:
        """Sum a block at a time, add up by bundle and by tag, lay out."""
        sums = (
            blocks
            | "SumByTag" >> beam.Map(_block_sums)
            | "AddUpBundle" >> beam.ParDo(JoinFn(add_tag_sums))
            | "EachTag" >> beam.FlatMap(dict.items)
            | "GroupByTag" >> beam.GroupByKey()
            | "AddUp" >> beam.MapTuple(_add_up)
        )
        return self.names | "LayOut" >> beam.Map(_lay_out, AsIter(sums), self.named)


def _block_sums(block: Block) -> TagSums:
    with measured("tag means", len(block)):
        return sum_by_tag(block.articles, block.vectors)


def _add_up(key: str, parts: Iterable[tuple[int, Ints]]) -> tuple[str, tuple[int, Ints]]:
    return key, add_sums(parts)


def _lay_out(
    names: Mapping[str, str], sums: Iterable[tuple[str, tuple[int, Ints]]], named: Iterable[Block]
) -> TagTable:
    by_key = dict(sums)
    dim = by_key[ALL][1].shape[1] if by_key else 0
    return tag_table(by_key, names, named, dim)
