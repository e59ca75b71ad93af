"""Themes that go on from those of an earlier run: which they are, and which of them keep their names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.numerics.arrays import NOBODY, Ints, Vectors, unit_rows
from transforms.numerics.kmeans import assign_again, group_sums, refine_centroids
from transforms.previous import PreviousRun, PreviousTheme
from transforms.results import ThemeBefore

MARGIN = 0.02
"""A post stays in its theme unless it is nearer to another by so much of the cosine."""
NOWHERE = 0
"""Stands for the theme of a post that is new."""


def follow_themes(earlier: Ints, vectors: Vectors) -> tuple[Vectors, tuple[int, ...]]:
    """Move earlier themes to where their posts are now: unit centroids [k, dim] and their numbers, in order.

    `earlier` [n] has the number of the theme that each row of [n, dim] was in. k-means starts from the mean of each
    theme's rows, which stay unless another theme is nearer by `MARGIN`. A theme that has none, or keeps none, goes.
    """
    has_vector = vectors.any(axis=1)
    known = has_vector & (earlier != NOWHERE)
    numbers, groups = np.unique(earlier[known], return_inverse=True)
    sums = group_sums(vectors[known], groups, len(numbers))
    numbers, start = numbers[sums.any(axis=1)], unit_rows(sums[sums.any(axis=1)])
    if not len(numbers):
        return start, ()
    own = rows_of(earlier, numbers.tolist())
    centroids = refine_centroids(vectors, start, own, MARGIN)
    kept = np.unique(assign_again(vectors[has_vector], centroids, own[has_vector], MARGIN)[0])
    return centroids[kept], tuple(numbers[kept].tolist())


def rows_of(earlier: Ints, numbers: Sequence[int]) -> Ints:
    """Return where the numbers of earlier themes [n] stand among `numbers`; `NOBODY` for those that do not."""
    rows = {number: row for row, number in enumerate(numbers)}
    return np.array([rows.get(number, NOBODY) for number in earlier.tolist()], np.int64)


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
