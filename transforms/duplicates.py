"""Texts that stand twice, exactly or nearly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.corpus import Corpus
from transforms.records import Duplicate
from transforms.scores import rounded
from transforms.search import NOBODY, Rows, inner_products

NEAR_DUPLICATE = 0.98
LOOKED_AT = 20
"""How many of an article's nearest are looked at for near-duplicates."""


def number_texts(digests: Sequence[str]) -> Rows:
    """Number texts by the row of the first that has the same digest: int64 [n]."""
    first: dict[str, int] = {}
    return np.array([first.setdefault(digest, row) for row, digest in enumerate(digests)], np.int64)


def find_duplicates(corpus: Corpus, numbers: Rows, queries: Rows, found: Rows) -> list[Duplicate]:
    """List each query's copies (paired with the first of them) and its near-duplicates among its nearest.

    `numbers` [n] are the corpus's texts as `number_texts` gives them, `found` int64 [q, count] each query's nearest.
    """
    ids = corpus.ids
    duplicates = [
        Duplicate(ids[numbers[query]], ids[query], 1.0, exact=True) for query in queries if numbers[query] != query
    ]
    near = found[:, :LOOKED_AT]
    cosines = rounded(inner_products(corpus.vectors[near], corpus.vectors[queries]))
    alike = (near != NOBODY) & (cosines > NEAR_DUPLICATE) & (numbers[near] != numbers[queries][:, None])
    for place, at in zip(*np.nonzero(alike), strict=True):
        left, right = sorted((int(queries[place]), int(near[place, at])))
        duplicates.append(Duplicate(ids[left], ids[right], min(float(cosines[place, at]), 1.0), exact=False))
    return duplicates
