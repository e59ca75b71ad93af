"""Articles grouped into blocks whose composition depends on the corpus alone, never on bundles or workers."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.numerics.arrays import Ints
from transforms.records import Article, Block, TextBlock
from transforms.results import Collision
from transforms.sampling import bucket_of, key_of, wanted_id

BLOCK_ROWS = 256
BLOCK_CHARS = 1 << 22
"""Bodies of so many characters fill a block: it travels as one element, and posts may be long."""


def make_ids_unique(articles: Iterable[Article]) -> tuple[list[Article], list[Collision]]:
    """Sort articles by id and give those that share one an id of their own.

    The first by path keeps the id; the others get `id//2`, `id//3` and so on, which no path gives, and a Collision
    each.
    """
    unique: list[Article] = []
    collisions: list[Collision] = []
    ordered = sorted(articles, key=lambda article: article.id)
    for id_, group in itertools.groupby(ordered, key=lambda article: article.id):
        sharing = list(group)
        if len(sharing) > 1:  # few do, and it takes long to write articles out
            sharing.sort(key=lambda article: (article.path, repr(article)))
        for number, article in enumerate(sharing, start=1):
            if number == 1:
                unique.append(article)
            else:
                unique.append(dataclasses.replace(article, id=f"{id_}//{number}"))
                collisions.append(Collision(article.path, id_, unique[-1].id))
    return sorted(unique, key=lambda article: article.id), collisions


def group_into_blocks(
    articles: Iterable[Article], parts: Mapping[str, int], files: int
) -> tuple[list[TextBlock], list[Collision]]:
    """Group articles, in any order, into the blocks that a pipeline over a corpus of so many files groups them into.

    Their ids may be unique already. Returns the blocks, and a Collision for every id that was not unique.
    """
    unique, collisions = make_ids_unique(articles)
    buckets: dict[int, list[Article]] = {}
    for article in unique:
        buckets.setdefault(bucket_of(wanted_id(article.id), files), []).append(article)
    return [block for bucket in sorted(buckets) for block in text_blocks(buckets[bucket], parts)], collisions


def text_blocks(articles: Sequence[Article], parts: Mapping[str, int]) -> Iterator[TextBlock]:
    """Cut articles, in their order, into blocks of at most `BLOCK_ROWS`, with their texts and without their bodies.

    The bodies of a block have at most `BLOCK_CHARS` together, or it is of one article.
    """
    for chunk in _chunks(articles):
        bare = tuple(dataclasses.replace(article, body="") for article in chunk)
        texts = tuple(article_text(article, parts) for article in chunk)
        whole = texts if parts == WHOLE_TEXT else tuple(article_text(article, WHOLE_TEXT) for article in chunk)
        yield TextBlock("articles", bare, texts, whole)


def _chunks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    chunk: list[Article] = []
    chars = 0
    for article in articles:
        if chunk and (len(chunk) == BLOCK_ROWS or chars + len(article.body) > BLOCK_CHARS):
            yield chunk
            chunk, chars = [], 0
        chunk.append(article)
        chars += len(article.body)
    if chunk:
        yield chunk


def block_key(block: Block) -> int:
    """Return what a block is known by: the key of its first article."""
    return key_of(block.articles[0].id)


def keys_of(block: Block) -> Ints:
    """Return the keys of a block's articles: int64 [rows]."""
    return np.array([key_of(article.id) for article in block.articles], np.int64)


def text_numbers(block: Block) -> Ints:
    """Number the texts of a block by their digests: int64 [rows], the same for the same text."""
    return np.array([key_of(digest) for digest in block.digests], np.int64)
