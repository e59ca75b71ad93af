"""The tags expected of articles, and those recommended for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats
from transforms.numerics.rounding import best_columns
from transforms.results import Recommended, TagMethod
from transforms.tags.cosines import pick_tags, recommend_tags
from transforms.tags.evidence import BlockEvidence
from transforms.tags.model import TagModel

EXPECTED_TAGS = 10
"""How many of the tags expected of an article count."""


def expected_tags(probabilities: Floats) -> sparse.csr_matrix:
    """Keep each row's `EXPECTED_TAGS` highest of probabilities [n, tags]."""
    best = best_columns(probabilities, EXPECTED_TAGS)
    ends = np.arange(len(best) + 1) * best.shape[1]
    values = np.take_along_axis(probabilities, best, 1).ravel()
    kept = sparse.csr_matrix((values, best.ravel(), ends), probabilities.shape)
    kept.eliminate_zeros()
    kept.sort_indices()
    return kept


@dataclass(frozen=True, eq=False)
class Expected:
    """A block's BlockEvidence, with the tags expected of each article.

    csr [rows, tags] of probabilities by the broad evidence: `tags`, the highest of each article; `own`, of the tags
    that it carries.
    """

    found: BlockEvidence
    tags: sparse.csr_matrix
    own: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.found)


def expect_tags(found: BlockEvidence, model: TagModel) -> tuple[Expected, Floats]:
    """Find the tags expected of a block's articles; returns their probabilities [rows, tags] by all evidence beside."""
    expectations = model.expectations(found.evidence)
    own = sparse.csr_matrix(found.evidence.carriers.multiply(expectations))
    return Expected(found, expected_tags(expectations), own), model.probabilities(found.evidence)


def recommend(
    found: BlockEvidence,
    probabilities: Floats,
    table: TagTable,
    method: TagMethod,
    count: int,
    least: float = 0.0,
) -> list[Recommended]:
    """Recommend `count` tags for each article, by the method asked for.

    Probabilities below `least` are left out; cosines, which the other methods give, never are.
    """
    if method == "blend":
        return pick_tags(found.articles, probabilities, table, count, least)
    return recommend_tags(found.articles, found.evidence.vectors, table, count, method)
