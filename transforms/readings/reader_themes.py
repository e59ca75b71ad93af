"""Readers of like interests: grouped by what they read, counted, and described without anything about one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask, Vectors, unit_rows
from transforms.numerics.kmeans import assign, fit_largest_first, largest_first
from transforms.numerics.rounding import rounded
from transforms.readings.reads import LEAST_READS, Reads, recent_weights
from transforms.readings.together import DECIMALS, LEAST_READERS, READER_THEMES, rounded_down
from transforms.results import MonthShare, Neighbor, OverRead, ReaderTheme, ReaderThemes, ScoredTag

LEAST_THEME = 20
"""Fewer readers are no theme, and of a month with fewer nothing is told."""
ROUNDED_TO = 5
FITTED_READERS = 50_000
"""Of more readers those are grouped whose reads have the lowest hashes, and the others assigned to the groups."""
LISTED = 4
VECTOR_DECIMALS = 6
"""Vectors of readers are rounded: the last bits depend on the order of sums."""
HALF = 0.5
"""Draws a ratio of counts towards 1, the more the fewer there are."""


@dataclass(frozen=True, eq=False)
class ReaderModel:
    """Groups of readers: `centroids` float32 unit rows [k, dim], and vectors float32 [n, dim] of the posts."""

    centroids: Vectors
    posts: Vectors

    def assign(self, reads: Reads) -> Ints:
        """Assign each reader to the nearest group: int64 [readers], `NOBODY` where nothing that was read is known."""
        vectors = reader_vectors(reads, self.posts)
        if not len(self.centroids):
            return np.full(len(vectors), NOBODY)
        return np.where(vectors.any(axis=1), assign(vectors, self.centroids)[0], NOBODY)


@dataclass
class ThemeCounts:
    """Readers of each theme, `NOBODY` for those of none; parts are added up in any order.

    `reads` count them by theme and post, `months` by theme and month since January 1970.
    """

    readers: Counter[int] = field(default_factory=Counter)
    reads: Counter[tuple[int, int]] = field(default_factory=Counter)
    months: Counter[tuple[int, int]] = field(default_factory=Counter)

    def merge(self, other: ThemeCounts) -> None:
        """Take in what was counted of another part of the readers."""
        self.readers.update(other.readers)
        self.reads.update(other.reads)
        self.months.update(other.months)


@dataclass(frozen=True)
class ThemeName:
    """What a theme is called, and the tags that tell it from the others."""

    name: str
    tags: tuple[ScoredTag, ...] = ()


def side_by_side(texts: Floats, together: Floats) -> Vectors:
    """Put unit vectors of posts' texts [n, dims] beside those of who read them [n, dims]: float32 [n, both dims].

    A post whose vector is zeros on one side has nothing there, and is spoken for by the other.
    """
    return np.hstack([unit_rows(texts), unit_rows(together)]).astype(np.float32)


def reader_vectors(reads: Reads, posts: Vectors) -> Vectors:
    """Return readers' unit vectors float32 [readers, dim]: the mean of what each read, by vectors [n, dim] of posts.

    Newer reads count more. Readers whose posts have no vectors have zeros.
    """
    weights = recent_weights(reads, len(reads.lengths))
    means = unit_rows(np.asarray(weights @ posts.astype(np.float64), np.float64))
    return np.asarray(np.round(means, VECTOR_DECIMALS), np.float32)


def fit_reader_themes(reads: Reads, posts: Vectors, k: int = READER_THEMES, least: int = LEAST_THEME) -> ReaderModel:
    """Group readers of `LEAST_READS` posts or more into k themes at most, by vectors [n, dim] of the posts.

    None has fewer than `least` such readers: the smallest is dissolved, and its readers go to the nearest other one,
    until that holds.
    """
    vectors = reader_vectors(reads, posts)[reads.lengths >= LEAST_READS]
    vectors = vectors[vectors.any(axis=1)]
    if len(vectors) < least:
        return ReaderModel(posts[:0], posts)
    centroids = fit_largest_first(vectors, min(k, len(vectors) // least))
    while (sizes := np.bincount(assign(vectors, centroids)[0], minlength=len(centroids))).min() < least:
        smallest = len(sizes) - 1 - int(sizes[::-1].argmin())
        centroids = np.delete(centroids, smallest, axis=0)
    return ReaderModel(largest_first(vectors, centroids), posts)


def count_themes(reads: Reads, model: ReaderModel) -> ThemeCounts:
    """Count the readers of each theme, by post and by month (UTC) in which they read something new to them."""
    themes = model.assign(reads)
    own = themes[reads.readers]
    months = reads.seconds.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    of_month = np.unique(np.stack([reads.readers, months], axis=1), axis=0)
    return ThemeCounts(
        Counter(themes.tolist()),
        Counter(zip(own.tolist(), reads.posts.tolist(), strict=True)),
        Counter(zip(themes[of_month[:, 0]].tolist(), of_month[:, 1].tolist(), strict=True)),
    )


def merge_counts(parts: Iterable[ThemeCounts]) -> ThemeCounts:
    """Add up what was counted of all parts of the readers."""
    whole = ThemeCounts()
    for part in parts:
        whole.merge(part)
    return whole


def describe_themes(
    model: ReaderModel,
    counts: ThemeCounts,
    ids: Sequence[str],
    names: Sequence[ThemeName],
    least_readers: int = LEAST_READERS,
) -> ReaderThemes:
    """Describe the themes of a model by what was counted, without what fewer than `least_readers` have in common.

    `ids` [n] are those of the posts, `names` one a theme, in their order. The largest theme comes first.
    """
    least = max(LEAST_THEME, least_readers)
    told = [theme for theme in range(len(model.centroids)) if counts.readers[theme] >= least]
    told.sort(key=lambda theme: (-_rounded(counts.readers[theme]), names[theme].name))
    readers = counts.readers.total()
    by_theme = np.zeros((len(model.centroids) + 1, len(ids)), np.int64)  # those of none in the last row
    for (theme, post), count in counts.reads.items():
        by_theme[theme, post] += count
    cosines = rounded(model.centroids.astype(np.float64) @ unit_rows(model.posts).astype(np.float64).T)
    months = list(_told_months(counts, told, least))

    def describe(number: int, theme: int) -> ReaderTheme:
        size, read = counts.readers[theme], by_theme[theme]
        expected: Floats = by_theme.sum(axis=0) * (size / readers)
        of_month = ((month, counts.months[theme, month], total) for month, total in months)
        return ReaderTheme(
            number=number,
            name=names[theme].name,
            size=_rounded(size),
            share=_share(size, readers),
            tags=names[theme].tags,
            articles=_nearest(cosines[theme], read >= least_readers, ids),
            over_read=_over_read(read, expected, ids, least_readers),
            months=tuple(
                MonthShare(str(np.datetime64(month, "M")), _share(count if count >= least_readers else 0, total))
                for month, count, total in of_month
            ),
        )

    themes = tuple(describe(number, theme) for number, theme in enumerate(told, start=1))
    return ReaderThemes(_rounded(readers), themes, _rounded(readers - sum(counts.readers[theme] for theme in told)))


def lifts(read: Ints, expected: Floats) -> Floats:
    """Return how many times more often than expected each post was read: [n], of counts and expected counts [n].

    Few reads say little, so both have a half more (Norén, Hopstadius and Bate, Shrinkage observed-to-expected ratios
    for robust and transparent large-scale pattern discovery, Statistical Methods in Medical Research 22, 2013).
    """
    found: Floats = (read + HALF) / (expected + HALF)
    return found


def _told_months(counts: ThemeCounts, themes: Sequence[int], least: int) -> Iterator[tuple[int, int]]:
    """The months in which enough readers of themes read, and how many."""
    totals: Counter[int] = Counter()
    for (theme, month), count in counts.months.items():
        if theme in themes:
            totals[month] += count
    return ((month, total) for month, total in sorted(totals.items()) if total >= least)


def _nearest(cosines: Floats, told: Mask, ids: Sequence[str]) -> tuple[Neighbor, ...]:
    best = sorted(np.flatnonzero(told).tolist(), key=lambda post: (-cosines[post], ids[post]))[:LISTED]
    return tuple(Neighbor(ids[post], round(float(cosines[post]), DECIMALS)) for post in best)


def _over_read(read: Ints, expected: Floats, ids: Sequence[str], least: int) -> tuple[OverRead, ...]:
    """The posts that are read most beyond what is expected, of at least so many readers."""
    found = rounded(lifts(read, expected))
    told = [post for post in np.flatnonzero(read >= least).tolist() if found[post] > 1]
    best = sorted(told, key=lambda post: (-found[post], ids[post]))[:LISTED]
    return tuple(OverRead(ids[post], round(float(found[post]), 1), rounded_down(int(read[post]))) for post in best)


def _rounded(readers: int) -> int:
    return readers - readers % ROUNDED_TO


def _share(part: int, whole: int) -> float:
    """A share of rounded numbers, which tells no more than these."""
    return round(_rounded(part) / _rounded(whole), DECIMALS) if _rounded(whole) else 0.0
