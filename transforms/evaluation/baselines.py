"""What the answers must beat: chance, words alone, and shared tags with recency."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from transforms.corpus.tokens import tokenize
from transforms.encoders.lsa import MAX_TERMS, smooth_idf, tfidf
from transforms.encoders.vocabulary import Vocabulary, choose_terms
from transforms.evaluation.corpus import Corpus
from transforms.numerics.arrays import NOBODY, Floats, Ints
from transforms.numerics.rounding import best_columns, rounded
from transforms.numerics.seed import SEED
from transforms.related.ranker import newness

AT_ONCE = 256
RECENCY = 0.1
"""What being new adds to the rarities of the shared tags, which are about 1 to 6 each."""


def random_related(articles: int, k: int = 4) -> Ints:
    """Draw k other articles for each (all, where there are fewer), the same on every run: int64 [articles, k]."""
    rng = np.random.default_rng(SEED)
    drawn = np.full((articles, k), NOBODY)
    for row in range(articles):
        others = rng.choice(articles - 1, min(k, articles - 1), replace=False)
        drawn[row, : len(others)] = others + (others >= row)
    return drawn


def tfidf_related(texts: Sequence[str], k: int = 4) -> Ints:
    """Find the k texts of the highest TF-IDF cosine for each, ties by row: int64 [n, k]."""
    tokens = [tokenize(text) for text in texts]
    vocabulary = Vocabulary(choose_terms(tokens, 2, MAX_TERMS))
    counts = vocabulary.count(tokens)
    vectors = tfidf(counts, smooth_idf(counts)).astype(np.float64)
    return _highest(len(texts), k, lambda rows: (vectors[rows] @ vectors.T).toarray())


def overlap_related(corpus: Corpus, k: int = 4) -> Ints:
    """Find the k articles that share the most and rarest tags with each, the newer of equals: int64 [n, k].

    A shared tag weighs ln(1 + n / count), and being new `RECENCY` at most, much as site generators relate content. It
    needs the article's own tags, so it has no answer for a post without any.
    """
    counts = np.asarray(corpus.carriers.sum(axis=0)).ravel()
    weighted = corpus.carriers @ sparse.diags(np.log1p(len(corpus) / np.maximum(counts, 1)))
    bonus = RECENCY * newness(corpus.age)

    def scores(rows: slice) -> Floats:
        shared = (weighted[rows] @ corpus.carriers.T).toarray()
        return np.where(shared > 0, shared + bonus, 0.0)

    return _highest(len(corpus), k, scores)


def _highest(articles: int, k: int, scores_of: Callable[[slice], Floats]) -> Ints:
    """Return the k other rows of the highest positive scores, of rows scored a few at a time."""
    parts = [np.empty((0, min(k, articles)), np.int64)]
    for start in range(0, articles, AT_ONCE):
        scores = rounded(scores_of(slice(start, start + AT_ONCE)))
        scores[np.arange(len(scores)), np.arange(start, start + len(scores))] = 0
        best = best_columns(scores, k)
        parts.append(np.where(np.take_along_axis(scores, best, 1) > 0, best, NOBODY))
    return np.concatenate(parts)
