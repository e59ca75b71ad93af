"""What one reader could read next, and which posts are like some and unlike others."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats, Mask, Vectors, unit_rows
from transforms.numerics.rounding import best_columns, rounded
from transforms.readings.next_model import NextModel
from transforms.readings.ranking import ROUNDED, open_posts
from transforms.readings.reads import HALF_LIFE, NO_TARGET, Queries

_NEVER = 1 << 62


def suggest(model: NextModel, read: Sequence[int], closed: Mask, second: int, count: int) -> list[tuple[int, float]]:
    """Return the posts that are read next, likely, and their scores: at most `count`, the best first.

    `read` are the posts that were read, oldest first, and `closed` [n] says which others are left out; `second` is the
    time. The last place is for a post without readers, see `NextModel.with_slot`. Scores are those of the method.
    """
    posts = dataclasses.replace(model.posts, born=np.where(closed, _NEVER, model.posts.born))
    model = dataclasses.replace(model, posts=posts)
    recent = 0.5 ** (np.arange(len(read))[::-1] / HALF_LIFE)
    weights = sparse.csr_matrix((recent, (np.zeros(len(read), np.int64), read)), shape=(1, len(closed)))
    query = Queries(weights, np.array([NO_TARGET]), np.array([second]))
    scores = model.scores(query)
    places = np.round(model.with_slot(query, scores, min(count, len(closed))), ROUNDED)
    places = np.where(open_posts(query, posts.born), places, -np.inf)
    best = best_columns(places, min(count, len(closed)))[0]
    return [(post, float(scores[0, post])) for post in best.tolist() if np.isfinite(places[0, post])]


def direction(vectors: Vectors, like: Sequence[int], unlike: Sequence[int]) -> Floats:
    """Return the unit vector [dim] of some rows of [n, dim] less others; 0 where nothing is left.

    Mikolov, Yih and Zweig (Linguistic Regularities in Continuous Space Word Representations, NAACL 2013) find so what
    stands to one word as another to a third.
    """
    whole = unit_rows(vectors[list(like)]).sum(axis=0, dtype=np.float64)
    whole -= unit_rows(vectors[list(unlike)]).sum(axis=0, dtype=np.float64)
    length = np.linalg.norm(whole)
    return whole / length if length > 1e-6 else np.zeros_like(whole)


def nearest(vectors: Vectors, towards: Floats, kept: Mask, count: int) -> list[tuple[int, float]]:
    """Return the rows of [n, dim] whose cosine with a unit vector is highest, and the cosines, of those `kept` [n]."""
    cosines = np.where(kept, rounded(unit_rows(vectors).astype(np.float64) @ towards), -np.inf)
    best = best_columns(cosines[None, :], min(count, len(cosines)))[0]
    return [(row, float(cosines[row])) for row in best.tolist() if np.isfinite(cosines[row])]
