"""How well readers fall into themes, beside the plain theme of the posts that each read most."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from transforms.evaluation.measures import mean_metric
from transforms.evaluation.names import READER_AGREEMENT, READER_SILHOUETTE, READER_THEMES, SHUFFLED, THEME_READ_MOST
from transforms.numerics.arrays import NOBODY, Floats, Ints, Vectors
from transforms.numerics.kmeans import assign, fit_largest_first
from transforms.numerics.rounding import DECIMALS
from transforms.readings.models import count_pairs, ppmi_vectors
from transforms.readings.reader_themes import fit_reader_themes, reader_vectors, side_by_side
from transforms.readings.reads import Reads
from transforms.readings.together import READER_THEMES as MOST_THEMES
from transforms.results import Metric
from transforms.sampling import hash64
from transforms.themes.quality import silhouette

LEAST_HALF = 2
"""A reader's reads are halved where each half has so many."""
LEAST_VECTOR = 5
"""Posts of fewer readers have no vector of who read them."""


def judge_reader_themes(reads: Reads, texts: Floats, k: int = MOST_THEMES) -> list[Metric]:
    """Judge readers of three posts or more in k themes at most, by vectors of texts [n, dim]; nothing for no theme.

    The silhouette is by cosine of what readers read. The agreement is the share of readers both halves of whose reads
    are in one theme, and that of readers paired by chance. Neither half knows of the other: each counts as a reader
    when vectors are learned.
    """
    posts = post_vectors(reads, texts)
    model = fit_reader_themes(reads, posts, k)
    if not len(model.centroids):
        return []
    k = len(model.centroids)
    vectors, themes = reader_vectors(reads, posts), model.assign(reads)
    by_post = themes_of_posts(texts, k)
    judged = (reads.lengths > LEAST_HALF) & (themes != NOBODY)
    metrics = []
    for method, found in ((READER_THEMES, themes), (THEME_READ_MOST, theme_read_most(reads, by_post))):
        width = silhouette(vectors[judged], found[judged])
        metrics.append(
            Metric(
                READER_SILHOUETTE,
                method,
                None if width is None else round(width, DECIMALS),
                0 if width is None else int(judged.sum()),
                method == READER_THEMES,
            )
        )
    halves = halve(reads)
    of_halves = fit_reader_themes(halves, post_vectors(halves, texts), k)
    return (
        metrics
        + _agreement(READER_THEMES, of_halves.assign, halves)
        + _agreement(THEME_READ_MOST, lambda both: theme_read_most(both, by_post), halves)
    )


def post_vectors(reads: Reads, texts: Floats) -> Vectors:
    """Put vectors of texts [n, dim] beside those of who read the posts, where enough have."""
    pairs = count_pairs(reads.matrix(reads.readers))
    together = ppmi_vectors(pairs)
    together[np.diag(pairs) < LEAST_VECTOR] = 0
    return side_by_side(texts, together)


def themes_of_posts(texts: Floats, k: int) -> Ints:
    """Group posts by their texts alone: int64 [n]."""
    vectors = texts.astype(np.float32)
    return assign(vectors, fit_largest_first(vectors, k))[0]


def theme_read_most(reads: Reads, themes: Ints) -> Ints:
    """Return for each reader the theme of [n] that most of the reads are of, the lower number of equals."""
    counts = np.zeros((len(reads.lengths), int(themes.max(initial=0)) + 1), np.int64)
    np.add.at(counts, (reads.readers, themes[reads.posts]), 1)
    most: Ints = counts.argmax(axis=1)
    return most


def halve(reads: Reads) -> Reads:
    """Part each reader's reads by hash into two halves, as if they were two readers of numbers 2r and 2r + 1.

    Those of too few reads stay whole, as readers of even numbers without another half.
    """
    keys = [
        hash64(f"half:{second} {post}")
        for second, post in zip(reads.seconds.tolist(), reads.posts.tolist(), strict=True)
    ]
    order = np.lexsort((np.array(keys, np.uint64), reads.readers))
    starts = np.cumsum(reads.lengths) - reads.lengths
    place = np.empty(len(reads), np.int64)
    place[order] = np.arange(len(reads)) - starts[reads.readers[order]]
    parted = reads.lengths[reads.readers] >= 2 * LEAST_HALF
    readers = 2 * reads.readers + np.where(parted, place % 2, 0)
    ordered = np.lexsort((np.arange(len(reads)), readers))
    return Reads(readers[ordered], reads.posts[ordered], reads.seconds[ordered], reads.visits[ordered], reads.count)


def _agreement(method: str, assigned: Callable[[Reads], Ints], halves: Reads) -> list[Metric]:
    """How often both halves of a reader are in one theme, and would be by chance."""
    themes = assigned(halves)
    themes = np.append(themes, np.full(len(themes) % 2, NOBODY)).reshape(-1, 2)
    lengths = np.append(halves.lengths, np.zeros(len(halves.lengths) % 2, np.int64)).reshape(-1, 2)
    one, other = themes[(lengths > 0).all(axis=1) & (themes != NOBODY).all(axis=1)].T
    if not len(one):
        return []
    count = int(max(one.max(), other.max())) + 1
    chance = (np.bincount(one, minlength=count) / len(one)) @ (np.bincount(other, minlength=count) / len(other))
    return [
        mean_metric(READER_AGREEMENT, method, (one == other).astype(float).tolist(), in_use=method == READER_THEMES),
        Metric(READER_AGREEMENT, f"{method}{SHUFFLED}", round(float(chance), DECIMALS), len(one)),
    ]
