"""Posts ranked by what they score: where the one stands that a reader read next, and which are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.rounding import best_columns
from transforms.readings.reads import NO_TARGET, Queries

FIRST = 10
"""So many posts are shown."""
ROUNDED = 6
"""Scores are compared by so many decimals."""
AT_ONCE = 256
"""So many queries are answered at a time, fewer where there are many posts."""
CELLS = 1 << 21

Scorer = Callable[[Queries], Floats]
"""Scores all posts for each query: [queries, n]."""


def chunks(queries: Queries) -> Iterator[Queries]:
    """Some queries at a time."""
    rows = max(1, min(AT_ONCE, CELLS // max(1, queries.weights.shape[1])))
    return (queries.part(slice(start, start + rows)) for start in range(0, len(queries), rows))


def open_posts(queries: Queries, born: Ints) -> Mask:
    """Tell which posts [queries, n] could be read next: those that were there, and were not read before."""
    found: Mask = (born[None, :] <= queries.seconds[:, None]) & (queries.weights.toarray() == 0)
    asked = np.flatnonzero(queries.targets != NO_TARGET)
    found[asked, queries.targets[asked]] = True
    return found


def target_ranks(scores: Floats, queries: Queries, born: Ints) -> Floats:
    """Return the rank of each query's target among all posts that could be read next, from 1: float64 [queries].

    Of posts with the same score each has the rank in the middle.
    """
    scores = np.where(open_posts(queries, born), np.round(scores, ROUNDED), -np.inf)
    own = scores[np.arange(len(queries)), queries.targets][:, None]
    ranks: Floats = 1 + (scores > own).sum(axis=1) + ((scores == own).sum(axis=1) - 1) / 2
    return ranks


def first_posts(scores: Floats, queries: Queries, born: Ints) -> Ints:
    """Return the posts that are ranked first for each query: int64 [queries, FIRST], those first that are best.

    Of posts with the same score the one of the lower number is first. Where there are fewer, others stand at the end.
    """
    scores = np.where(open_posts(queries, born), np.round(scores, ROUNDED), -np.inf)
    return best_columns(scores, min(FIRST, scores.shape[1]))


def first_of_all(scorer: Scorer, queries: Queries, born: Ints, said: Scorer | None = None) -> tuple[Ints, Floats]:
    """Return the first posts of all queries, and their scores, or those that `said` gives them, [queries, FIRST]."""
    posts, scores = [], []
    for part in chunks(queries):
        found = scorer(part)
        posts.append(first_posts(found, part, born))
        scores.append(np.take_along_axis(said(part) if said else found, posts[-1], axis=1))
    return np.concatenate(posts), np.concatenate(scores)


def rank_all(scorer: Scorer, queries: Queries, born: Ints) -> Floats:
    """Return the ranks of all queries' targets."""
    found = [target_ranks(scorer(part), part, born) for part in chunks(queries)]
    return np.concatenate([np.zeros(0), *found])


def recall(ranks: Floats) -> Floats:
    """Return 1 for each target among the first, else 0."""
    return (ranks <= FIRST).astype(np.float64)


def gains(ranks: Floats) -> Floats:
    """Return each target's discounted gain among the first, which is the nDCG of one target."""
    return np.where(ranks <= FIRST, 1 / np.log2(1 + ranks), 0)
