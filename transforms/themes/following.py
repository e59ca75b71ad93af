"""Themes that go on from those of an earlier run: which they are, and which of them keep their names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.numerics.arrays import Ints, Vectors, unit_rows
from transforms.numerics.kmeans import assign, group_sums, refine_centroids
from transforms.previous import PreviousRun, PreviousTheme
from transforms.results import ThemeBefore

NOWHERE = 0
"""Stands for the theme of a post that is new."""


def follow_themes(earlier: Ints, vectors: Vectors) -> tuple[Vectors, tuple[int, ...]]:
    """Move earlier themes to where their posts are now: unit centroids [k, dim] and their numbers, in order.

    `earlier` [n] has the number of the theme that each row of [n, dim] was in. k-means starts from the mean of each
    theme's rows; a theme that has none, or that keeps none, goes.
    """
    known = (earlier != NOWHERE) & vectors.any(axis=1)
    numbers, groups = np.unique(earlier[known], return_inverse=True)
    start = unit_rows(group_sums(vectors[known], groups, len(numbers)))
    numbers, start = numbers[start.any(axis=1)], start[start.any(axis=1)]
    if not len(numbers):
        return start, ()
    centroids = refine_centroids(vectors, start)
    kept = np.unique(assign(vectors[vectors.any(axis=1)], centroids)[0])
    return centroids[kept], tuple(numbers[kept].tolist())


def earlier_themes(ids: Sequence[str], previous: PreviousRun) -> Ints:
    """Return the number of the theme that each article was in, `NOWHERE` where it is new: int64 [n]."""
    return np.array([previous.members.get(id_, NOWHERE) for id_ in ids], np.int64)


def themes_before(
    numbers: Sequence[int], clusters: Ints, earlier: Ints, previous: PreviousRun
) -> dict[int, ThemeBefore]:
    """Say of each theme that goes on what it was, and how many of its articles were in it, by its number.

    `clusters` [n] are rows of `numbers`, and `earlier` [n] the numbers of themes.
    """
    was = {theme.number: theme.name for theme in previous.themes}
    now = np.array(numbers, np.int64)[clusters]
    return {
        number: ThemeBefore(number, int(((now == number) & (earlier == number)).sum()), was[number])
        for number in numbers
        if number in was
    }


def steady_themes(
    numbers: Sequence[int], clusters: Ints, earlier: Ints, previous: PreviousRun
) -> list[PreviousTheme | None]:
    """Return what each cluster was, where at least half of the articles stay that it had and that are still there."""
    by_number = {theme.number: theme for theme in previous.themes}
    found: list[PreviousTheme | None] = []
    for cluster, number in enumerate(numbers):
        stays = clusters[earlier == number] == cluster
        found.append(by_number.get(number) if len(stays) and 2 * stays.sum() >= len(stays) else None)
    return found
