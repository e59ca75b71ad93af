"""Tags: their mean vectors, and the tags recommended for an article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.corpus.tag_spelling import article_tags
from transforms.corpus.tag_table import (
    TagTable,
    fixed_point,
    mean_vectors,
)
from transforms.numerics.arrays import Floats, Vectors
from transforms.numerics.rounding import best_columns, rounded
from transforms.records import Article
from transforms.results import Recommended, TagScore, TagVectors


def score_tags(articles: Sequence[Article], vectors: Vectors, table: TagTable, method: TagVectors) -> Floats:
    """Score every tag for every article: rounded cosines [n, tags], -inf where a tag has nothing to say.

    With `means` an article does not take part in the means that judge it (leave-one-out), so a tag that it alone
    carries has nothing to say about it. With `names` the tags' encoded names are compared.
    """
    if method == "names":
        return rounded(vectors.astype(np.float64) @ table.name_vectors.astype(np.float64).T)
    scores = vectors.astype(np.float64) @ mean_vectors(table.sums).astype(np.float64).T
    row_of = table.rows
    pairs = [
        (row, row_of[key]) for row, article in enumerate(articles) for key in article_tags(article) if key in row_of
    ]
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
