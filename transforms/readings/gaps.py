"""Where reads and texts part: pairs read together that texts do not explain, alike ones that are not, unread posts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats, Ints, unit_rows
from transforms.numerics.rounding import DECIMALS as PRECISE
from transforms.numerics.rounding import best_columns, rounded
from transforms.readings.models import mean_of_read
from transforms.readings.reader_themes import lifts
from transforms.readings.reads import LEAST_READS, Reads, recent_weights
from transforms.readings.together import DECIMALS, LEAST_READERS, rounded_down, shrunk_cosine
from transforms.results import Overlooked, ReadingGaps, UnexplainedPair, UnreadPair

LISTED = 100
LIKELY = 2.0
"""Posts are read together where that is so many times as frequent as by chance."""
UNLIKE, ALIKE = 0.75, 0.9
"""Texts are unlike that are no nearer than those of so large a share of all pairs, and alike if they are nearer."""
COMPARED = 1_000
"""All pairs of so many posts tell how near texts usually are."""
NEAREST = 4
"""So many posts are alike in text to each."""
EXPECTED = 5.0
"""Pairs are unread together of which so many common readers would be expected."""
SHOWN = 4
"""A reader would be shown so many posts."""
NEW_SECONDS = 60 * 24 * 3600
"""A post that was there for less time has few readers because it is new."""
ASKED = 5_000
"""Of more readers so many are asked what they would like, evenly from all."""
AT_ONCE = 512


def find_gaps(
    reads: Reads, ids: Sequence[str], texts: Floats, born: Ints, least_readers: int = LEAST_READERS
) -> ReadingGaps:
    """Find where reads and texts part, by unit vectors of texts [n, dim] and when posts were `born`, seconds [n].

    `ids` [n] are those of the posts, in their order. Pairs of fewer than `least_readers` are not told from pairs of
    none.
    """
    texts = unit_rows(texts).astype(np.float64)
    matrix = reads.matrix(reads.readers)
    pairs = sparse.csr_matrix(matrix.T @ matrix)
    return ReadingGaps(
        tuple(unexplained_pairs(reads, pairs, ids, texts, least_readers)),
        tuple(unread_pairs(pairs, ids, texts, least_readers)),
        tuple(overlooked_posts(reads, ids, texts, born, least_readers)),
    )


def unexplained_pairs(
    reads: Reads, pairs: sparse.csr_matrix, ids: Sequence[str], texts: Floats, least_readers: int
) -> list[UnexplainedPair]:
    """List pairs that are read together far more often than by chance, though their texts are not alike."""
    readers = pairs.diagonal()
    above = sparse.triu(pairs, 1).tocoo()
    told = above.data >= least_readers
    left, right, both = above.row[told], above.col[told], above.data[told]
    expected = readers[left] * readers[right] / max(1, len(reads.lengths))
    cosines = _cosines(texts, left, right)
    unlike = cosines <= _nearness(texts[readers >= least_readers], UNLIKE)
    scored = []
    for at in np.flatnonzero(unlike & (lifts(both, expected) >= LIKELY)).tolist():
        score = shrunk_cosine(both[at], readers[left[at]], readers[right[at]])
        scored.append((-round(float(score), PRECISE), int(left[at]), int(right[at]), at))
    found = []
    for score, one, other, at in sorted(scored)[:LISTED]:
        first, then = in_order(reads, one, other)
        cosine = round(float(cosines[at]), DECIMALS)
        found.append(
            UnexplainedPair(ids[first], ids[then], round(-score, DECIMALS), rounded_down(int(both[at])), cosine)
        )
    return found


def in_order(reads: Reads, one: int, other: int) -> tuple[int, int]:
    """Put two posts in the order in which most of those who read both read them, ties by number."""
    places = [np.flatnonzero(reads.posts == post) for post in (one, other)]
    _, *rows = np.intersect1d(reads.readers[places[0]], reads.readers[places[1]], True, return_indices=True)
    begins = places[0][rows[0]] < places[1][rows[1]]
    return (one, other) if 2 * begins.sum() >= len(begins) else (other, one)


def unread_pairs(pairs: sparse.csr_matrix, ids: Sequence[str], texts: Floats, least_readers: int) -> list[UnreadPair]:
    """List pairs alike in text that fewer than `least_readers` have read both of, while so many would be expected.

    How many is told by what other pairs have that are as alike: readers of both for each reader of the rarer one.
    """
    readers = pairs.diagonal()
    left, right = near_pairs(texts, np.flatnonzero(readers >= least_readers))
    if not len(left):
        return []
    both = np.asarray(pairs[left, right]).ravel()
    rarer = np.minimum(readers[left], readers[right])
    expected = rarer * (both.sum() / max(1.0, rarer.sum()))
    cosines = _cosines(texts, left, right)
    alike = cosines > _nearness(texts[readers >= least_readers], ALIKE)
    kept = np.flatnonzero(alike & (both < least_readers) & (expected >= max(EXPECTED, 2 * least_readers)))
    best = sorted(kept.tolist(), key=lambda at: (-cosines[at], left[at], right[at]))[:LISTED]
    return [UnreadPair(ids[left[at]], ids[right[at]], round(float(cosines[at]), DECIMALS)) for at in best]


def near_pairs(texts: Floats, posts: Ints) -> tuple[Ints, Ints]:
    """Pair each of some posts with the `NEAREST` of them by text: lower and higher numbers, each pair once."""
    own, found = texts[posts], set[tuple[int, int]]()
    for start in range(0, len(posts), AT_ONCE):
        cosines = rounded(own[start : start + AT_ONCE] @ own.T)
        rows = np.arange(len(cosines))
        cosines[rows, rows + start] = -np.inf
        best = best_columns(cosines, min(NEAREST, max(0, len(posts) - 1)))
        for row, columns in zip((rows + start).tolist(), best.tolist(), strict=True):
            found.update((min(row, column), max(row, column)) for column in columns if own[row].any())
    ordered = np.array(sorted(found), np.int64).reshape(-1, 2)
    return posts[ordered[:, 0]], posts[ordered[:, 1]]


def overlooked_posts(
    reads: Reads, ids: Sequence[str], texts: Floats, born: Ints, least_readers: int
) -> list[Overlooked]:
    """List posts of fewer than `least_readers` that are among the `SHOWN` nearest to what many readers have read.

    Readers of `LEAST_READS` posts are asked, and posts passed over that came late in the time of the log.
    """
    readers = np.bincount(reads.posts, minlength=len(ids))
    there = texts.any(axis=1) & (born <= reads.seconds.max(initial=0) - NEW_SECONDS)
    weights = recent_weights(reads, len(reads.lengths))[reads.lengths >= LEAST_READS]
    if weights.shape[0] > ASKED:
        weights = weights[np.linspace(0, weights.shape[0] - 1, ASKED).astype(np.int64)]
    liked, usual = np.zeros(len(ids), np.int64), _nearness(texts, ALIKE)
    for start in range(0, weights.shape[0], AT_ONCE):
        part = weights[start : start + AT_ONCE]
        scores = rounded(mean_of_read(part, texts))
        scores[(part.toarray() > 0) | ~there] = -np.inf
        shown = best_columns(scores, min(SHOWN, len(ids)))
        near = np.take_along_axis(scores, shown, axis=1) > usual
        liked += np.bincount(shown[near], minlength=len(ids))
    told = np.flatnonzero((readers < least_readers) & there & (liked >= least_readers))
    best = sorted(told.tolist(), key=lambda post: (-liked[post], post))[:LISTED]
    return [Overlooked(ids[post], rounded_down(int(liked[post]))) for post in best]


def _cosines(texts: Floats, left: Ints, right: Ints) -> Floats:
    return rounded(np.einsum("nd,nd->n", texts[left], texts[right]))


def _nearness(texts: Floats, share: float) -> float:
    """The cosine that such a share of all pairs do not pass."""
    if len(texts) < 2:
        return 0.0
    rows = np.unique(np.linspace(0, len(texts) - 1, COMPARED).astype(np.int64))
    own = texts[rows]
    return float(np.quantile(rounded((own @ own.T)[np.triu_indices(len(own), 1)]), share))
